"""What a segment costs on each network of the world: made up, but the same on every start.

The networks are the operational national ones of mccmnc.csv. A country's price comes from a hash of its ISO code (0.0200 to
0.1999), its networks' prices lie up to 30 % above it.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from desktop_app.config import resource_path
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.sandbox.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Network:
    """One mobile network.

    Attributes:
        mcc: mobile country code.
        mnc: mobile network code; text, because 01 and 001 differ.
        name: what people call it.
        price: exact decimal text, before a scenario changes it.
    """

    mcc: str
    mnc: str
    name: str
    price: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country and its networks.

    Attributes:
        iso: ISO 3166 alpha-2.
        name: in English.
        networks: none where the provider lists the country without selling it.
    """

    iso: str
    name: str
    networks: tuple[Network, ...]


class PriceBook:
    """The prices of all countries.

    Args:
        networks_file: mccmnc.csv; None takes the one among the program's resources.

    Attributes:
        countries: by ISO code; exchanging the mapping changes the prices from the next request on.
    """

    def __init__(self, networks_file: Path | None = None) -> None:
        path = networks_file or resource_path("data/mccmnc.csv")
        self.countries: Mapping[str, Country] = {country.iso: country for country in _read_countries(path)}

    def check(self, scenario: Scenario) -> None:
        """Make sure that the scenario prices countries that have networks.

        Raises:
            InvalidInput: ``fields`` names the first country that has none.
        """
        for iso in scenario.prices:
            if iso not in self.countries:
                reason = tr("names a country without networks")
                raise InvalidInput(
                    tr("Scenario: {name} {reason}.", name=f"prices.{iso}", reason=reason),
                    fields={f"prices.{iso}": reason},
                )

    def dearest(self, iso: str, scenario: Scenario) -> Decimal | None:
        """Return the price of the dearest network of ``iso``, None when the country is not sold."""
        country = self.countries.get(iso)
        if country is None or not country.networks:
            return None
        return Decimal(scenario.prices.get(iso) or max((n.price for n in country.networks), key=Decimal))


def spread(key: str, steps: int) -> int:
    """Return a number from 0 to ``steps`` - 1 that depends on ``key`` alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % steps


def _read_countries(path: Path) -> Iterator[Country]:
    names: dict[str, str] = {}
    networks: dict[str, dict[str, Network]] = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if _is_sold(row):
                names.setdefault(row["iso2"], row["country"])
                networks.setdefault(row["iso2"], {}).setdefault(row["mccmnc"], _network(row))
    for iso in sorted(networks):
        yield Country(iso, names[iso], tuple(networks[iso].values()))


def _is_sold(row: Mapping[str, str]) -> bool:
    # A code with "-" is a part of a country under another administration ("GE-AB").
    regular = len(row["iso2"]) == 2 and "-" not in row["country_code_raw"] and row["mnc"].isdigit()
    return regular and row["status"] == "Operational" and row["type"] == "National"


def _network(row: Mapping[str, str]) -> Network:
    base = Decimal(200 + spread(row["iso2"], 1800)).scaleb(-4)
    percent = 100 + spread(f"{row['iso2']} {row['mccmnc']}", 31)
    price = (base * percent / 100).quantize(Decimal("0.00001"))
    return Network(row["mcc"], row["mnc"], row["brand"] or row["operator"], f"{price}")
