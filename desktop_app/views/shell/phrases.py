"""What a sentence in the palette fills in: "margin eu +5" opens bulk edit with that scope and rule. Nothing is applied."""

import re
from collections.abc import Iterable
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.regions import REGIONS
from desktop_app.views.commands import Offer
from desktop_app.views.formats import folded
from desktop_app.views.navigator import Address

# A sign, a number, and what it counts: "+5", "-2.5", "35%".
_VALUE: Final = re.compile(r"(?P<sign>[+\u2212-]?)(?P<number>\d{1,6}(?:[.,]\d{1,6})?)(?:%|pts?|points?)?")
SHORTEST_MEASURE: Final = 3
MEASURES: Final = ("margin", "markup", "price")


def bulk_offers(typed: str) -> Iterable[Offer]:
    """Return the bulk edits that ``typed`` spells out or may be about to: a measure, a scope, perhaps a value."""
    words = folded(typed).split()
    values = [match for word in words if (match := _VALUE.fullmatch(word))]
    names = [word for word in words if not _VALUE.fullmatch(word)]
    measures = [measure for measure in MEASURES if any(_names(word, measure) for word in names)]
    scope = " ".join(word for word in names if not any(_names(word, measure) for measure in MEASURES))
    if not measures or not scope:
        return []
    regions = [region for region in REGIONS if folded(region).startswith(scope)]
    if values:
        # What is no region may be a country or a provider: bulk edit knows them.
        return [_valued(measures[0], regions[0] if regions else scope, values[-1])]
    return [offer for region in regions[:2] for offer in _open_ended(measures[0], region)]


def _names(word: str, measure: str) -> bool:
    return len(word) >= SHORTEST_MEASURE and measure.startswith(word)


def _valued(measure: str, scope: str, value: re.Match[str]) -> Offer:
    number = value["number"].replace(",", ".")
    verb = {"": "set", "+": "raise"}.get(value["sign"], "lower")
    texts = {
        "set_margin": tr("{scope}: set margin to {number}%", scope=scope, number=number),
        "set_markup": tr("{scope}: set markup to {number}%", scope=scope, number=number),
        "set_price": tr("{scope}: set sale price to {number}", scope=scope, number=number),
        "raise_margin": tr("{scope}: raise margin by {number} points", scope=scope, number=number),
        "raise_markup": tr("{scope}: raise markup by {number} points", scope=scope, number=number),
        "raise_price": tr("{scope}: raise sale price by {number}%", scope=scope, number=number),
        "lower_margin": tr("{scope}: lower margin by {number} points", scope=scope, number=number),
        "lower_markup": tr("{scope}: lower markup by {number} points", scope=scope, number=number),
        "lower_price": tr("{scope}: lower sale price by {number}%", scope=scope, number=number),
    }
    rule = f"{verb}_{measure}"
    return _offer(texts[rule], scope, rule, number)


def _open_ended(measure: str, region: str) -> list[Offer]:
    texts = {
        "raise_margin": tr("Raise margin for {region} countries", region=region),
        "raise_markup": tr("Raise markup for {region} countries", region=region),
        "raise_price": tr("Raise sale price for {region} countries", region=region),
        "set_margin": tr("Set margin for {region} countries", region=region),
        "set_markup": tr("Set markup for {region} countries", region=region),
        "set_price": tr("Set sale price for {region} countries", region=region),
    }
    return [_offer(texts[rule], region, rule, "") for rule in (f"raise_{measure}", f"set_{measure}")]


def _offer(text: str, scope: str, rule: str, value: str) -> Offer:
    query = {"scope": scope, "rule": rule, **({"value": value} if value else {})}
    return Offer(text, tr("Prices, bulk edit"), Address("bulk", query=query).text, "sliders-horizontal", exact=True)
