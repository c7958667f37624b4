"""The presets of the bulk edit: listed in a menu and in the palette, saved and deleted with undo."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop_app.domain.folding import folded
from desktop_app.domain.language import tr
from desktop_app.services.bulk_edit import BulkEditService, Preset
from desktop_app.services.job import Job
from desktop_app.views.commands import Offer
from desktop_app.views.dialogs.bulk_dialogs import PresetDialog
from desktop_app.views.models.bulk_state import BulkState
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Outcome, Topic


class BulkPresets(QObject):
    """Keeps the team's presets at hand.

    Signals:
        chosen: the Preset to load.
        refused: the AppError of a preset that could not be kept.
    """

    chosen = Signal(object)
    refused = Signal(object)

    def __init__(self, place: Workplace, button: QPushButton, screen: QWidget) -> None:
        super().__init__(screen)
        self._place, self._screen = place, screen
        self._service, self._actor = place.parts.bulk_edit, place.parts.actor
        self.presets: list[Preset] = []
        self.dialog: PresetDialog | None = None
        self.menu = QMenu(button)
        button.setMenu(self.menu)
        place.commands.offer(self._offers)
        self._fill()
        place.tasks.changed.connect(lambda topics: self.reload() if Topic.SETTINGS in topics else None)
        self.reload()

    def reload(self) -> None:
        """Read the presets again."""
        self._place.tasks.query(lambda _job: self._service.presets(), owner=self, on_success=self._show)

    def named(self, name: str) -> Preset | None:
        """Return the preset of a name, None when there is none."""
        return next((preset for preset in self.presets if preset.name == name), None)

    def ask_name(self, state: BulkState, suggestion: str) -> None:
        """Ask what the edit is to be called, and keep it."""
        taken = [preset.name for preset in self.presets]
        self.dialog = PresetDialog(self._place, suggestion, taken, self._screen)
        self.dialog.named.connect(lambda name: self.save(Preset(name, state.content)))
        self.dialog.open()

    def save(self, preset: Preset) -> None:
        """Keep a preset for the team."""
        work = partial(_save, self._service, preset, self._actor)
        self._place.tasks.command(work, owner=self, on_error=self.refused.emit)

    def delete(self, name: str) -> None:
        """Forget a preset; that can be undone."""
        self._place.tasks.command(
            partial(_delete, self._service, name, self._actor), owner=self, on_error=self.refused.emit
        )

    def _show(self, presets: list[Preset]) -> None:
        self.presets = presets
        self._fill()

    def _fill(self) -> None:
        self.menu.clear()
        if not self.presets:
            self.menu.addAction(tr("No presets yet")).setEnabled(False)
            return
        for preset in self.presets:
            self.menu.addAction(preset.name).triggered.connect(_quietly(partial(self.chosen.emit, preset)))
        self.menu.addSeparator()
        deleting = self.menu.addMenu(tr("Delete preset"))
        for preset in self.presets:
            deleting.addAction(preset.name).triggered.connect(_quietly(partial(self.delete, preset.name)))

    def _offers(self, typed: str) -> Iterable[Offer]:
        wanted = folded(typed)
        return [
            Offer(
                preset.name, tr("Preset of the bulk edit"), Address("bulk", query={"preset": preset.name}).text, "bookmark",
                words="preset bulk edit",
            )
            for preset in self.presets
            if wanted
        ]  # fmt: skip


def _save(service: BulkEditService, preset: Preset, actor: str, _job: Job) -> Outcome[None]:
    former = service.save_preset(preset, actor=actor)
    text = tr("Preset {name} saved", name=preset.name)
    undo = partial(_save_back, service, preset.name, former, actor)
    return Outcome(None, frozenset({Topic.SETTINGS}), text, undo)


def _delete(service: BulkEditService, name: str, actor: str, _job: Job) -> Outcome[None]:
    former = service.delete_preset(name, actor=actor)
    undo = None if former is None else partial(_save_back, service, name, former, actor)
    return Outcome(None, frozenset({Topic.SETTINGS}), tr("Preset {name} deleted", name=name), undo)


def _save_back(service: BulkEditService, name: str, former: Preset | None, actor: str, _job: Job) -> Outcome[None]:
    if former is None:
        service.delete_preset(name, actor=actor)
        return Outcome(None, frozenset({Topic.SETTINGS}), tr("Preset {name} deleted", name=name))
    service.save_preset(former, actor=actor)
    return Outcome(None, frozenset({Topic.SETTINGS}), tr("Preset {name} restored", name=former.name))


def _quietly(run: Callable[[], object]) -> Callable[[bool], None]:
    def called(_checked: bool) -> None:
        run()

    return called
