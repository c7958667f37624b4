"""What one client pays beside what everybody pays, country by country."""

from dataclasses import dataclass

from desktop_app.services.clock import Clock
from desktop_app.services.pricing import list_rows
from desktop_app.storage.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class ClientPriceRow:
    """A country.

    Attributes:
        country: ISO 3166 alpha-2.
        standard: micro-units of the client's list, None without a price.
        own: micro-units of the client, None where it pays the list's price.
        cost: micro-units, None when unknown.
        loss_allowed: the price may lie below the cost just now.
    """

    country: str
    standard: int | None
    own: int | None
    cost: int | None
    loss_allowed: bool

    @property
    def is_loss(self) -> bool:
        """Whether the client's own price lies below the cost."""
        return self.own is not None and self.cost is not None and self.own < self.cost


@dataclass(frozen=True, slots=True)
class ClientPriceList:
    """Every country that has a price, and the currency of all amounts: that of the client's list."""

    currency: str
    rows: tuple[ClientPriceRow, ...]


class ClientPriceListService:
    """Reads the prices of a client."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def read(self, name: str) -> ClientPriceList:
        """Return what a client pays.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            client = uow.clients.get(name)
            price_list = uow.prices.list_by_id(client.list_id)
            own = uow.prices.client_prices(client.client_id)
            losses = uow.losses.allowed(self._clock())
            rows = [
                ClientPriceRow(
                    row.rate.country,
                    row.price,
                    own.get((row.rate.country, None)),
                    row.rate.cost,
                    row.rate.rate_id in losses,
                )
                for row in list_rows(uow, price_list, None, networks=False)
                if row.price is not None or (row.rate.country, None) in own
            ]
        return ClientPriceList(price_list.currency, tuple(rows))
