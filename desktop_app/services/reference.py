"""The reference data shipped with the product: sender rules per country, from resources/data."""

from collections.abc import Mapping
from functools import cache

from desktop_app.config import resource_path
from desktop_app.domain.sender_ids import SenderRule, parse_sender_rules


@cache
def sender_rules() -> Mapping[str, SenderRule]:
    """Return the rule of each country by ISO code; a country that is missing has no known rule."""
    with resource_path("data/sender_rules.csv").open(encoding="utf-8", newline="") as lines:
        return parse_sender_rules(lines)
