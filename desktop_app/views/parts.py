"""The services that the window works with; made by the composition root."""

from dataclasses import dataclass

from desktop_app.services.accounts import AccountsService
from desktop_app.services.clients import ClientsService
from desktop_app.services.clock import Clock
from desktop_app.services.price_files import PriceFilesService
from desktop_app.services.pricing import PricingService


@dataclass(frozen=True, slots=True)
class WindowParts:
    """What the window works with.

    Attributes:
        pricing: the prices.
        price_files: price lists as files.
        accounts: the providers.
        clients: who buys.
        clock: the time.
        actor: who acts.
        language: "en", "tr" or "de".
        sandbox: nothing is sent; the window says so.
    """

    pricing: PricingService
    price_files: PriceFilesService
    accounts: AccountsService
    clients: ClientsService
    clock: Clock
    actor: str
    language: str
    sandbox: bool
