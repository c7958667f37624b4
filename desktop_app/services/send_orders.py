"""What is sent: an order, and the sheet that says what it means."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from desktop_app.domain.errors import AppError
from desktop_app.domain.segments import SegmentPlan
from desktop_app.services.preflight import CountryGroup, NotSent, RefusedCountry
from desktop_app.services.promises import CreditState, Promise, PromisedCountry, credit_state

_NO_FALLBACKS: Final[Mapping[str, str]] = MappingProxyType({})


class NothingToSend(AppError):
    """No recipient is left; ``not_sent`` says why for each."""

    code = "nothing_to_send"

    def __init__(self, user_message: str, not_sent: tuple[NotSent, ...]) -> None:
        super().__init__(user_message)
        self.not_sent = not_sent


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What somebody wants sent.

    Attributes:
        client: name of the client it is sent for.
        sender: the sender ID, as typed.
        text: one text for all.
        recipients: numbers as given.
        actor: who sends.
        reason: why, for sends on behalf of a client.
        idem: the key of this order, made when it is first written: given twice it is one batch. A draft with this key goes
            when the order is queued.
        fields: what each recipient has for the fields of the text, in the order of ``recipients``; None when braces in the
            text are only braces.
        fallbacks: what stands in the place of a field where a recipient has nothing.
        budget: micro-units that it may cost; only the cheapest messages that it covers are sent. None for all.
        send_at: nothing leaves before; None for at once.
        name: what lists call the batch.
        promise: what the person saw and confirmed; anything else is not queued. None to queue whatever it comes to.
        is_test: a test for ourselves: it is charged to us, not to the client.
    """

    client: str
    sender: str
    text: str
    recipients: Sequence[str]
    actor: str
    reason: str = ""
    idem: str = ""
    fields: Sequence[Mapping[str, str]] | None = None
    fallbacks: Mapping[str, str] = field(default_factory=lambda: _NO_FALLBACKS)
    budget: int | None = None
    send_at: datetime | None = None
    name: str = ""
    promise: Promise | None = None
    is_test: bool = False

    def fingerprint(self, client_id: int, sender: str) -> str:
        """Return what tells it from any other order: what is sent to whom, when, and who pays; 32 characters.

        Args:
            client_id: the client that ``client`` names.
            sender: as it is spelt.
        """
        send_at = None if self.send_at is None else self.send_at.timestamp()
        shared = (client_id, sender, self.text, self.budget, send_at, self.is_test, sorted(self.fallbacks.items()))
        content = hashlib.sha256(repr(shared).encode())
        content.update("\0".join(self.recipients).encode())
        for values in self.fields or ():
            content.update(repr(sorted(values.items())).encode())
        return content.hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Preflight:
    """What sending an order means.

    Attributes:
        plan: how the text is cut into segments; where each has a text of its own, the longest of them.
        currency: of ``total`` and of the groups' prices.
        groups: recipients that get it, by country and, where their ranges tell it, network.
        not_sent: the others.
        refused: the countries, and networks of them, of which nobody gets it.
        missing: for how many recipients each field has neither a value nor a fallback.
        available: the client's credit before it, in micro-units.
        alert: micro-units of credit below which the client is warned, None for never.
        batch_id: None before it is queued.
    """

    plan: SegmentPlan
    currency: str
    groups: tuple[CountryGroup, ...]
    not_sent: tuple[NotSent, ...]
    refused: tuple[RefusedCountry, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    available: int = field(default=0, compare=False)
    alert: int | None = field(default=None, compare=False)
    batch_id: int | None = None

    @property
    def accepted(self) -> int:
        """How many recipients get it."""
        return sum(len(group.numbers) for group in self.groups)

    @property
    def segments(self) -> int:
        """How many segments are billed in all."""
        return sum(group.segments for group in self.groups)

    @property
    def total(self) -> int:
        """What it costs the client in micro-units."""
        return sum(group.amount for group in self.groups)

    @property
    def credit_state(self) -> CreditState:
        """How the client's credit stands after it."""
        return credit_state(self.available, self.total, self.alert)

    @property
    def promise(self) -> Promise:
        """What a person who sees this sheet is told."""
        rows = (
            PromisedCountry(
                group.quote.country,
                len(group.numbers),
                group.segments,
                group.quote.price,
                group.quote.sender,
                group.quote.mccmnc,
                group.quote.network,
            )
            for group in self.groups
        )
        return Promise(self.currency, self.total, self.credit_state, tuple(rows))
