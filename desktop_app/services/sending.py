"""Sending on behalf of a client: the sheet before it, and queueing it with its credit in one transaction."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.domain.batches import NewBatch
from desktop_app.domain.clients import Client, clean_text
from desktop_app.domain.credits import SystemAccount, Transfer, TransferKind
from desktop_app.domain.errors import AppError, InsufficientCredit, InvalidInput, StaleData
from desktop_app.domain.language import later, tr
from desktop_app.domain.money import micro_text
from desktop_app.domain.segments import SegmentPlan, plan_segments
from desktop_app.domain.sender_ids import Sender, parse_sender
from desktop_app.providers.registry import driver_of
from desktop_app.services.accounts import default_provider, read_switches
from desktop_app.services.clock import Clock
from desktop_app.services.preflight import CountryGroup, NotSent, Recipients, group_by_country
from desktop_app.storage.repositories.accounts import StoredProvider
from desktop_app.storage.unit_of_work import Database, UnitOfWork

MAX_RECIPIENTS = 1_000_000


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
        idem: the key of this order, made when it is first written: given twice it is one batch.
    """

    client: str
    sender: str
    text: str
    recipients: Sequence[str]
    actor: str
    reason: str = ""
    idem: str = ""


@dataclass(frozen=True, slots=True)
class Preflight:
    """What sending an order means.

    Attributes:
        plan: how the text is cut into segments.
        currency: of ``total`` and of the groups' prices.
        groups: recipients that get it, by country.
        not_sent: the others.
        batch_id: None before it is queued.
    """

    plan: SegmentPlan
    currency: str
    groups: tuple[CountryGroup, ...]
    not_sent: tuple[NotSent, ...]
    batch_id: int | None = None

    @property
    def accepted(self) -> int:
        """How many recipients get it."""
        return sum(len(group.numbers) for group in self.groups)

    @property
    def total(self) -> int:
        """What it costs the client in micro-units."""
        return sum(group.quote.price * self.plan.count * len(group.numbers) for group in self.groups)


class SendingService:
    """Sends for clients."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def preflight(self, order: SendOrder) -> Preflight:
        """Return what sending ``order`` would mean; nothing is stored.

        Raises:
            NotFound: no such client, or no provider yet.
            InvalidInput: a text or sender ID that cannot be sent.
            NothingToSend: no recipient is left.
        """
        with self._database.read() as uow:
            return self._plan(uow, order)[0]

    def queue(self, order: SendOrder) -> Preflight:
        """Queue ``order`` and hold its credit: both or nothing. It is durably queued when this returns.

        Raises:
            NotFound, InvalidInput, NothingToSend: as ``preflight``.
            InsufficientCredit: the credit is short for the whole batch; nothing is sent and nothing held.
        """
        reason = clean_text(order.reason, later("reason"))
        idem = f"send:{order.idem or uuid.uuid4().hex}"
        try:
            return self._queue(order, idem, reason)
        except StaleData:
            # Most likely the same order, queued twice at this very moment: now the other one is found.
            return self._queue(order, idem, reason)

    def _queue(self, order: SendOrder, idem: str, reason: str) -> Preflight:
        with self._database.begin() as uow:
            sheet, client, provider, sender = self._plan(uow, order)
            known = uow.batches.find_by_idem(idem)
            if known is not None:
                if not uow.batches.is_order(known, client.client_id, sender.text, order.text):
                    raise StaleData(tr("This key was already used for another send."), code="idempotency_conflict")
                return _numbered(sheet, known)
            self._require_credit(uow, client, sheet)
            batch = NewBatch(
                idem=idem,
                client_id=client.client_id,
                provider_id=provider.provider_id,
                sender=sender.text,
                text=order.text,
                encoding=sheet.plan.encoding.value,
                segments=sheet.plan.count,
                currency=client.currency,
                actor=order.actor,
                reason=reason,
                quotes=tuple(group.quote for group in sheet.groups),
                numbers=tuple(group.numbers for group in sheet.groups),
            )
            hold_id = self._hold(uow, client, batch)
            return _numbered(sheet, uow.batches.add(batch, hold_id, self._clock()))

    def _plan(self, uow: UnitOfWork, order: SendOrder) -> tuple[Preflight, Client, StoredProvider, Sender]:
        client = uow.clients.get(order.client)
        provider = default_provider(uow)
        sender = parse_sender(order.sender)
        plan = _segments(order.text, provider)
        if not 0 < len(order.recipients) <= MAX_RECIPIENTS:
            raise InvalidInput(tr("Give between 1 and 1,000,000 recipients."), fields={"to": ""})
        recipients = Recipients(order.recipients, uow.clients.opted_out(client.client_id))
        if not read_switches(uow).service:
            recipients.refuse_all("service_off")
        if client.paused:
            recipients.refuse_all("held")
        groups = group_by_country(uow, client, provider, sender, recipients, self._clock())
        if not groups:
            raise NothingToSend(_nothing(recipients.not_sent), tuple(recipients.not_sent))
        return Preflight(plan, client.currency, tuple(groups), tuple(recipients.not_sent)), client, provider, sender

    def _require_credit(self, uow: UnitOfWork, client: Client, sheet: Preflight) -> None:
        available = uow.ledger.balance(client.account_id).available
        if sheet.total > available:
            raise InsufficientCredit(
                tr("{name} is {short} {currency} short for this send. Nothing was sent.", name=client.name,
                   short=micro_text(sheet.total - available), currency=client.currency)
            )  # fmt: skip

    def _hold(self, uow: UnitOfWork, client: Client, batch: NewBatch) -> int:
        sales = uow.ledger.system_account(SystemAccount.SALES, client.currency)
        transfer = Transfer(
            TransferKind.HOLD, client.account_id, sales, batch.total, client.currency, f"hold:{batch.idem}", batch.actor
        )
        return uow.ledger.post(transfer, self._clock())


def _numbered(sheet: Preflight, batch_id: int) -> Preflight:
    return Preflight(sheet.plan, sheet.currency, sheet.groups, sheet.not_sent, batch_id)


def _segments(text: str, provider: StoredProvider) -> SegmentPlan:
    capabilities = driver_of(provider.kind).capabilities
    plan = plan_segments(text, shift_tables=capabilities.shift_tables)
    if len(text) > capabilities.max_text_length:
        raise InvalidInput(
            tr("The text has {length} characters; this provider takes {longest}.", length=len(text),
               longest=capabilities.max_text_length),
            fields={"text": ""},
        )  # fmt: skip
    return plan


def _nothing(not_sent: Sequence[NotSent]) -> str:
    reasons = ", ".join(sorted({one.reason for one in not_sent}))
    return tr("Nothing is left to send: {reasons}.", reasons=reasons)
