"""Views of the prices that a person saved, and which countries they show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from desktop_app.services.personal import PersonalSettings
from desktop_app.views.models.price_conditions import CHANGED, criteria_of, known_conditions
from desktop_app.views.models.price_filter import matching
from desktop_app.views.models.price_lines import PriceSheet, QuickFilter

KEPT_VIEWS: Final = "prices_views"
QUICK, TEXT = "filter", "q"


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view of the prices.

    Attributes:
        name: what the person calls it.
        query: the filters as an address has them.
        arrangement: order, widths and sorting of the columns, and which are hidden.
    """

    name: str
    query: Mapping[str, str]
    arrangement: Mapping[str, Any]

    @property
    def is_understood(self) -> bool:
        """Whether every filter is known; one of a newer program may not be."""
        others = {name: value for name, value in self.query.items() if name not in (QUICK, TEXT)}
        return self.query.get(QUICK, QuickFilter.ALL) in list(QuickFilter) and known_conditions(others) == others

    @property
    def needs_changes(self) -> bool:
        """Whether it asks when prices were changed."""
        return CHANGED in self.query


def kept_views(personal: PersonalSettings) -> list[SavedView]:
    """Return the views by name; what is not understood is left out."""
    kept = personal.recall(KEPT_VIEWS).get("views", ())
    found = [_read(one) for one in kept if isinstance(one, Mapping)] if isinstance(kept, list) else []
    return sorted((view for view in found if view is not None), key=lambda view: view.name.casefold())


def keep_views(personal: PersonalSettings, views: Iterable[SavedView]) -> None:
    """Keep these views and no others."""
    stored = [{"name": view.name, "query": dict(view.query), "arrangement": dict(view.arrangement)} for view in views]
    personal.remember(KEPT_VIEWS, {"views": stored})


def countries_of(view: SavedView, sheet: PriceSheet, now: datetime) -> frozenset[str]:
    """Return the ISO codes of the countries that a view shows of ``sheet``."""
    quick = QuickFilter(view.query.get(QUICK, QuickFilter.ALL))
    criteria = criteria_of(view.query.get(TEXT, ""), quick, known_conditions(view.query), now)
    named = matching(sheet.countries, criteria.text)
    return frozenset(line.iso for line in named if criteria.admits(line, sheet.target))


def _read(stored: Mapping[str, Any]) -> SavedView | None:
    name, query, arrangement = (stored.get(part) for part in ("name", "query", "arrangement"))
    if not isinstance(name, str) or not isinstance(query, Mapping) or not isinstance(arrangement, Mapping):
        return None
    return SavedView(name, {str(part): str(value) for part, value in query.items()}, arrangement)
