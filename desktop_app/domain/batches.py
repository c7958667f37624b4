"""Batches: one submit of many messages, as it is written and as it is read back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from desktop_app.domain.messages import AttemptOutcome, MessageStatus


@dataclass(frozen=True, slots=True)
class Quote:
    """What a batch was promised for one destination, frozen.

    Attributes:
        country: ISO 3166 alpha-2.
        mccmnc: None for the country's price.
        sender: the sender ID or number that is shown there.
        price: micro-units per segment in the client's currency.
        cost: micro-units per segment in the price list's currency, None when a loss was allowed without a known cost.
        cost_currency: of ``cost``.
        why: which price this is, as JSON text.
        network: the name of the network ``mccmnc``, "" for the country's price.
    """

    country: str
    mccmnc: str | None
    sender: str
    price: int
    cost: int | None
    cost_currency: str
    why: str
    network: str = ""


class OwnText(NamedTuple):
    """The text of one message where each has its own: "Hi {first_name}" filled in, with what it is billed as.

    Attributes:
        text: whole.
        encoding: "GSM-7" or "UCS-2".
        segments: of this message.
    """

    text: str
    encoding: str
    segments: int


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch about to be queued.

    Attributes:
        idem: unique key of the submit: queued twice it is one batch.
        client_id: who pays.
        provider_id: who sends.
        sender: the client's sender ID.
        text: the text of every message; with ``own_texts`` the text with its fields.
        encoding: "GSM-7" or "UCS-2"; with ``own_texts`` that of the longest.
        segments: of one message; with ``own_texts`` of the longest.
        currency: the client's.
        actor: who submits it.
        reason: why, for sends on behalf of a client.
        quotes: one per destination.
        numbers: per quote, the E.164 numbers.
        name: what lists call it, "" for none.
        send_at: no message leaves before; None for at once.
        own_texts: per quote, the text of each number in the same order; None when all get ``text``.
    """

    idem: str
    client_id: int
    provider_id: int
    sender: str
    text: str
    encoding: str
    segments: int
    currency: str
    actor: str
    reason: str
    quotes: tuple[Quote, ...]
    numbers: tuple[Sequence[str], ...]
    name: str = ""
    send_at: datetime | None = None
    own_texts: tuple[Sequence[OwnText], ...] | None = None

    @property
    def total(self) -> int:
        """What the whole batch costs the client in micro-units."""
        if self.own_texts is not None:
            texts = zip(self.quotes, self.own_texts, strict=True)
            return sum(quote.price * sum(one.segments for one in own) for quote, own in texts)
        pairs = zip(self.quotes, self.numbers, strict=True)
        return sum(quote.price * self.segments * len(numbers) for quote, numbers in pairs)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as lists and exports show it.

    Attributes:
        price: micro-units for the whole message, in ``currency``.
        mccmnc: of the number's network where it was known for the price, else None.
        provider_message_id: the first id the provider gave, None before.
        reason: the provider's code or ours, "" when there is nothing to say.
    """

    message_id: int
    batch_id: int
    client: str
    to: str
    country: str
    status: MessageStatus
    price: int
    currency: str
    segments: int
    provider: str
    provider_message_id: str | None
    reason: str
    changed_at: datetime
    mccmnc: str | None = None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try of a message, for its timeline."""

    n: int
    outcome: AttemptOutcome
    started_at: datetime
    ended_at: datetime | None
    code: str
    detail: str
    parts: tuple[tuple[str, str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A provider id whose final receipt is still missing."""

    provider_id: int
    provider_message_id: str
    message_id: int
