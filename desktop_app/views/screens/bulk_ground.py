"""What the bulk edit stands on, and the order that comes of what a person set."""

from dataclasses import dataclass
from typing import Final

from desktop_app.domain.bulk_edits import EditOrder
from desktop_app.domain.price_limits import NO_LIMITS, PriceLimits
from desktop_app.domain.price_rules import PriceRule, RuleKind
from desktop_app.services.bulk_edit import BulkEditService, EditBasis
from desktop_app.services.job import Job
from desktop_app.services.preferences import PreferencesService
from desktop_app.views.models.bulk_state import BulkState
from desktop_app.views.models.scope_words import ScopeVocabulary, scope_vocabulary
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
    """

    basis: EditBasis
    vocabulary: ScopeVocabulary
    step: int


def read_ground(service: BulkEditService, preferences: PreferencesService, language: str, _job: Job) -> Ground:
    """Read the price list and everything around it; runs in the data lane."""
    basis = service.basis()
    providers = {name for country in basis.countries for name in country.providers}
    return Ground(basis, scope_vocabulary(language, providers), preferences.read().step)


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
