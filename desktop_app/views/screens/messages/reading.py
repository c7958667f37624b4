"""Reads what the list of messages shows; in the data lane."""

import time
from dataclasses import dataclass

from desktop_app.domain.message_lists import MessageLine
from desktop_app.services.job import Job
from desktop_app.services.message_search import MissingReports, StatusCounts, Wanted
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.models.message_rows import message_rows
from desktop_app.views.models.message_timeline import MessageStory, story_of
from desktop_app.views.models.paged_rows import PAGE
from desktop_app.views.models.record_rows import Row
from desktop_app.views.parts import WindowParts

Rows = tuple[Row[MessageLine], ...]
Anchor = tuple[int, int]
Counted = tuple[StatusCounts, float, MissingReports, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the database brought; what is None did not change or was not asked for.

    Attributes:
        newest: the id of the newest message.
        is_moving: messages may still change by themselves.
        pages: rows by page.
        counts: by status.
        cost: seconds that counting took.
        missing: reports that did not come.
        unknown: how many outcomes are unknown.
    """

    newest: int
    is_moving: bool
    pages: dict[int, Rows]
    counts: StatusCounts | None = None
    cost: float = 0.0
    missing: MissingReports | None = None
    unknown: int = 0


class ListReader:
    """Reads pages, counts and single messages."""

    def __init__(self, parts: WindowParts) -> None:
        self._parts, self._search = parts, parts.message_search

    def first(self, wanted: Wanted, _job: Job) -> tuple[int, Rows]:
        """Return the id of the newest message, and the first page."""
        newest = self._search.newest_id()
        return newest, self._rows(self._search.page(wanted, PAGE))

    def page(self, wanted: Wanted, anchor: Anchor, _job: Job) -> Rows:
        """Return the page that begins at a place; see ``PagedRowsModel.anchor``."""
        below, skip = anchor
        return self._rows(self._search.page(wanted, PAGE, below_id=below or None, skip=skip))

    def count(self, wanted: Wanted, _job: Job) -> Counted:
        """Return counts, seconds that counting took, missing reports, and how many outcomes are unknown."""
        start = time.monotonic()
        counts = self._search.counts(wanted)
        cost = time.monotonic() - start
        return counts, cost, self._search.missing_reports(self._parts.clock()), self._parts.unknown_outcomes.count()

    def again(
        self, wanted: Wanted, anchors: dict[int, Anchor], newest: int, job: Job, *, at_top: bool, counts: bool,
        was_moving: bool,
    ) -> Look | None:  # fmt: skip
        """Return what changed since ``newest`` was the newest message, None for nothing."""
        now, is_moving = self._search.newest_id(), self._search.is_moving()
        if now == newest and not is_moving and not was_moving:
            return None
        pages = {page: self.page(wanted, anchor, job) for page, anchor in anchors.items()}
        if at_top:
            pages[0] = self._rows(self._search.page(wanted, PAGE))
        return Look(now, is_moving, pages, *self.count(wanted, job)) if counts else Look(now, is_moving, pages)

    def story(self, line: MessageLine, _job: Job) -> MessageStory:
        """Return what the panel tells of a message, as it stands now."""
        parts = self._parts
        fresh = self._search.line(line.message_id) or line
        country = country_names(parts.language)(line.country)
        return story_of(fresh, parts.delivery.timeline(line.message_id), country, parts.clock())

    def _rows(self, lines: list[MessageLine]) -> Rows:
        return message_rows(lines, country_names(self._parts.language), self._parts.clock())
