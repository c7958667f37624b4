"""Special prices: what one client pays for a country instead of the price of its list (decisions.md 5)."""

from datetime import datetime
from decimal import Decimal

from desktop_app.domain.errors import InvalidInput, StaleData
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, amount_of, micro_exact, micro_text
from desktop_app.domain.regions import parse_country
from desktop_app.storage.unit_of_work import UnitOfWork


def set_client_price(
    uow: UnitOfWork, client_name: str, iso: str, price: Decimal | None, *, at: datetime, actor: str,
    expected: tuple[int | None] | None = None,
) -> Decimal | None:  # fmt: skip
    """Write a client's price for a country within the transaction; see ``PricingService.set_client_price``."""
    client, country = uow.clients.get(client_name), parse_country(iso)
    micro = None if price is None else micro_exact(price)
    if micro is not None:
        _refuse_loss(uow, client.list_id, country, micro, at)
    before = uow.prices.client_prices(client.client_id).get((country, None))
    if expected is not None and expected != (before,):
        raise StaleData(tr("This was changed again since. What is there now stays."))
    uow.prices.set_client_price(client.client_id, country, micro)
    uow.activity.add(at, actor, "client_price_set", f"{client.name} {country}", before=before, after=micro)
    return None if before is None else amount_of(before)


def _refuse_loss(uow: UnitOfWork, list_id: int, country: str, price: int, at: datetime) -> None:
    if not 0 < price <= MAX_PRICE_MICRO:
        raise InvalidInput(tr("A price must be above 0 and at most 100,000."), fields={"price": micro_text(price)})
    row = next(iter(uow.prices.rates(list_id, [country], networks=False)), None)
    if row is None or row.cost is None or price >= row.cost or row.rate_id in uow.losses.allowed(at):
        return
    cost = micro_text(row.cost)
    raise InvalidInput(tr("Below cost {cost}.", cost=cost), fields={"price": cost}, code="below_cost")
