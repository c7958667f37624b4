"""Prices that follow their rule when their cost moves."""

from dataclasses import replace

from desktop_app.domain.price_limits import PriceLimits
from desktop_app.domain.price_plans import PricePlan, SkipReason, plan_prices
from desktop_app.domain.price_rules import COST, PriceRule


def following_plan(rule: PriceRule, limits: PriceLimits) -> PricePlan:
    """Return the plan by which a row goes on following ``rule``: never below cost, not even one that already loses money."""
    plan = plan_prices(rule, limits)
    return replace(plan, skips=(*plan.skips, (SkipReason.BELOW_COST, plan.after < COST)))
