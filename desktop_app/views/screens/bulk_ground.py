"""What the bulk edit stands on, and the order that comes of what a person set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from desktop_app.domain.bulk_edits import EditOrder
from desktop_app.domain.price_limits import NO_LIMITS, PriceLimits
from desktop_app.domain.price_rules import PriceRule, RuleKind
from desktop_app.services.bulk_edit import EditBasis
from desktop_app.services.job import Job
from desktop_app.views.models.bulk_state import BulkState
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_sheet import SheetReader
from desktop_app.views.models.saved_views import SavedView, countries_of
from desktop_app.views.models.scope_words import ScopeVocabulary, scope_vocabulary
from desktop_app.views.parts import WindowParts
from desktop_app.views.screens.bulk_decisions import Decisions
from desktop_app.views.widgets.rule_fields import Reading

# Without a value yet, the rows are shown as they are.
LOOKING: Final = PriceRule(RuleKind.CHANGE_PERCENT, 0)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the screen stands on.

    Attributes:
        basis: the price list at one moment.
        vocabulary: the words for the scope.
        step: micro-units that the team rounds prices to.
        views: the person's saved views as they were then.
    """

    basis: EditBasis
    vocabulary: ScopeVocabulary
    step: int
    views: Sequence[SavedView] = ()


def read_ground(parts: WindowParts, views: Sequence[SavedView], job: Job) -> Ground:
    """Read the price list and everything around it; runs in the data lane."""
    basis = parts.bulk_edit.basis()
    providers = {name for country in basis.countries for name in country.providers}
    shown = _shown_by(parts, [view for view in views if view.is_understood], job)
    countries = tuple(
        replace(one, views=frozenset(name for name, isos in shown.items() if one.iso in isos))
        for one in basis.countries
    )
    words = scope_vocabulary(parts.language, providers, shown)
    return Ground(replace(basis, countries=countries), words, parts.preferences.read().step, views)


def _shown_by(parts: WindowParts, views: Sequence[SavedView], job: Job) -> Mapping[str, frozenset[str]]:
    """Return the countries that each view shows, asked of what the Prices screen reads: both mean the same."""
    if not views:
        return {}
    reader = SheetReader(
        parts.pricing, parts.accounts, parts.preferences, parts.history, parts.country_rules, parts.clock
    )
    wanted = frozenset({Column.LAST_CHANGE} if any(view.needs_changes for view in views) else ())
    sheet, now = reader.read(parts.language, None, wanted, job), parts.clock()
    return {view.name: countries_of(view, sheet, now) for view in views}


def order_of(
    state: BulkState, countries: frozenset[str], decisions: Decisions, reading: Reading, limits: PriceLimits | None
) -> EditOrder:
    """Return the order; while its rule or its limits are not complete, one that changes nothing."""
    complete = reading.is_complete and limits is not None
    return EditOrder(
        countries=countries, networks=state.networks, rule=reading.rule if complete else LOOKING,
        limits=limits if complete and limits is not None else NO_LIMITS, skip_manual=state.skip_manual,
        write_manual=state.write_manual and complete, unticked=decisions.unticked, raised=decisions.raised,
        allowed=decisions.allowed,
    )  # fmt: skip
