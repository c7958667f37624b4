"""Prices: rules, limits, the plan of a bulk change, and which price applies. The parts are in modules of their own."""

from desktop_app.domain.percents import MAX_PERCENT, WHOLE, margin_text, markup_text, parse_percent, percent_text
from desktop_app.domain.price_chain import AppliedPrice, ListedPrice, PriceLevel, PriceSource, resolve_price
from desktop_app.domain.price_limits import NO_LIMITS, PriceLimits, Rounding
from desktop_app.domain.price_plans import Note, PlanResult, PricePlan, SkipReason, plan_prices
from desktop_app.domain.price_rules import NEEDS_PRICE, PERCENT_RULES, PriceRule, RuleKind

__all__ = [
    "MAX_PERCENT", "NEEDS_PRICE", "NO_LIMITS", "PERCENT_RULES", "WHOLE", "AppliedPrice", "ListedPrice", "Note", "PlanResult",
    "PriceLevel", "PriceLimits", "PricePlan", "PriceRule", "PriceSource", "Rounding", "RuleKind", "SkipReason", "margin_text",
    "markup_text", "parse_percent", "percent_text", "plan_prices", "resolve_price",
]  # fmt: skip
