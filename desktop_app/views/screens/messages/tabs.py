"""The parts of the Messages screen."""

from enum import StrEnum


class Tab(StrEnum):
    """The parts of the screen."""

    MESSAGES = "messages"
    JOBS = "jobs"
    SCHEDULED = "scheduled"
    DRAFTS = "drafts"
