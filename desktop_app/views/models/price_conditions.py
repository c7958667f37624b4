"""What a person can filter the prices by besides the chips and the typed text, as it stands in addresses."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr, trn
from desktop_app.domain.percents import parse_percent
from desktop_app.domain.percents import percent_text as stored_percent
from desktop_app.domain.regions import REGIONS
from desktop_app.views.formats import folded, percent_text, whole_percent_text
from desktop_app.views.models.price_filter import Criteria
from desktop_app.views.models.price_lines import QuickFilter

Conditions = Mapping[str, str]
REGION, PROVIDER, MARGIN, CURRENCY, NETWORKS, CHANGED = (
    "region",
    "provider",
    "margin",
    "currency",
    "networks",
    "changed",
)
OWN: Final = "own"
# Days back that are offered.
DAYS: Final = (1, 7, 30)
MOST_DAYS: Final = 90
_WHOLE: Final = 100
_CURRENCY: Final = 3


def known_conditions(query: Mapping[str, str]) -> Conditions:
    """Return the conditions of an address, in the order they are shown; what is not understood is left out."""
    found = {name: query[name].strip() for name in _UNDERSTOOD if query.get(name, "").strip()}
    return MappingProxyType({name: value for name, value in found.items() if _UNDERSTOOD[name](value)})


def criteria_of(text: str, quick: QuickFilter, conditions: Conditions, now: datetime) -> Criteria:
    """Return what the table is to show.

    Args:
        text: as typed.
        quick: the chip.
        conditions: that are known.
        now: the moment that "changed since" counts back from.
    """
    region, margin, days = (conditions.get(name, "") for name in (REGION, MARGIN, CHANGED))
    return Criteria(
        folded(text), quick, REGIONS[region] if region else None, conditions.get(PROVIDER, ""),
        margin_below=parse_percent(margin) if margin else None, currency=conditions.get(CURRENCY, ""),
        own_networks=NETWORKS in conditions, changed_since=now - timedelta(days=int(days)) if days else None,
    )  # fmt: skip


def condition_text(name: str, value: str) -> str:
    """Return a condition for a person: "Margin below 20%"."""
    match name:
        case "region":
            return region_names()[value]
        case "margin":
            return tr("Margin below {percent}", percent=margin_name(value))
        case "currency":
            return tr("Cost in {currency}", currency=value)
        case "networks":
            return tr("Networks with their own price")
        case "changed":
            return trn("Changed within a day", "Changed within {count} days", int(value))
        case _:
            return value


def margin_name(value: str) -> str:
    """Return a margin that a condition names: "20%"."""
    hundredths = parse_percent(value)
    if hundredths % _WHOLE or hundredths < 0:
        return percent_text(hundredths)
    return whole_percent_text(hundredths // _WHOLE)


def margin_value(typed: str) -> str:
    """Return a margin that a person typed as an address has it: "12.5".

    Raises:
        InvalidInput: it is no percentage.
    """
    return stored_percent(parse_percent(typed)).rstrip("0").rstrip(".")


def region_names() -> dict[str, str]:
    """Return what the regions are called, by their key."""
    return {
        "EU": tr("EU"), "EEA": tr("EEA"), "EFTA": tr("EFTA"), "Europe": tr("Europe"), "North America": tr("North America"),
        "Latin America": tr("Latin America"), "Middle East": tr("Middle East"), "Africa": tr("Africa"),
        "Asia Pacific": tr("Asia Pacific"),
    }  # fmt: skip


def _is_margin(value: str) -> bool:
    try:
        parse_percent(value)
    except InvalidInput:
        return False
    return True


_UNDERSTOOD: Final[Mapping[str, Callable[[str], bool]]] = {
    REGION: lambda value: value in REGIONS and value in region_names(),
    PROVIDER: bool,
    MARGIN: _is_margin,
    CURRENCY: lambda value: len(value) == _CURRENCY and value.isascii() and value.isupper(),
    NETWORKS: lambda value: value == OWN,
    CHANGED: lambda value: value.isascii() and value.isdigit() and 0 < int(value[:4]) <= MOST_DAYS,
}
