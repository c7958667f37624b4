"""Which column of a price sheet means what."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

# Field -> headings in the form of ``_plain``. The sheets of several providers, and our own export.
_HEADINGS: Final[Mapping[str, frozenset[str]]] = {
    "iso": frozenset(
        {"iso", "iso2", "isocode", "isocountry", "countryiso", "countrycode", "isoalpha2", "iso3166", "cc"}
    ),
    "country": frozenset({"country", "destination", "land", "ülke", "ulke"}),
    "name": frozenset({"countryname", "destinationname", "ländername", "ülkeadı"}),
    "mccmnc": frozenset({"mccmnc", "mccmncs", "imsi", "numericcode", "networkcode"}),
    "mcc": frozenset({"mcc"}),
    "mnc": frozenset({"mnc"}),
    "network": frozenset({"network", "networkname", "operator", "operatorname", "carrier", "netz", "şebeke"}),
    "price": frozenset(
        {
            "price",
            "cost",
            "rate",
            "pricepersms",
            "costpersms",
            "ratepersms",
            "priceperunit",
            "preis",
            "fiyat",
            "preisjesms",
            "smsfiyatı",
        }
    ),
    "currency": frozenset({"currency", "currencycode", "ccy", "priceunit", "währung", "parabirimi"}),
}
_MARKS: Final = re.compile(r"\(.*?\)|[\W_]+")


@dataclass(frozen=True, slots=True)
class PriceColumns:
    """Where the fields of a price sheet stand: positions from 0, -1 for a column that is not there, and the headings."""

    country: int
    mccmnc: int
    mcc: int
    mnc: int
    network: int
    price: int
    currency: int
    header: tuple[str, ...]

    def heading(self, field: str) -> str:
        """Return the heading of ``field`` as the sheet spells it, or the field's own name."""
        position: int = getattr(self, field)
        return self.header[position] if position >= 0 else field


FIELDS: Final = ("country", "mccmnc", "mcc", "mnc", "network", "price", "currency")


def guess_columns(header: tuple[str, ...]) -> dict[str, int]:
    """Return where the fields most likely stand, by field; those that nothing looks like are left out."""
    meaning = _meanings()
    found: dict[str, int] = {}
    for position, heading in enumerate(header):
        field = meaning(heading)
        if field is not None:
            found.setdefault(field, position)
    country = next((found[field] for field in ("iso", "country", "name") if field in found), None)
    known: dict[str, int] = {field: place for field, place in found.items() if field in FIELDS}
    return known if country is None else {**known, "country": country}


def chosen_columns(header: tuple[str, ...], chosen: Mapping[str, int], *, has_currency: bool) -> PriceColumns:
    """Return the columns that a person chose, by field.

    Args:
        header: the headings.
        chosen: field -> position from 0; a field that is not there has no column.
        has_currency: all prices are in a currency that is known: no column need say it.

    Raises:
        InvalidInput: country, price or currency has no column, MCC and MNC are not together, or one column is two fields.
    """
    places = {field: chosen.get(field, -1) for field in FIELDS}
    titles = field_titles()
    needed = ["country", "price"] if has_currency else ["country", "price", "currency"]
    for field in needed:
        if places[field] < 0:
            sentence = tr("Choose the column with the {field}.", field=titles[field])
            raise InvalidInput(sentence, fields={field: sentence})
    if (places["mcc"] < 0) != (places["mnc"] < 0):
        sentence = tr("MCC and MNC belong together: choose both columns, or neither.")
        raise InvalidInput(sentence, fields={"mcc": sentence, "mnc": sentence})
    taken: dict[int, str] = {}
    for field, place in places.items():
        if place >= 0 and taken.setdefault(place, field) != field:
            sentence = tr(
                "“{heading}” cannot be both {first} and {second}.", heading=header[place], first=titles[taken[place]],
                second=titles[field],
            )  # fmt: skip
            raise InvalidInput(sentence, fields={field: sentence})
    return PriceColumns(**places, header=header)


def field_titles() -> dict[str, str]:
    """Return what a person calls each field."""
    return {
        "country": tr("Country"), "mccmnc": tr("MCC/MNC"), "mcc": tr("MCC"), "mnc": tr("MNC"), "network": tr("Network"),
        "price": tr("Price"), "currency": tr("Currency"),
    }  # fmt: skip


def find_columns(header: tuple[str, ...]) -> PriceColumns:
    """Return where the fields stand in ``header``. A column with country codes goes before one with names.

    Raises:
        InvalidInput: country, price or currency is missing, or two columns claim to be the same.
    """
    found: dict[str, int] = {}
    meaning = _meanings()
    for position, heading in enumerate(header):
        field = meaning(heading)
        if field is None:
            continue
        if field in found:
            raise InvalidInput(
                tr(
                    "“{first}” and “{second}” both look like the {field}. Keep one.",
                    first=header[found[field]],
                    second=heading,
                    field=field,
                )
            )
        found[field] = position
    found["country"] = next((found[field] for field in ("iso", "country", "name") if field in found), -1)
    missing = [field for field in ("country", "price", "currency") if found.get(field, -1) < 0]
    if missing:
        raise InvalidInput(
            tr(
                "The sheet has no column for: {fields}. Its first row must hold headings like country, mccmnc, price, currency.",
                fields=", ".join(missing),
            )
        )
    if ("mcc" in found) != ("mnc" in found) and "mccmnc" not in found:
        raise InvalidInput(tr("MCC and MNC belong together: the sheet has only one of the two columns."))
    return PriceColumns(**{f: found.get(f, -1) for f in PriceColumns.__slots__ if f != "header"}, header=header)


def _meanings() -> Callable[[str], str | None]:
    """Return what says which field a heading means, titles of the language in force included."""
    fields = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
    titles = {_plain(title): field for field, title in field_titles().items()}

    def meaning(heading: str) -> str | None:
        plain = _plain(heading)
        return fields.get(plain) or titles.get(plain)

    return meaning


def _plain(heading: str) -> str:
    return _MARKS.sub("", heading.casefold())
