"""Vonage's price table: every country in one answer, with a price and number ranges for each network."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from desktop_app.domain.errors import ProviderAnswerError
from desktop_app.domain.language import tr
from desktop_app.providers.answers import read_currency, read_decimal, read_rows, read_text
from desktop_app.providers.base import Cost, CountryCosts, NumberRange
from desktop_app.providers.costs import dearest, join_mccmnc, read_country, read_price

_MCCMNC: Final = re.compile(r"[0-9]{5,6}", re.ASCII)
_PREFIX: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)


def read_countries(document: Mapping[str, Any]) -> list[CountryCosts]:
    """Return the countries of a price table, those without any price among them.

    Raises:
        ProviderAnswerError: it has another shape, or not as many countries as it says.
    """
    rows = read_rows(document, "countries")
    if read_decimal(document.get("count")) != len(rows):
        raise ProviderAnswerError(tr("Vonage's price table is not complete."))
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        code = read_country(row.get("countryCode"))
        if code is not None:
            found.setdefault(code, []).append(row)
    return [_country(code, found[code]) for code in found]


def _country(country: str, rows: Sequence[Mapping[str, Any]]) -> CountryCosts:
    """Return the costs of a country, usually told in one row, and the ranges of its networks.

    Only mobile networks count: no SMS goes to a landline or a premium number. The country's default price is one more cost
    without a network.
    """
    costs: list[Cost] = []
    ranges: list[NumberRange] = []
    for row in rows:
        default = _cost(country, None, "", row.get("defaultPrice"), row.get("currency"))
        costs += [default] if default is not None else []
        told: list[NumberRange] = []
        for network in read_rows(row, "networks") if "networks" in row else ():
            cost = _network_cost(country, network, row.get("currency"))
            costs += [cost] if cost is not None else []
            told += _ranges(network, None if cost is None else cost.mccmnc)
        ranges += _below(told, row.get("dialingPrefix"))
    return CountryCosts(country, dearest(costs), _without_doubt(ranges) if costs else ())


def _network_cost(country: str, network: Mapping[str, Any], currency: object) -> Cost | None:
    if network.get("type", "mobile") != "mobile":
        return None
    mccmnc = _mccmnc(network)
    name = read_text(network.get("networkName"), 100) if mccmnc else ""
    return _cost(country, mccmnc, name, network.get("price"), network.get("currency", currency))


def _cost(country: str, mccmnc: str | None, name: str, told: object, unit: object) -> Cost | None:
    price, currency = read_price(told), read_currency(unit)
    # A price whose currency is not known is no price.
    return (
        None if price is None or currency is None else Cost(country, mccmnc, name, price, format(price, "f"), currency)
    )


def _mccmnc(network: Mapping[str, Any]) -> str | None:
    code = network.get("networkCode")
    joined = join_mccmnc(network.get("mcc"), network.get("mnc"))
    # "IT-PREMIUM" is a code of Vonage's own.
    return joined or (code if isinstance(code, str) and _MCCMNC.fullmatch(code) else None)


def _ranges(network: Mapping[str, Any], mccmnc: str | None) -> list[NumberRange]:
    """Return the ranges of a network: a list of texts or numbers, or one text with commas."""
    told = network.get("ranges")
    parts: Iterable[object] = told.split(",") if isinstance(told, str) else told if isinstance(told, list) else ()
    texts = (str(part).strip() for part in parts if isinstance(part, str | int) and not isinstance(part, bool))
    return [NumberRange(text, mccmnc) for text in texts if text]


def _below(ranges: list[NumberRange], dialing_prefix: object) -> list[NumberRange]:
    """Return the ranges, none when one of them does not begin with the calling code: then it is not known how they count."""
    code = read_text(dialing_prefix, 8)
    fitting = all(_PREFIX.fullmatch(one.prefix) and one.prefix.startswith(code) for one in ranges)
    return ranges if code and fitting else []


def _without_doubt(ranges: Iterable[NumberRange]) -> tuple[NumberRange, ...]:
    """Return each range once; one that two networks claim stands for the country."""
    known: dict[str, str | None] = {}
    for one in ranges:
        same = one.mccmnc if known.get(one.prefix, one.mccmnc) == one.mccmnc else None
        known[one.prefix] = same
    return tuple(NumberRange(prefix, known[prefix]) for prefix in sorted(known))
