"""What a provider's wire format has to offer the sandbox."""

from dataclasses import dataclass
from typing import Protocol

from desktop_app.sandbox.faults import RequestKind
from desktop_app.sandbox.prices import PriceBook
from desktop_app.sandbox.receipts import ReceiptPost
from desktop_app.sandbox.wire import Reply, Request
from desktop_app.sandbox.world import LookupView, World


@dataclass(frozen=True, slots=True)
class Backstage:
    """What all faces share.

    Attributes:
        world: scenario and messages.
        prices: of all countries.
        receipts: sends delivery receipts.
    """

    world: World
    prices: PriceBook
    receipts: ReceiptPost


class Face(Protocol):
    """One provider. Paths are those below the provider's prefix. Every method may be called from any thread."""

    def kind_of(self, request: Request) -> RequestKind:
        """Return what ``request`` asks for, which decides the faults that may hit it."""
        ...

    def answer(self, request: Request, view: LookupView) -> Reply:
        """Do what ``request`` asks, and return what the provider says; look-ups show what ``view`` allows."""
        ...

    def refuse(self, status: int) -> Reply:
        """Return the provider's own words for 400, 401, 429, 500 or 503, without doing anything."""
        ...

    def mixed_parts(self, answer: Reply) -> Reply:
        """Return ``answer`` as if some parts of the message were refused."""
        ...
