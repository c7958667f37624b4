"""The lines of the price table as immutable values, made in the data lane: nothing is computed while the table paints."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.pricing import margin_text, markup_text
from desktop_app.services.accounts import AccountsService
from desktop_app.services.job import Job
from desktop_app.services.pricing import PriceRow, PricingService
from desktop_app.views.formats import extra_decimals, folded

_MCC_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A country or a network of the price table.

    Attributes:
        iso: ISO 3166 alpha-2.
        name: the country's name in the person's language, or the network's.
        code: the ISO code, or the network's MCC/MNC.
        dial: the country's calling code with "+", "" for a network.
        cost: micro-units in the list's currency, None when unknown.
        price: micro-units that apply, None when nothing is sold.
        margin: profit of the price, in hundredths of a percent.
        markup: profit on the cost, in hundredths of a percent.
        rule: what made the price, for a person; "" when nothing did.
        manual: the price was set by hand.
        inherited: it comes from the country's row.
        enabled: the country is switched on.
        sort_name: the name for comparing.
        words: what a typed text may be part of.
        codes: what a typed text may be the start of.
        networks: a country's networks.
    """

    iso: str
    name: str
    code: str
    dial: str
    cost: int | None
    price: int | None
    margin: int | None
    markup: int | None
    rule: str
    manual: bool
    inherited: bool
    enabled: bool
    sort_name: str
    words: tuple[str, ...]
    codes: tuple[str, ...]
    networks: "tuple[PriceLine, ...]" = field(default=())

    @property
    def profit(self) -> int | None:
        """Price less cost, in micro-units."""
        return None if self.price is None or self.cost is None else self.price - self.cost

    @property
    def is_loss(self) -> bool:
        """Whether it is sold below its cost."""
        return self.profit is not None and self.profit < 0

    def matches(self, text: str) -> bool:
        """Return whether the folded ``text`` names it."""
        return any(text in word for word in self.words) or any(code.startswith(text) for code in self.codes)


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """Everything the Prices screen shows.

    Attributes:
        countries: the lines, networks within them.
        currency: of the standard list.
        provider: the default provider's name, None before the first.
        synced_at: when its costs were pulled last, or None.
        spare: how many decimals beyond the fourth the (costs, prices, profits) have at most.
    """

    countries: tuple[PriceLine, ...]
    currency: str
    provider: str | None
    synced_at: datetime | None
    spare: tuple[int, int, int] = (0, 0, 0)

    @property
    def network_count(self) -> int:
        """How many networks there are in all countries."""
        return sum(len(country.networks) for country in self.countries)


def load_sheet(pricing: PricingService, accounts: AccountsService, language: str, _job: Job) -> PriceSheet:
    """Read the standard price list and what belongs around it."""
    rows = pricing.list_prices(networks=True)
    provider = next((one for one in accounts.list_providers() if one.is_default), None)
    countries = price_lines(rows, language)
    return PriceSheet(
        countries=countries,
        currency=rows[0].currency if rows else "",
        provider=provider.name if provider else None,
        synced_at=provider.costs_synced_at if provider else None,
        spare=_spare_decimals(countries),
    )


def price_lines(rows: Sequence[PriceRow], language: str) -> tuple[PriceLine, ...]:
    """Return the countries of ``rows`` by name, each with its networks by name."""
    names = _CountryNames(language)
    networks: dict[str, list[PriceLine]] = {}
    for row in rows:
        if row.rate.mccmnc is not None:
            networks.setdefault(row.rate.country, []).append(_network(row, row.rate.mccmnc))
    lines = [
        _country(row, names, tuple(sorted(networks.get(row.rate.country, ()), key=lambda line: line.sort_name)))
        for row in rows
        if row.rate.mccmnc is None
    ]
    return tuple(sorted(lines, key=lambda line: line.sort_name))


def _spare_decimals(countries: Sequence[PriceLine]) -> tuple[int, int, int]:
    lines = [*countries, *(network for country in countries for network in country.networks)]
    return (
        max((extra_decimals(line.cost) for line in lines), default=0),
        max((extra_decimals(line.price) for line in lines), default=0),
        max((extra_decimals(line.profit) for line in lines), default=0),
    )


class _CountryNames:
    """Names in the person's language and in English, and calling codes; imported here to keep the start light."""

    def __init__(self, language: str) -> None:
        from babel import Locale
        from phonenumbers import country_code_for_region

        self._own = Locale.parse(language).territories
        self._english = Locale("en").territories
        self._dial = country_code_for_region

    def of(self, iso: str) -> tuple[str, str]:
        return self._own.get(iso, iso), self._english.get(iso, iso)

    def dial(self, iso: str) -> str:
        code = self._dial(iso)
        return f"+{code}" if code else ""


def _country(row: PriceRow, names: _CountryNames, networks: tuple[PriceLine, ...]) -> PriceLine:
    iso = row.rate.country
    name, english = names.of(iso)
    dial = names.dial(iso)
    areas = {network.code[:_MCC_DIGITS] for network in networks}
    codes = (iso.casefold(), dial, dial.removeprefix("+"), *sorted(areas))
    return _line(row, name, iso, dial, (folded(name), folded(english)), codes, networks)


def _network(row: PriceRow, mccmnc: str) -> PriceLine:
    name = row.rate.network or mccmnc
    return _line(row, name, mccmnc, "", (folded(name),), (mccmnc,), ())


def _line(
    row: PriceRow, name: str, code: str, dial: str, words: tuple[str, ...], codes: tuple[str, ...],
    networks: tuple[PriceLine, ...],
) -> PriceLine:  # fmt: skip
    applies, cost = row.applies, row.rate.cost
    price = None if row.rate.unconverted and not applies.manual else applies.price
    return PriceLine(
        iso=row.rate.country, name=name, code=code, dial=dial, cost=cost, price=price,
        margin=_hundredths(margin_text(price, cost)), markup=_hundredths(markup_text(price, cost)),
        rule=_rule_text(applies.rule, manual=applies.manual, priced=price is not None),
        manual=applies.manual, inherited=applies.inherited, enabled=row.enabled,
        sort_name=words[0], words=words, codes=tuple(one for one in codes if one), networks=networks,
    )  # fmt: skip


def _hundredths(text: str | None) -> int | None:
    return None if text is None else int(text.replace(".", ""))


def _rule_text(rule: str, *, manual: bool, priced: bool) -> str:
    if not priced:
        return tr("No price")
    if manual:
        return tr("Manual")
    kind, _, value = rule.partition(" ")
    shown = value.rstrip("0").rstrip(".") if "." in value else value
    sentences = {"markup": tr("Markup {value}%", value=shown), "margin": tr("Margin {value}%", value=shown)}
    return sentences.get(kind, rule.replace("_", " ").capitalize())
