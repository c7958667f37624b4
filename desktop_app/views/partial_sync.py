"""A sync of costs that failed in the middle has changed something: whoever shows prices has to hear of it."""

from typing import Final

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import trn
from desktop_app.services.cost_pull import PartialSync
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Topic

# The countries that the last sync of the default provider did not reach.
MISSED_ADDRESS: Final = "prices?filter=not_updated"


def show_missed_text(error: AppError) -> str:
    """Return what a button says that leads to the countries with costs from before, "" when there is nothing to see."""
    count = len(error.missed) if isinstance(error, PartialSync) else 0
    return trn("Show the country", "Show the {count:,}", count) if count else ""


def tell_partial(place: Workplace, error: AppError) -> bool:
    """Let every screen read again what came; return whether ``error`` is such a failure."""
    if not isinstance(error, PartialSync):
        return False
    place.tasks.changed.emit(frozenset({Topic.PRICES, Topic.PROVIDERS}))
    return True
