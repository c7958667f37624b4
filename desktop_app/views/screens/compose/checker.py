"""Reads recipients and prices a message while it is written; what comes too late is thrown away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.domain.errors import AppError
from desktop_app.domain.fields import field_places
from desktop_app.domain.language import tr
from desktop_app.domain.replacements import replace_forcing
from desktop_app.services.audiences import Audience, ReadSource, Source, merge, read_source
from desktop_app.services.compositions import Composition
from desktop_app.services.job import Job
from desktop_app.services.preflight import Recipients
from desktop_app.services.send_orders import SendOrder
from desktop_app.views.jobs import JobEntry
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Outcome

# So many numbers are read while typing; above that it is a job with progress and Cancel.
AT_ONCE: Final = 10_000
CHECK_MILLISECONDS: Final = 120
# Stands for a text that is not written yet: prices and sender rules are known all the same.
NO_TEXT: Final = "."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is priced."""

    client: str
    sender: str
    text: str
    fallbacks: Mapping[str, str]
    audience: Audience
    budget: int | None

    @property
    def has_text(self) -> bool:
        """Whether there is something to send."""
        return bool(self.text.strip())

    def order(self, actor: str) -> SendOrder:
        """Return the order that it comes to, without what only sending needs."""
        text = self.text if self.has_text else NO_TEXT
        fields = self.audience.fields if field_places(text) else None
        return SendOrder(
            self.client, self.sender, text, self.audience.numbers, actor, fields=fields, fallbacks=self.fallbacks,
            budget=self.budget,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out.

    Attributes:
        wanted: about what.
        composition: what it comes to, None when it cannot be sent as it is.
        error: why not.
        opted_out: how many recipients opted out of this client's messages.
    """

    wanted: Wanted
    composition: Composition | None
    error: AppError | None = None
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    audience: Audience
    sources: tuple[ReadSource, ...]


class Checker(QObject):
    """Asks the services.

    Signals:
        read: the Audience of the sources set last.
        checked: a Checked about what was asked last.
        reading: whether recipients are being read, in a job that can be cancelled.
        cancelled: the person stopped the reading.
    """

    read = Signal(object)
    checked = Signal(object)
    reading = Signal(bool)
    cancelled = Signal()

    def __init__(self, place: Workplace, shift_tables: Callable[[], frozenset[str]], parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._shift_tables = place, shift_tables
        self._known: dict[tuple[int, str], ReadSource] = {}
        self._sorted: tuple[Audience, str, Recipients] | None = None
        self._reading = self._asking = 0
        self._job: JobEntry | None = None
        self._wanted: Wanted | None = None
        self._timer = QTimer(self, singleShot=True, interval=CHECK_MILLISECONDS)
        self._timer.timeout.connect(self._ask_now)

    @property
    def job(self) -> JobEntry | None:
        """The job that reads recipients, None while there is none."""
        return self._job

    @property
    def is_settled(self) -> bool:
        """Whether what was checked last is what is wanted now."""
        return not self._timer.isActive() and self._wanted is None

    def keep_read(self, source: ReadSource, country: str) -> None:
        """Know a source that was read already."""
        self._known[id(source.source), country] = source

    def known(self, source: Source, country: str) -> ReadSource | None:
        """Return a source as it was read, None when it was not."""
        found = self._known.get((id(source), country))
        return found if found is not None and found.source is source else None

    def set_sources(self, sources: Sequence[Source], country: str) -> None:
        """Read ``sources``; ``read`` follows, or ``cancelled``."""
        self._reading += 1
        self._end_job()
        work = partial(_read_all, tuple(sources), tuple(self.known(one, country) for one in sources), country)
        unread = sum(len(one.entries.texts) for one in sources if self.known(one, country) is None)
        show = partial(self._show_read, self._reading, country)
        if unread <= AT_ONCE:
            self._place.tasks.query(work, owner=self, on_success=show)
            return
        self._job = self._place.jobs.start(
            tr("Read recipients"), lambda job: Outcome(work(job)), owner=self, icon="users", on_success=show,
            on_error=partial(self._show_stopped, self._reading),
        )  # fmt: skip
        self.reading.emit(True)

    def ask(self, wanted: Wanted) -> None:
        """Check soon what ``wanted`` comes to; ``checked`` follows."""
        self._wanted = wanted
        self._timer.start()

    def drop(self) -> None:
        """Check nothing: there is nothing to check."""
        self._wanted = None
        self._timer.stop()

    def forget_opt_outs(self) -> None:
        """Look at once more who opted out."""
        self._sorted = None

    def _ask_now(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        self._asking += 1
        done = partial(self._show_checked, self._asking)
        self._place.tasks.query(
            partial(self._check, wanted, self._sorted), owner=self, on_success=done,
            on_error=lambda error: done((Checked(wanted, None, error), None)),
        )  # fmt: skip

    def _check(
        self, wanted: Wanted, known: tuple[Audience, str, Recipients] | None, _job: Job
    ) -> tuple[Checked, tuple[Audience, str, Recipients] | None]:
        parts = self._place.parts
        order = wanted.order(parts.actor)
        if known is None or known[0] is not wanted.audience or known[1] != wanted.client:
            known = (wanted.audience, wanted.client, parts.sending.sort(wanted.client, wanted.audience.numbers))
        replaced = replace_forcing(order.text, shift_tables=self._shift_tables(), letters=False)
        composition = parts.compositions.look(order, known[2], replaced)
        opted_out = sum(one.reason == "opted_out" for one in known[2].not_sent)
        return Checked(wanted, composition, None, opted_out), known

    def _show_checked(self, number: int, found: tuple[Checked, tuple[Audience, str, Recipients] | None]) -> None:
        checked, recipients = found
        if number != self._asking or checked.wanted is not self._wanted:
            return
        self._sorted, self._wanted = recipients, None
        self.checked.emit(checked)

    def _show_read(self, number: int, country: str, found: _Read) -> None:
        if number != self._reading:
            return
        self._job = None
        self._known = {(id(one.source), country): one for one in found.sources}
        self.reading.emit(False)
        self.read.emit(found.audience)

    def _show_stopped(self, number: int, _error: AppError) -> None:
        if number == self._reading:
            self._job = None
            self.reading.emit(False)
            self.cancelled.emit()

    def _end_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None


def _read_all(sources: tuple[Source, ...], known: tuple[ReadSource | None, ...], country: str, job: Job) -> _Read:
    total = sum(len(one.entries.texts) for one, found in zip(sources, known, strict=True) if found is None)
    before, read = 0, []
    for source, found in zip(sources, known, strict=True):
        if found is None:
            read.append(read_source(source, country or None, job, before, total))
            before += len(source.entries.texts)
        else:
            read.append(found)
    return _Read(merge(read), tuple(read))
