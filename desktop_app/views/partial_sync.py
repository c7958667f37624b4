"""A sync of costs that failed in the middle has changed something: whoever shows prices has to hear of it."""

from desktop_app.domain.errors import AppError
from desktop_app.services.cost_pull import PartialSync
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Topic


def tell_partial(place: Workplace, error: AppError) -> bool:
    """Let every screen read again what came; return whether ``error`` is such a failure."""
    if not isinstance(error, PartialSync):
        return False
    place.tasks.changed.emit(frozenset({Topic.PRICES, Topic.PROVIDERS}))
    return True
