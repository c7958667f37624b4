"""Vonage's price pages: every country in one answer, its networks with number ranges where they are known.

Shapes are mixed on purpose, because the real ones are (providers.md 2.2): countries without any price, without a default price,
and networks that are no mobile ones and have no MCC and MNC.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import phonenumbers

from desktop_app.sandbox.prices import Country, Network, PriceBook, spread
from desktop_app.sandbox.scenario import Scenario

# What numbers begin with on some networks, by country: enough to have ranges within ranges and numbers outside of all.
RANGES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "DE": {
        "26201": ("49151", "49160", "49170", "49171", "49175"),
        "26202": ("49152", "49162", "49172", "49173", "49174"),
        "26203": ("49157", "49159", "49163", "49176", "491511"),
    },
    "TR": {
        "28601": tuple(f"9053{digit}" for digit in range(10)),
        "28602": tuple(f"9054{digit}" for digit in range(10)),
        "28603": ("90501", "90505", "90506", "90507", *(f"9055{digit}" for digit in range(10))),
    },
    "FR": {"20801": ("33607", "33608", "33630"), "20810": ("33609", "33610", "33611"), "20820": ("33650", "33660")},
}
# Listed without being sold.
_UNSOLD: Final = {"dialingPrefix": "672", "countryCode": "AQ", "countryName": "Antarctica"}


def country_row(country: Country, scenario: Scenario) -> dict[str, object]:
    """Return ``country`` with its networks as Vonage writes it."""
    fixed = scenario.prices.get(country.iso)
    row: dict[str, object] = {
        "dialingPrefix": str(phonenumbers.country_code_for_region(country.iso)),
        "currency": scenario.currency,
        "countryCode": country.iso,
        "countryName": country.name,
        "countryDisplayName": country.name,
        "networks": [
            *(_network(country.iso, network, scenario) for network in country.networks),
            *_landlines(country, scenario.currency),
        ],
    }
    if spread(f"default {country.iso}", 4):
        row["defaultPrice"] = fixed or max((one.price for one in country.networks), key=Decimal)
    return row


def price_table(prices: PriceBook, scenario: Scenario) -> dict[str, object]:
    """Return all countries as Vonage's full pricing does; the count is a text there."""
    rows = [country_row(country, scenario) for country in prices.countries.values()]
    rows.append({**_UNSOLD, "currency": scenario.currency, "countryDisplayName": "Antarctica"})
    return {"count": str(len(rows)), "countries": rows}


def network_of(number: str, iso: str) -> str | None:
    """Return the network whose longest range holds ``number`` (digits only), None where no range does."""
    held = [
        (len(prefix), code)
        for code, known in RANGES.get(iso, {}).items()
        for prefix in known
        if number.startswith(prefix)
    ]
    return max(held)[1] if held else None


def price_of(number: str, iso: str, prices: PriceBook, scenario: Scenario) -> Decimal | None:
    """Return what a segment to ``number`` costs: its network's price, else that of the dearest network."""
    code = network_of(number, iso)
    if code is not None and iso not in scenario.prices:
        country = prices.countries[iso]
        own = next((network.price for network in country.networks if network.mcc + network.mnc == code), None)
        if own is not None:
            return Decimal(own)
    return prices.dearest(iso, scenario)


def _network(iso: str, network: Network, scenario: Scenario) -> dict[str, object]:
    code = network.mcc + network.mnc
    row: dict[str, object] = {
        "type": "mobile",
        "price": scenario.prices.get(iso) or network.price,
        "currency": scenario.currency,
        "mcc": network.mcc,
        "mnc": network.mnc,
        "networkCode": code,
        "networkName": network.name,
    }
    ranges = RANGES.get(iso, {}).get(code)
    if ranges:
        row["ranges"] = [int(prefix) for prefix in ranges]
    return row


def _landlines(country: Country, currency: str) -> list[dict[str, object]]:
    """Return the network that an SMS never reaches, in some countries: the dearest of all, and without a network code."""
    if spread(f"landline {country.iso}", 3):
        return []
    name = f"{country.name} Premium"
    return [
        {
            "type": "landline_premium",
            "price": "9.00000000",
            "currency": currency,
            "networkCode": f"{country.iso}-PREMIUM",
            "networkName": name,
        }
    ]
