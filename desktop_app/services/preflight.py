"""The sheet before every send: who gets it, who does not and why, what each country costs (product.md, 7)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from desktop_app.domain.batches import OwnText, Quote
from desktop_app.domain.clients import Client
from desktop_app.domain.destinations import Recipient, RejectedNumber, parse_recipients, pricing_countries
from desktop_app.domain.money import MAX_PRICE_MICRO, amount_of, micro_half_up, micro_text
from desktop_app.domain.pricing import AppliedPrice, ListedPrice, PriceLevel, PriceRule, resolve_price
from desktop_app.domain.rates import Rate
from desktop_app.domain.regions import REGIONS
from desktop_app.domain.sender_ids import ApprovalStatus, Sender, rule_for, usable
from desktop_app.services.country_rules import rules_in_force
from desktop_app.storage.repositories.accounts import StoredProvider
from desktop_app.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NotSent:
    """A recipient that gets nothing, and why: one of the reasons of cli.md."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class CountryGroup:
    """The recipients of one country, with the promise made for it.

    Attributes:
        quote: what was promised.
        numbers: E.164.
        segments: billed segments of all its messages together.
        own_texts: the text of each number in the same order, None when all get the same.
    """

    quote: Quote
    numbers: tuple[str, ...]
    segments: int
    own_texts: tuple[OwnText, ...] | None = None

    @property
    def amount(self) -> int:
        """What its messages cost the client in micro-units."""
        return self.quote.price * self.segments


@dataclass(frozen=True, slots=True)
class RefusedCountry:
    """A country whose recipients all get nothing, and why."""

    country: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class CountryPrice:
    """What one segment to a country costs a client, or why nothing can be sent there (``reason``)."""

    reason: str | None
    price: int = 0
    cost: int | None = None
    why: str = ""


class ClientPrices:
    """What one client pays per country, by the chain of decisions.md 5; each country is looked up once.

    Args:
        uow: the transaction that everything is read in.
        client: who pays.
        at: the moment, for exchange rates and permitted losses.
    """

    def __init__(self, uow: UnitOfWork, client: Client, at: datetime) -> None:
        self._uow = uow
        self._client = client
        self._at = at
        price_list = uow.prices.list_by_id(client.list_id)
        self.currency = price_list.currency
        self._exchange = uow.exchange_rates.find(price_list.currency, client.currency, at.date())
        self._special = uow.prices.client_prices(client.client_id)
        self._losses = uow.losses.allowed(at)
        self._lists = [price_list]
        while self._lists[-1].parent_id is not None:
            self._lists.append(uow.prices.list_by_id(self._lists[-1].parent_id))
        self._standing = [uow.prices.standing_rules(one.list_id) for one in self._lists]
        self._read: dict[int, dict[str, Rate]] = {}

    def read_all(self) -> None:
        """Read the rows of all countries at once, for who wants to know most of them."""
        for one in self._lists:
            self._read[one.list_id] = {row.country: row for row in self._uow.prices.rates(one.list_id, networks=False)}

    def of_country(self, iso: str) -> CountryPrice:
        """Return the price of a country, or of the country whose numbering plan it shares when it has no row itself."""
        for place in pricing_countries(iso):
            rows = [self._row(one.list_id, place) for one in self._lists]
            if any(rows):
                return self._price(place, rows)
        return CountryPrice("no_price")

    def loss_reason(self, iso: str, promised: int) -> str | None:
        """Return why a price promised earlier may not be kept now: "below_cost", "no_rate" or None.

        Args:
            iso: the country.
            promised: micro-units per segment in the client's currency.
        """
        for place in pricing_countries(iso):
            rows = [self._row(one.list_id, place) for one in self._lists]
            known = next((row for row in rows if row is not None), None)
            if known is None:
                continue
            if known.unconverted or self._exchange is None:
                return "no_rate"
            if known.cost is None:
                return "no_price"
            allowed = any(row is not None and row.rate_id in self._losses for row in rows)
            return None if allowed or promised >= _exchanged(known.cost, self._exchange) else "below_cost"
        return "no_price"

    def _row(self, list_id: int, iso: str) -> Rate | None:
        if list_id in self._read:
            return self._read[list_id].get(iso)
        return next(iter(self._uow.prices.rates(list_id, [iso], networks=False)), None)

    def _price(self, iso: str, rows: list[Rate | None]) -> CountryPrice:
        known = next(row for row in rows if row is not None)
        if known.unconverted:
            return CountryPrice("no_rate")
        if known.cost is None:
            # Nobody sells it to us just now, so there is nothing to sell on.
            return CountryPrice("no_price")
        levels = tuple(
            price_level(one.name, row, standing, iso)
            for one, row, standing in zip(self._lists, rows, self._standing, strict=True)
        )
        applied = resolve_price(levels, known.cost, client_country=self._special.get((iso, None)))
        if applied is None:
            return CountryPrice("no_price")
        if self._exchange is None:
            return CountryPrice("no_rate")
        if applied.price < known.cost and not any(row is not None and row.rate_id in self._losses for row in rows):
            return CountryPrice("below_cost")
        price = _exchanged(applied.price, self._exchange)
        if not 0 < price <= MAX_PRICE_MICRO:
            return CountryPrice("no_rate")
        return CountryPrice(None, price, known.cost, _why(applied, self._exchange, self.currency))


