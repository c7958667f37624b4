"""Price lists as they go to people: the destinations that have a price, in one currency, for everybody or for one client."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel import Locale

from desktop_app.domain.clients import Client
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, amount_of, micro_ceiling, micro_half_up
from desktop_app.services.applied_prices import ClientPrices
from desktop_app.services.pricing import list_rows
from desktop_app.storage.repositories.prices import PriceList
from desktop_app.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ListedDestination:
    """A line of a price list.

    Attributes:
        country: ISO 3166 alpha-2.
        mccmnc: None for the country itself.
        name: the country's name in the list's language.
        network: the network's name, "" for a country.
        price: micro-units per segment in the list's currency.
        cost: micro-units in the same currency, None when unknown.
    """

    country: str
    mccmnc: str | None
    name: str
    network: str
    price: int
    cost: int | None


@dataclass(frozen=True, slots=True)
class IssuedPrices:
    """A price list that can be given away.

    Attributes:
        client: for whom, None for everybody.
        currency: of every amount in it.
        lines: by ISO code, a country before its networks.
        exchange: (from currency, rate, its date) when the prices were converted.
    """

    client: Client | None
    currency: str
    lines: tuple[ListedDestination, ...]
    exchange: tuple[str, Decimal, date] | None


def public_prices(
    uow: UnitOfWork,
    *,
    currency: str | None,
    countries: Collection[str] | None,
    networks: bool,
    language: str,
    at: datetime,
) -> IssuedPrices:
    """Return the standard list, in ``currency`` or its own one.

    Raises:
        InvalidInput: code "no_rate": there is no exchange rate into ``currency``.
    """
    standard = uow.prices.default_list()
    if standard is None:
        return IssuedPrices(None, currency or "", (), None)
    exchange = _exchange(uow, standard, currency, at)
    names = Locale.parse(language).territories
    rate = exchange[1] if exchange else Decimal(1)
    lines = []
    for row in list_rows(uow, standard, countries, networks=networks):
        price = None if row.price is None else _converted(row.price, rate)
        if price is None or not row.enabled:
            continue
        cost = None if row.rate.cost is None else _converted_cost(row.rate.cost, rate)
        iso = row.rate.country
        lines.append(ListedDestination(iso, row.rate.mccmnc, names.get(iso, iso), row.rate.network, price, cost))
    return IssuedPrices(None, currency or standard.currency, tuple(lines), exchange)


def client_prices(
    uow: UnitOfWork, name: str, *, countries: Collection[str] | None, language: str, at: datetime
) -> IssuedPrices:
    """Return what one client pays per country, in its currency, and per network where numbers are charged by network.

    Raises:
        NotFound: no such client.
    """
    client = uow.clients.get(name)
    price_list = uow.prices.list_by_id(client.list_id)
    prices = ClientPrices(uow, client, at)
    prices.read_all()
    names = Locale.parse(language).territories
    sending = uow.providers.default()
    by_range = frozenset[tuple[str, str]]() if sending is None else uow.number_ranges.networks(sending.provider_id)
    lines = []
    for row in list_rows(uow, price_list, countries, networks=bool(by_range)):
        iso, mccmnc = row.rate.country, row.rate.mccmnc
        if mccmnc is None:
            price = prices.of_country(iso)
        elif (iso, mccmnc) in by_range and prices.has_network(iso, mccmnc):
            price = prices.of_network(iso, mccmnc)
        else:
            continue
        if price.reason is None and row.enabled:
            lines.append(ListedDestination(iso, mccmnc, names.get(iso, iso), row.rate.network, price.price, None))
    known = uow.exchange_rates.from_currency(price_list.currency, at.date()).get(client.currency)
    exchange = (price_list.currency, *known) if known and client.currency != price_list.currency else None
    return IssuedPrices(client, client.currency, tuple(lines), exchange)


def _exchange(
    uow: UnitOfWork, price_list: PriceList, currency: str | None, at: datetime
) -> tuple[str, Decimal, date] | None:
    if currency is None or currency == price_list.currency:
        return None
    known = uow.exchange_rates.from_currency(price_list.currency, at.date()).get(currency)
    if known is None:
        sentence = tr(
            "There is no exchange rate from {source} to {target}.", source=price_list.currency, target=currency
        )
        raise InvalidInput(sentence, fields={"currency": sentence}, code="no_rate")
    return price_list.currency, *known


def _converted(price: int, rate: Decimal) -> int | None:
    """Return a price at a rate; None where nothing is left of it, or more than a price can be."""
    converted = price if rate == 1 else micro_half_up(amount_of(price) * rate)
    return converted if 0 < converted <= MAX_PRICE_MICRO else None


def _converted_cost(cost: int, rate: Decimal) -> int:
    return cost if rate == 1 else micro_ceiling(amount_of(cost) * rate)


def standard_currency(uow: UnitOfWork) -> str:
    """Return the currency of the standard list.

    Raises:
        NotFound: before the first list.
    """
    standard = uow.prices.default_list()
    if standard is None:
        raise NotFound(tr("There is no price list yet."))
    return standard.currency
