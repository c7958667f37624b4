"""The drafts of the screen: several, one of them open; opening, offering and deleting them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from desktop_app.domain.drafts import Draft, DraftSummary
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.audiences import Source
from desktop_app.services.draft_contents import Writing, lists_from_json
from desktop_app.services.job import Job
from desktop_app.views.moments import moment_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.draft_keeper import DraftKeeper, State
from desktop_app.views.screens.compose.frame import ComposeFrame
from desktop_app.workers.runner import Outcome, Topic

SCREEN = "compose"
_LISTED = 20
Fill = Callable[[Writing, Sequence[Source]], object]


class DraftsPart(QObject):
    """Opens drafts and says how the one on the screen is saved.

    Args:
        place: the workplace.
        view: the widgets.
        state: returns what is on the screen.
        fill: shows another draft there.
        parent: the screen.
    """

    def __init__(
        self, place: Workplace, view: ComposeFrame, state: Callable[[], State], fill: Fill, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._place, self._view, self._state, self._fill = place, view, state, fill
        self.keeper = DraftKeeper(place, state, self)
        self._offered: int | None = None
        self.keeper.saved.connect(self._show_saved)
        self.keeper.failed.connect(self._show_unsaved)
        view.banner.retry.clicked.connect(self._continue_offered)
        view.drafts_button.clicked.connect(self._read_list)

    def begin(self, writing: Writing, lists: Sequence[Source] = ()) -> None:
        """Save what is there and begin another draft."""
        self.dismiss_offer()
        self.keeper.save()
        self.keeper.start(None, "", ())
        self._fill(writing, lists)
        self._view.facts.setText(tr("New draft"))

    def open(self, record: str) -> None:
        """Open a draft by its id as an address writes it."""
        if not record.isdigit() or int(record) == self.keeper.draft_id:
            return
        self.keeper.save()
        drafts, draft_id = self._place.parts.drafts, int(record)
        self._place.tasks.query(
            lambda _job: _loaded(drafts.get(draft_id)), owner=self, on_success=self._show, on_error=self._show_gone
        )

    def delete(self, writing: Writing) -> None:
        """Delete the draft on the screen and begin with ``writing``; the toast brings it back."""
        draft_id = self.keeper.draft_id
        self.keeper.start(None, "", ())
        self._fill(writing, ())
        self._view.facts.setText(tr("New draft"))
        self._place.navigator.note(Address(SCREEN))
        if draft_id is not None:
            self._place.tasks.command(partial(_delete, self._place, draft_id), owner=self)

    def offer_last(self) -> None:
        """After a start, say which draft is not sent yet."""
        drafts = self._place.parts.drafts
        self._place.tasks.query(lambda _job: drafts.list_all()[:1], owner=self, on_success=self._show_offer)

    def dismiss_offer(self) -> None:
        """Offer nothing any more: the person writes something else."""
        if self._offered is not None:
            self._offered = None
            self._view.banner.hide()

    def _show_offer(self, drafts: list[DraftSummary]) -> None:
        writing, lists, _count = self._state()
        is_begun = self.keeper.draft_id is not None or self.keeper.is_dirty or bool(lists) or not writing.is_empty
        if not drafts or is_begun:
            return
        one = drafts[0]
        self._offered = one.draft_id
        when = moment_text(one.changed_at, self._place.parts.clock())
        self._view.banner.show_warning(
            tr("A draft is not sent yet: {name}", name=one.name),
            trn("{count:,} recipient, saved {moment}", "{count:,} recipients, saved {moment}", one.recipient_count, moment=when),
            tr("Continue"),
        )  # fmt: skip

    def _continue_offered(self) -> None:
        self._view.banner.hide()
        if self._offered is not None:
            self._place.navigator.go(Address(SCREEN, str(self._offered)))

    def _show(self, found: tuple[Draft, Writing, tuple[Source, ...]]) -> None:
        draft, writing, lists = found
        self.keeper.start(draft.summary.draft_id, draft.idem, lists)
        self._fill(writing, lists)
        self._show_saved(draft.summary.changed_at)
        self._view.banner.hide()
        address, here = Address(SCREEN, str(draft.summary.draft_id)), self._place.navigator.here
        if here == address:
            # Its name is known now: let the frame say it.
            self._place.navigator.go(address)

    def _show_gone(self, error: AppError) -> None:
        self._place.notices.warn(error.user_message)
        self._place.navigator.note(Address(SCREEN))

    def _show_saved(self, moment: datetime) -> None:
        self._view.facts.setText(tr("Draft saved {time}", time=f"{moment.astimezone():%H:%M}"))
        if self.keeper.draft_id is not None and self._view.isVisible():
            self._place.navigator.note(Address(SCREEN, str(self.keeper.draft_id)))

    def _show_unsaved(self, error: AppError) -> None:
        self._view.facts.setText(tr("The draft was not saved. {reason}", reason=error.user_message))

    def _read_list(self) -> None:
        drafts = self._place.parts.drafts
        self._place.tasks.query(lambda _job: drafts.list_all()[:_LISTED], owner=self, on_success=self._show_list)

    def _show_list(self, drafts: list[DraftSummary]) -> None:
        button, commands = self._view.drafts_button, self._place.commands
        menu = QMenu(button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(commands.action("compose.new"))
        menu.addAction(commands.action("compose.delete"))
        menu.addSeparator()
        for one in drafts:
            address = Address(SCREEN, str(one.draft_id))
            menu.addAction(self._line(one).replace("&", "&&"), partial(self._place.navigator.go, address))
        if not drafts:
            menu.addAction(tr("No drafts yet")).setEnabled(False)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _line(self, one: DraftSummary) -> str:
        count = trn("{count:,} recipient", "{count:,} recipients", one.recipient_count)
        when = moment_text(one.changed_at, self._place.parts.clock())
        return " · ".join((one.name, one.client or tr("No client"), count, when))


def _loaded(draft: Draft) -> tuple[Draft, Writing, tuple[Source, ...]]:
    return draft, Writing.from_json(draft.content), lists_from_json(draft.recipients)


def _delete(place: Workplace, draft_id: int, _job: Job) -> Outcome[None]:
    drafts, topics = place.parts.drafts, frozenset({Topic.DRAFTS})
    deleted = drafts.delete(draft_id)

    def restore(_job: Job) -> Outcome[None]:
        drafts.restore(deleted)
        return Outcome(None, topics)

    return Outcome(None, topics, tr("Draft deleted"), restore)
