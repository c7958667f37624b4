"""What applies to a client's messages: the price per country, and per network where it is known, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from desktop_app.domain.clients import Client
from desktop_app.domain.destinations import pricing_countries
from desktop_app.domain.money import MAX_PRICE_MICRO, amount_of, micro_half_up, micro_text
from desktop_app.domain.pricing import AppliedPrice, ListedPrice, PriceLevel, PriceRule, resolve_price
from desktop_app.domain.rates import Rate
from desktop_app.domain.regions import REGIONS
from desktop_app.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CountryPrice:
    """What one segment to a country, or to its network of this name, costs a client, or why nothing can be sent (``reason``)."""

    reason: str | None
    price: int = 0
    cost: int | None = None
    why: str = ""
    network: str = ""


class ClientPrices:
    """What one client pays per country and network, by the chain of decisions.md 5; each country is looked up once.

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
        self._read: dict[int, dict[str, Rate | None]] = {}
        self._complete = False
        self._networks: dict[tuple[int, str], dict[str | None, Rate]] = {}

    def read_all(self) -> None:
        """Read the rows of all countries at once, for who wants to know most of them."""
        for one in self._lists:
            self._read[one.list_id] = {row.country: row for row in self._uow.prices.rates(one.list_id, networks=False)}
        self._complete = True

    def of_country(self, iso: str) -> CountryPrice:
        """Return the price of a country, or of the country whose numbering plan it shares when it has no row itself."""
        place = self.place_of(iso)
        return CountryPrice("no_price") if place is None else self._price(place, self._rows(place))

    def place_of(self, iso: str) -> str | None:
        """Return the country whose price holds for numbers of ``iso``, None where none does."""
        return next((place for place in pricing_countries(iso) if any(self._rows(place))), None)

    def has_network(self, iso: str, mccmnc: str) -> bool:
        """Return whether somebody tells what a network of ``iso`` costs; else its numbers have the country's price."""
        return _is_costed(self._network_rows(iso, mccmnc))

    def of_network(self, iso: str, mccmnc: str) -> CountryPrice:
        """Return the price of a network's numbers, of a network that ``has_network`` knows."""
        return self._price(iso, self._rows(iso), self._network_rows(iso, mccmnc))

    def loss_reason(self, iso: str, promised: int, mccmnc: str | None = None) -> str | None:
        """Return why a price promised earlier may not be kept now: "below_cost", "no_rate" or None.

        Args:
            iso: the country.
            promised: micro-units per segment in the client's currency.
            mccmnc: the network that the promise was made for.
        """
        place = self.place_of(iso)
        if place is None:
            return "no_price"
        is_network = mccmnc is not None and self.has_network(place, mccmnc)
        rows = self._network_rows(place, mccmnc) if is_network and mccmnc is not None else self._rows(place)
        known = next(row for row in rows if row is not None)
        if known.unconverted or self._exchange is None:
            return "no_rate"
        if known.cost is None:
            return "no_price"
        return None if self._may_lose(rows) or promised >= _exchanged(known.cost, self._exchange) else "below_cost"

    def _rows(self, iso: str) -> list[Rate | None]:
        return [self._row(one.list_id, iso) for one in self._lists]

    def _row(self, list_id: int, iso: str) -> Rate | None:
        known = self._read.setdefault(list_id, {})
        if iso not in known and not self._complete:
            known[iso] = next(iter(self._uow.prices.rates(list_id, [iso], networks=False)), None)
        return known.get(iso)

    def _network_rows(self, iso: str, mccmnc: str) -> list[Rate | None]:
        """Return the rows of a network in each list; those of all networks of a country are read at once."""
        for one in self._lists:
            if (one.list_id, iso) not in self._networks:
                rows = self._uow.prices.rates(one.list_id, [iso])
                self._networks[one.list_id, iso] = {row.mccmnc: row for row in rows}
        return [self._networks[one.list_id, iso].get(mccmnc) for one in self._lists]

    def _may_lose(self, rows: list[Rate | None]) -> bool:
        """Return whether somebody allowed a loss for one of the rows: for a network it is allowed by itself."""
        return any(row is not None and row.rate_id in self._losses for row in rows)

    def _price(self, iso: str, rows: list[Rate | None], networks: list[Rate | None] | None = None) -> CountryPrice:
        """Return the price of a country, or of one of its networks, given their rows in each list."""
        cost_rows = rows if networks is None else networks
        known = next(row for row in cost_rows if row is not None)
        name = known.network
        if known.unconverted:
            return CountryPrice("no_rate", network=name)
        if known.cost is None:
            # Nobody sells it to us just now, so there is nothing to sell on.
            return CountryPrice("no_price", network=name)
        levels = tuple(
            price_level(one.name, row, standing, iso, network)
            for one, row, standing, network in zip(
                self._lists, rows, self._standing, networks or [None] * len(rows), strict=True
            )
        )
        special = None if known.mccmnc is None else self._special.get((iso, known.mccmnc))
        applied = resolve_price(
            levels, known.cost, client_network=special, client_country=self._special.get((iso, None))
        )
        if applied is None:
            return CountryPrice("no_price", network=name)
        if self._exchange is None:
            return CountryPrice("no_rate", network=name)
        if applied.price < known.cost and not self._may_lose(cost_rows):
            return CountryPrice("below_cost", network=name)
        price = _exchanged(applied.price, self._exchange)
        if not 0 < price <= MAX_PRICE_MICRO:
            return CountryPrice("no_rate", network=name)
        return CountryPrice(None, price, known.cost, _why(applied, known, self._exchange, self.currency), name)


def _is_costed(rows: list[Rate | None]) -> bool:
    """Return whether the rows of a network tell what it costs us, be it in a currency without a rate."""
    known = next((row for row in rows if row is not None), None)
    return known is not None and (known.unconverted or known.cost is not None)


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


def _why(applied: AppliedPrice, row: Rate, exchange: Decimal, currency: str) -> str:
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
            **({} if row.mccmnc is None else {"mccmnc": row.mccmnc, "network": row.network}),
        }
    )
