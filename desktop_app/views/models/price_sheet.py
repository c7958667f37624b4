"""Reads the standard price list and makes the lines of the price table of it; runs in the data lane."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.pace import paced
from desktop_app.domain.percents import cut_margin, cut_markup
from desktop_app.domain.price_rules import RuleKind
from desktop_app.services.accounts import AccountsService
from desktop_app.services.clock import Clock
from desktop_app.services.country_rules import CountryRulesService
from desktop_app.services.job import Job
from desktop_app.services.preferences import PreferencesService
from desktop_app.services.price_history import PriceHistoryService
from desktop_app.services.pricing import PriceRow, PricingService
from desktop_app.views.formats import folded, in_language
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_lines import CODE, WORD, PriceLine, PriceSheet, make_sheet
from desktop_app.views.models.price_more import Counted, Place, read_more, with_more

_MCC_DIGITS: Final = 3
# Costs older than this carry a clock.
STALE: Final = timedelta(hours=24)


class SheetReader:
    """Reads everything the Prices screen shows. Its methods run in the data lane."""

    def __init__(
        self, pricing: PricingService, accounts: AccountsService, preferences: PreferencesService,
        history: PriceHistoryService, rules: CountryRulesService, clock: Clock,
    ) -> None:  # fmt: skip
        self._pricing, self._accounts, self._preferences = pricing, accounts, preferences
        self._history, self._rules, self._clock = history, rules, clock

    def read(self, language: str, counted: Counted | None, wanted: frozenset[Column], _job: Job) -> PriceSheet:
        """Return the standard price list and what belongs around it.

        Args:
            language: of the countries' names.
            counted: what was counted before, None before the first time.
            wanted: the columns that are read on demand.
        """
        rows = self._pricing.list_prices(networks=True)
        provider = next((one for one in self._accounts.list_providers() if one.is_default), None)
        settled = self._preferences.read()
        names = _CountryNames(language)
        name, missed = (provider.name, provider.costs_missed) if provider else ("", frozenset())
        rule_prices = self._pricing.rule_prices() if rows else {}
        moved = self._history.recent_cost_changes() if rows else {}
        old_costs = {place: old for place, (old, _new, _at) in moved.items()}
        lines = price_lines(rows, language, provider=name, rule_prices=rule_prices, old_costs=old_costs, missed=missed)
        synced = provider.costs_synced_at if provider else None
        empty = PriceSheet(
            (), rows[0].currency if rows else "", name or None, synced, settled.target_margin, settled.shows_markup,
            settled.step, settled.decimals, spoken_currency=names.currency(rows[0].currency) if rows else "",
            stale=synced is not None and self._clock() - synced > STALE, elsewhere=self._pricing.costs_elsewhere(),
            follows=settled.rules_follow_costs,
        )  # fmt: skip
        more = read_more(self._history, self._rules, wanted, counted, self._clock()) if rows else None
        known = lines if counted is None else with_volumes(lines, counted.volumes)
        return make_sheet(with_more(known, more), empty)

    def tell_more(
        self, sheet: PriceSheet, counted: Counted | None, wanted: frozenset[Column], _job: Job
    ) -> PriceSheet:  # fmt: skip
        """Return ``sheet`` with what the ``wanted`` columns show."""
        more = read_more(self._history, self._rules, wanted, counted, self._clock())
        return make_sheet(with_more(sheet.countries, more), sheet)

    def count(self, sheet: PriceSheet, wanted: frozenset[Column], _job: Job) -> tuple[Counted, PriceSheet]:
        """Return what is counted from the messages of the last 30 days, and ``sheet`` with it."""
        counted = Counted(self._pricing.volumes(), self._pricing.delivery() if Column.DELIVERY in wanted else None)
        more = read_more(self._history, self._rules, wanted, counted, self._clock()) if sheet.countries else None
        return counted, make_sheet(with_more(with_volumes(sheet.countries, counted.volumes), more), sheet)


def price_lines(
    rows: Sequence[PriceRow], language: str, *, provider: str = "", rule_prices: Mapping[Place, int | None] | None = None,
    old_costs: Mapping[Place, int] | None = None, missed: Collection[str] = (),
) -> tuple[PriceLine, ...]:  # fmt: skip
    """Return the countries of ``rows`` by name, each with its networks by name."""
    maker = _LineMaker(_CountryNames(language), provider, rule_prices or {}, old_costs or {}, missed)
    networks: dict[str, list[PriceLine]] = {}
    for row in paced(rows):
        if row.rate.mccmnc is not None:
            networks.setdefault(row.rate.country, []).append(maker.network(row, row.rate.mccmnc))
    lines = [
        maker.country(row, tuple(sorted(networks.get(row.rate.country, ()), key=lambda line: line.sort_name)))
        for row in paced(rows)
        if row.rate.mccmnc is None
    ]
    return tuple(sorted(lines, key=lambda line: line.sort_name))


def nearest_name(text: str, countries: Sequence[PriceLine]) -> PriceLine | None:
    """Return the country whose name a mistyped ``text`` most likely means, None when nothing comes near."""
    wanted = folded(text)
    names = {word: line for line in countries for word in line.words.split(WORD)}
    found = get_close_matches(wanted, names, n=1, cutoff=0.6) if wanted else []
    return names[found[0]] if found else None


def with_volumes(countries: Sequence[PriceLine], volumes: Mapping[Place, int]) -> tuple[PriceLine, ...]:
    """Return the lines with their volumes; a country's is that of all its numbers, whatever the network."""
    totals: dict[str, int] = {}
    for (iso, _), segments in volumes.items():
        totals[iso] = totals.get(iso, 0) + segments
    return tuple(
        replace(
            line, volume=totals.get(line.iso, 0),
            networks=tuple(replace(one, volume=volumes.get((one.iso, one.mccmnc), 0)) for one in line.networks),
        )
        for line in countries
    )  # fmt: skip


