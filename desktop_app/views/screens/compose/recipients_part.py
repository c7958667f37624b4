"""The recipients of the screen: lists and typed numbers, read together, each number once; invalid entries are mended in place."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from desktop_app.domain.language import tr, trn
from desktop_app.services.audiences import NOBODY, Audience, InvalidEntry, ReadSource, Source, SourceKind, read_source
from desktop_app.services.job import Job
from desktop_app.services.recipient_blocks import Entries, read_block
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.checker import Checker
from desktop_app.views.screens.compose.frame import ComposeFrame
from desktop_app.views.screens.compose.numbers_field import FOLD
from desktop_app.views.widgets.notices import announce

_READ_MILLISECONDS: Final = 60


class RecipientsPart(QObject):
    """Keeps lists and field together.

    Signals:
        edited: the person changed something.
        read: everybody was read; ``audience`` holds them.

    Attributes:
        lists: those with a chip.
        audience: everybody, of the lists and of the field.
        is_reading: ``audience`` is not of what is on the screen now.
    """

    edited = Signal()
    read = Signal()

    def __init__(self, place: Workplace, view: ComposeFrame, checker: Checker, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._view, self._checker = place, view, checker
        self.lists: tuple[Source, ...] = ()
        self.audience: Audience = NOBODY
        self.is_reading = False
        self._typed: Source | None = None
        self._is_filling = False
        self._timer = QTimer(self, singleShot=True, interval=_READ_MILLISECONDS)
        self._timer.timeout.connect(self.read_all)
        self._connect()

    @property
    def country(self) -> str:
        """ISO code of the country whose national numbers are understood, "" for none."""
        return self._view.country.value

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self._view.recipients.field.toPlainText()

    def fill(self, lists: Sequence[Source], typed: str, country: str) -> None:
        """Show other recipients and read them."""
        self._is_filling = True
        self.lists, self.audience = tuple(lists), NOBODY
        self._view.country.show_value(country)
        self._view.recipients.field.setPlainText(typed)
        self._view.recipients.show_lists(self.lists)
        self._is_filling = False
        self.read_all()

    def add_list(self, source: Source) -> None:
        """Add recipients that came as a list."""
        if source.entries.texts:
            self._set_lists((*self.lists, source))

    def remove_list(self, source: Source) -> None:
        """Take a list out; the toast brings it back."""
        place = next((place for place, one in enumerate(self.lists) if one is source), None)
        if place is None:
            return
        self._set_lists((*self.lists[:place], *self.lists[place + 1 :]))
        self._place.notices.say(
            trn("{count:,} recipient removed", "{count:,} recipients removed", len(source.entries.texts)), tr("Undo"),
            lambda: self._set_lists((*self.lists[:place], source, *self.lists[place:])),
        )  # fmt: skip

    def edit_invalid(self, entry: InvalidEntry, text: str) -> None:
        """Put another text in the place of an invalid entry, "" to take it out; a number leaves the table of them."""
        entries = entry.source.entries
        if text:
            self._replace(entry.source, entries.replaced(entry.place, text), at=entry.place)
        else:
            self._replace(entry.source, entries.without([entry.place]))

    def copy_invalid(self) -> None:
        """Put all invalid entries on the clipboard, with what is wrong."""
        lines = [f"{one.line}\t{one.text}\t{one.reason}" for one in self.audience.invalid]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._place.notices.say(trn("{count:,} invalid entry copied", "{count:,} invalid entries copied", len(lines)))

    def remove_invalid(self) -> None:
        """Take all invalid entries out of their lists, and out of the field."""
        by_source: dict[int, list[InvalidEntry]] = {}
        for one in self.audience.invalid:
            by_source.setdefault(id(one.source), []).append(one)
        for entries in by_source.values():
            source = entries[0].source
            self._replace(source, source.entries.without(one.place for one in entries))

    def read_all(self) -> None:
        """Read everybody anew; what was read before is known."""
        entries = read_block(self.typed, self.country or None) if self.typed.strip() else Entries((), ())
        self._typed = Source(SourceKind.TYPED, "", entries)
        self.is_reading = True
        self._checker.set_sources((*self.lists, self._typed), self.country)

    def fold_typed(self) -> None:
        """Let more numbers than a person reads become a list."""
        if self._typed is None or len(self._typed.entries.texts) <= FOLD:
            return
        entries = self._typed.entries
        self._is_filling = True
        self._view.recipients.field.clear()
        self._is_filling = False
        self.add_list(Source(SourceKind.PASTED, "", entries))

    def _replace(self, source: Source, entries: Entries, *, at: int | None = None) -> None:
        """Let a source have other entries; with ``at`` only that one is another, and only that one is read."""
        if source is self._typed:
            self._view.recipients.field.setPlainText("\n".join(entries.texts))
            return
        changed = Source(source.kind, source.name, entries)
        known = self._checker.known(source, self.country)
        if known is not None and at is not None:
            lone = Source(source.kind, "", Entries((entries.texts[at],), (entries.lines[at],)))
            read = read_source(lone, self.country or None, Job()).recipients
            recipients = (*known.recipients[:at], *read, *known.recipients[at + 1 :])
            self._checker.keep_read(ReadSource(changed, recipients), self.country)
        self._set_lists([changed if one is source else one for one in self.lists])

    def _set_lists(self, lists: Sequence[Source]) -> None:
        self.lists = tuple(one for one in lists if one.entries.texts)
        self._view.recipients.show_lists(self.lists)
        self.edited.emit()
        self.read_all()

    def _show_audience(self, audience: Audience) -> None:
        self.audience, self.is_reading = audience, False
        self._view.results.show_counts(audience, 0)
        self._view.invalid.show_entries(audience.invalid)
        if said := self._view.results.text:
            announce(self._view.results, said)
        self.read.emit()

    def _show_progress(self) -> None:
        job = self._checker.job
        if job is not None:
            self._view.results.show_progress(job.done, job.total, job.label)

    def _cancel_reading(self) -> None:
        if self._checker.job is not None:
            self._checker.job.cancel()

    def _drop_unread(self) -> None:
        """The person stopped the reading: what was not read yet is not kept."""
        self._set_lists([one for one in self.lists if self._checker.known(one, self.country) is not None])

    def _note_typing(self) -> None:
        if not self._is_filling:
            self.edited.emit()
            self._timer.start()

    def _connect(self) -> None:
        view = self._view
        self._place.jobs.changed.connect(self._show_progress)
        self._checker.read.connect(self._show_audience)
        self._checker.reading.connect(lambda on: view.results.show_reading(on=on))
        self._checker.cancelled.connect(self._drop_unread)
        view.recipients.field.textChanged.connect(self._note_typing)
        view.recipients.field.left.connect(self.fold_typed)
        view.recipients.removed.connect(self.remove_list)
        view.results.copy_wanted.connect(self.copy_invalid)
        view.results.remove_wanted.connect(self.remove_invalid)
        view.results.cancel_wanted.connect(self._cancel_reading)
        view.invalid.model.edited.connect(self.edit_invalid)
