"""The first prices of a team: the default provider's costs, and one rule for all of them."""

from dataclasses import dataclass

from desktop_app.domain.price_limits import PriceLimits
from desktop_app.domain.price_plans import plan_prices
from desktop_app.domain.price_rules import PriceRule
from desktop_app.domain.rates import Rate, plan_rows
from desktop_app.services.accounts import AccountsService
from desktop_app.services.job import Job
from desktop_app.services.preferences import PreferencesService
from desktop_app.services.pricing import PricingService


@dataclass(frozen=True, slots=True)
class FirstPrices:
    """What setting the first prices brought: countries with costs, and prices that were set."""

    countries: int
    prices: int


def example_price(rule: PriceRule, limits: PriceLimits, cost: int) -> int | None:
    """Return the price in micro-units that a rule makes of a cost, None where it makes none."""
    example = Rate(0, "DE", None, "", cost, unconverted=False, price=None, manual=False, rule="")
    rows, _ = plan_rows([example], plan_prices(rule, limits))
    return rows[0].after if rows else None


def set_first_prices(
    accounts: AccountsService, pricing: PricingService, preferences: PreferencesService, rule: PriceRule,
    limits: PriceLimits, *, switches_on: bool, actor: str, job: Job,
) -> FirstPrices:  # fmt: skip
    """Pull the default provider's costs and price them by ``rule``, which stands for all countries from then on.

    Args:
        accounts: where the costs come from.
        pricing: takes the prices.
        preferences: keep the rounding.
        rule: makes every price.
        limits: its rounding.
        switches_on: the service is switched on afterwards.
        actor: who does it.
        job: progress and stopping.

    Raises:
        ProviderError: the costs could not be pulled; nothing was changed.
        NotFound: there is no provider.
        Cancelled: the person stopped it; nothing was changed.
    """
    provider = next((one for one in accounts.list_providers() if one.is_default), None)
    synced = accounts.sync_costs(provider.name if provider else "", actor=actor, job=job)
    preferences.change(actor=actor, step=limits.step)
    pricing.set_standing_rule("", rule, actor=actor)
    repriced = pricing.reprice(rule, actor=actor, limits=limits)
    if switches_on:
        accounts.set_service(on=True, actor=actor)
    return FirstPrices(synced.countries, len(repriced.rows))