class _CountryNames:
    """Names in the person's language and in English, and calling codes; imported here to keep the start light."""

    def __init__(self, language: str) -> None:
        from babel import Locale
        from phonenumbers import country_code_for_region

        self._locale = Locale.parse(language)
        self._own = self._locale.territories
        self._english = Locale("en").territories
        self._dial = country_code_for_region

    def of(self, iso: str) -> tuple[str, str]:
        return self._own.get(iso, iso), self._english.get(iso, iso)

    def dial(self, iso: str) -> str:
        code = self._dial(iso)
        return f"+{code}" if code else ""

    def currency(self, code: str) -> str:
        from babel.numbers import get_currency_name

        return get_currency_name(code, count=1, locale=self._locale)


class _LineMaker:
    def __init__(
        self,
        names: _CountryNames,
        provider: str,
        rule_prices: Mapping[Place, int | None],
        old_costs: Mapping[Place, int],
        missed: Collection[str],
    ) -> None:
        self._names, self._provider, self._rule_prices, self._old_costs = names, provider, rule_prices, old_costs
        self._missed = missed

    def country(self, row: PriceRow, networks: tuple[PriceLine, ...]) -> PriceLine:
        iso = row.rate.country
        name, english = self._names.of(iso)
        dial = self._names.dial(iso)
        areas = sorted({network.code[:_MCC_DIGITS] for network in networks})
        codes = (iso.casefold(), dial, dial.removeprefix("+"), *areas)
        return self._line(row, name, iso, dial, (folded(name), folded(english)), codes, networks)

    def network(self, row: PriceRow, mccmnc: str) -> PriceLine:
        name = row.rate.network or mccmnc
        return self._line(row, name, mccmnc, "", (folded(name),), (mccmnc,), ())

    def _line(
        self, row: PriceRow, name: str, code: str, dial: str, words: tuple[str, ...], codes: tuple[str, ...],
        networks: tuple[PriceLine, ...],
    ) -> PriceLine:  # fmt: skip
        applies, rate, price = row.applies, row.rate, row.price
        place = (rate.country, rate.mccmnc)
        return PriceLine(
            key=rate.country if rate.mccmnc is None else f"{rate.country}/{rate.mccmnc}", iso=rate.country,
            mccmnc=rate.mccmnc, name=name, code=code, dial=dial, cost=rate.cost, price=price, own=rate.price,
            margin=cut_margin(price, rate.cost), markup=cut_markup(price, rate.cost),
            rule=rule_text(applies.rule, manual=applies.manual, priced=price is not None, routed=row.cost is not None),
            manual=applies.manual, inherited=applies.inherited, enabled=row.enabled,
            provider=self._provider if row.cost is not None else "", provider_cost=row.cost,
            provider_currency=row.cost_currency or "", old_cost=self._old_costs.get(place),
            rule_price=self._rule_prices.get(place), volume=None, sort_name=words[0], words=WORD.join(words),
            codes="".join(CODE + one for one in codes if one), networks=networks, missed=rate.country in self._missed,
        )  # fmt: skip


def rule_text(rule: str, *, manual: bool, priced: bool, routed: bool = True) -> str:
    """Return what made a price, for a person: "Margin 30%", "Manual", "No route" where no provider lists a cost."""
    if not priced:
        return tr("No price") if routed else tr("No route")
    if manual:
        return tr("Manual")
    kind, _, value = rule.partition(" ")
    shown = in_language(value.rstrip("0").rstrip(".") if "." in value else value)
    more = shown if shown.startswith("-") else f"+{shown}"
    sentences = {
        RuleKind.MARKUP: tr("Markup {value}%", value=shown), RuleKind.MARGIN: tr("Margin {value}%", value=shown),
        RuleKind.RAISE_MARKUP: tr("Markup {value} points", value=more),
        RuleKind.RAISE_MARGIN: tr("Margin {value} points", value=more),
        RuleKind.CHANGE_PERCENT: tr("Price {value}%", value=more), RuleKind.CHANGE_AMOUNT: tr("Price {value}", value=more),
        RuleKind.SET_PRICE: tr("Price {value}", value=shown), RuleKind.PROFIT: tr("Cost {value}", value=more),
    }  # fmt: skip
    return sentences[RuleKind(kind)] if kind in list(RuleKind) else rule