def price_level(
    name: str, row: Rate | None, standing: Mapping[str, str], iso: str, network: Rate | None = None
) -> PriceLevel:
    """Return what a price list says about a country, or about one of its networks.

    Args:
        name: the list's.
        row: the country's own row, None when the list does not know it.
        standing: the list's standing rules by region, "" for the default.
        iso: the country.
        network: the network's row.
    """
    regional = next((rule for region, rule in sorted(standing.items()) if region and iso in REGIONS[region]), None)
    default = standing.get("")
    return PriceLevel(
        name,
        network=None if network is None else ListedPrice(network.price, network.manual, network.rule),
        country=None if row is None else ListedPrice(row.price, row.manual, row.rule),
        region_rule=PriceRule.from_text(regional) if regional else None,
        default_rule=PriceRule.from_text(default) if default else None,
    )


def _exchanged(price: int, rate: Decimal) -> int:
    return price if rate == 1 else micro_half_up(amount_of(price) * rate)


def _why(applied: AppliedPrice, exchange: Decimal, currency: str) -> str:
    passed_over = [
        {"source": source.value, "list": name, "price": micro_text(price)}
        for source, name, price in applied.passed_over
    ]
    return json.dumps(
        {
            "source": applied.source.value,
            "list": applied.list_name,
            "rule": applied.rule,
            "price": micro_text(applied.price),
            "currency": currency,
            "exchange_rate": str(exchange),
            "passed_over": passed_over,
        }
    )


class Recipients:
    """The recipients of a send, sorted: valid ones by country, the others with their reason.

    Args:
        texts: as given; the first of several equal numbers counts.
        opted_out: E.164 numbers that must not be sent to.
    """

    def __init__(self, texts: Iterable[str], opted_out: frozenset[str]) -> None:
        self.by_country: dict[str, list[str]] = defaultdict(list)
        self.not_sent: list[NotSent] = []
        self.refused: list[RefusedCountry] = []
        # Where each number stands among the texts: its fields stand at the same place.
        self.places: dict[str, int] = {}
        for place, (text, one) in enumerate(_paired(texts)):
            if isinstance(one, RejectedNumber):
                self.not_sent.append(NotSent(text, "invalid_number"))
            elif one.e164 in self.places:
                self.not_sent.append(NotSent(text, "duplicate"))
            else:
                self.places[one.e164] = place
                if one.e164 in opted_out:
                    self.not_sent.append(NotSent(one.e164, "opted_out"))
                else:
                    self.by_country[one.country].append(one.e164)

    def refuse(self, country: str, reason: str) -> None:
        """Leave a country's recipients out."""
        numbers = self.by_country.pop(country)
        self.refused.append(RefusedCountry(country, len(numbers), reason))
        self.not_sent += [NotSent(number, reason) for number in numbers]

    def again(self) -> "Recipients":
        """Return the same recipients, for another preflight; ``self`` must not have refused any."""
        other = Recipients((), frozenset())
        other.by_country.update(self.by_country)
        other.not_sent += self.not_sent
        other.places = self.places
        return other

    def refuse_all(self, reason: str) -> None:
        """Leave every recipient out."""
        for country in list(self.by_country):
            self.refuse(country, reason)


def _paired(texts: Iterable[str]) -> Iterable[tuple[str, Recipient | RejectedNumber]]:
    listed = list(texts)
    return zip(listed, parse_recipients(listed), strict=True)


def group_by_country(
    uow: UnitOfWork, client: Client, provider: StoredProvider, sender: Sender, recipients: Recipients, at: datetime,
    segments: int,
) -> list[CountryGroup]:  # fmt: skip
    """Return the recipients that may be sent to, with the promise for each country; the others are refused by name.

    Args:
        uow: the transaction that everything is read in.
        client: who pays.
        provider: who sends.
        sender: as whom.
        recipients: all of them; those that get nothing are refused.
        at: the moment.
        segments: of each message.
    """
    prices = ClientPrices(uow, client, at)
    disabled = uow.prices.disabled_countries()
    fallback = uow.senders.fallback_numbers(provider.provider_id)
    rules = rules_in_force(uow)
    found = uow.senders.find(client.client_id, sender.key)
    approvals = uow.senders.approvals(found[0], at) if found is not None else {}
    groups = []
    for country in sorted(recipients.by_country):
        if country in disabled:
            recipients.refuse(country, "country_disabled")
            continue
        status = approvals.get(country)
        verdict = usable(
            sender, rule_for(rules, country), ApprovalStatus(status) if status else None, fallback.get(country)
        )
        if found is None or not verdict.allowed:
            recipients.refuse(country, verdict.reason or "sender_not_approved")
            continue
        price = prices.of_country(country)
        if price.reason is not None:
            recipients.refuse(country, price.reason)
            continue
        quote = Quote(
            country, None, verdict.shown_as or sender.text, price.price, price.cost, prices.currency, price.why
        )
        numbers = tuple(recipients.by_country[country])
        groups.append(CountryGroup(quote, numbers, segments * len(numbers)))
    return groups
