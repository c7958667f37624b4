"""Sending on behalf of a client: the sheet before it, and queueing it with its credit in one transaction."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from desktop_app.domain.batches import NewBatch
from desktop_app.domain.clients import Client, clean_text
from desktop_app.domain.credits import SystemAccount, Transfer, TransferKind
from desktop_app.domain.errors import InsufficientCredit, InvalidInput, StaleData
from desktop_app.domain.language import later, tr
from desktop_app.domain.money import micro_text
from desktop_app.domain.sender_ids import Sender, parse_sender
from desktop_app.providers.registry import driver_of
from desktop_app.services.accounts import default_provider, read_switches
from desktop_app.services.clock import Clock
from desktop_app.services.own_texts import OwnTexts, plan_text
from desktop_app.services.partial_sends import cheapest_first
from desktop_app.services.preflight import NotSent, Recipients, group_by_country
from desktop_app.services.promises import SheetChanged
from desktop_app.services.send_orders import NothingToSend, Preflight, SendOrder
from desktop_app.storage.repositories.accounts import StoredProvider
from desktop_app.storage.unit_of_work import Database, UnitOfWork

__all__ = ["NothingToSend", "Preflight", "SendOrder", "SendingService"]
MAX_RECIPIENTS: Final = 1_000_000
LONGEST_WAIT: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class _Planned:
    sheet: Preflight
    client: Client
    provider: StoredProvider
    sender: Sender


class SendingService:
    """Sends for clients."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def preflight(self, order: SendOrder, sorted_already: Recipients | None = None) -> Preflight:
        """Return what sending ``order`` would mean; nothing is stored.

        Args:
            order: what is wanted.
            sorted_already: its recipients, from ``sort``, when the same ones are asked about again and again.

        Raises:
            NotFound: no such client, or no provider yet.
            InvalidInput: a text or sender ID that cannot be sent.
            NothingToSend: no recipient is left.
        """
        sheet = self.look(order, sorted_already)
        if not sheet.groups:
            raise NothingToSend(_nothing(sheet.not_sent), sheet.not_sent)
        return sheet

    def look(self, order: SendOrder, sorted_already: Recipients | None = None) -> Preflight:
        """Return the same as ``preflight``, also when nobody is left.

        Raises:
            NotFound, InvalidInput: as ``preflight``.
        """
        with self._database.read() as uow:
            return self._plan(uow, order, sorted_already).sheet

    def sort(self, client: str, recipients: Sequence[str]) -> Recipients:
        """Return recipients sorted for a client: valid ones by country, duplicates and those that opted out aside.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            return Recipients(recipients, uow.clients.opted_out(uow.clients.get(client).client_id))

    def queue(self, order: SendOrder) -> Preflight:
        """Queue ``order`` and hold its credit: both or nothing. It is durably queued when this returns.

        Raises:
            NotFound, InvalidInput, NothingToSend: as ``preflight``; InvalidInput too for a field without a value.
            SheetChanged: it is not any more what ``order.promise`` says; nothing is sent and nothing held.
            InsufficientCredit: the credit is short for the whole batch; nothing is sent and nothing held.
        """
        cleaned = replace(
            order, reason=clean_text(order.reason, later("reason")), name=clean_text(order.name, later("name"), longest=120)
        )  # fmt: skip
        idem = f"send:{order.idem or uuid.uuid4().hex}"
        try:
            return self._queue(cleaned, idem)
        except StaleData:
            # Most likely the same order, queued twice at this very moment: now the other one is found.
            return self._queue(cleaned, idem)

    def _queue(self, order: SendOrder, idem: str) -> Preflight:
        with self._database.begin() as uow:
            planned = self._plan(uow, order, None)
            sheet, client = planned.sheet, planned.client
            # With the hold stands which order it is for: an order that was changed is not the one queued with its key.
            key = f"hold:{idem}:{order.fingerprint(client.client_id, planned.sender.text)}"
            known = uow.batches.find_by_idem(idem)
            if known is not None:
                if uow.ledger.amount_of_key(key) is None:
                    raise StaleData(
                        tr("This was queued before as job {batch_id}, with other contents. Look at that job first.",
                           batch_id=known), code="idempotency_conflict",
                    )  # fmt: skip
                uow.drafts.delete_sent(order.idem)
                return replace(sheet, batch_id=known)
            self._require(order, planned)
            batch = _batch(order, planned, idem)
            hold_id = self._hold(uow, client, batch, key, is_test=order.is_test)
            batch_id = uow.batches.add(batch, hold_id, self._clock())
            uow.drafts.delete_sent(order.idem)
            return replace(sheet, batch_id=batch_id)

    def _plan(self, uow: UnitOfWork, order: SendOrder, sorted_already: Recipients | None) -> _Planned:
        client = uow.clients.get(order.client)
        provider = default_provider(uow)
        sender = parse_sender(order.sender)
        capabilities = driver_of(provider.kind).capabilities
        plan = plan_text(order.text, capabilities)
        if not 0 < len(order.recipients) <= MAX_RECIPIENTS:
            raise InvalidInput(tr("Give between 1 and 1,000,000 recipients."), fields={"to": ""})
        recipients = (
            Recipients(order.recipients, uow.clients.opted_out(client.client_id))
            if sorted_already is None
            else sorted_already.again()
        )
        if not read_switches(uow).service:
            recipients.refuse_all("service_off")
        if client.paused or client.archived_at is not None:
            recipients.refuse_all("held")
        groups = group_by_country(uow, client, provider, sender, recipients, self._clock(), plan.count)
        missing: Mapping[str, int] = {}
        if order.fields is not None and groups:
            own = OwnTexts(order.text, order.fields, order.fallbacks, capabilities)
            groups = own.write(groups, recipients)
            plan, missing = plan_text(own.longest(), capabilities), dict(own.missing)
        left_out: list[NotSent] = []
        if order.budget is not None:
            groups, left_out = cheapest_first(groups, order.budget)
        balance = uow.ledger.balance(client.account_id)
        sheet = Preflight(
            plan, client.currency, tuple(groups), (*recipients.not_sent, *left_out), tuple(recipients.refused), missing,
            balance.available, client.alert,
        )  # fmt: skip
        return _Planned(sheet, client, provider, sender)

    def _require(self, order: SendOrder, planned: _Planned) -> None:
        """Check everything that stands in the way of queueing; see ``queue`` for what it raises."""
        sheet, client = planned.sheet, planned.client
        if not sheet.groups:
            raise NothingToSend(_nothing(sheet.not_sent), sheet.not_sent)
        _require_values(sheet.missing)
        _require_time(order.send_at, self._clock())
        if order.promise is not None and order.promise != sheet.promise:
            raise SheetChanged(order.promise, sheet.promise, client.name)
        if not order.is_test and sheet.total > sheet.available:
            raise InsufficientCredit(
                tr("{name} is {short} {currency} short for this send. Nothing was sent.", name=client.name,
                   short=micro_text(sheet.total - sheet.available), currency=client.currency)
            )  # fmt: skip

    def _hold(self, uow: UnitOfWork, client: Client, batch: NewBatch, key: str, *, is_test: bool) -> int:
        payer = uow.ledger.system_account(SystemAccount.TESTS, client.currency) if is_test else client.account_id
        sales = uow.ledger.system_account(SystemAccount.SALES, client.currency)
        transfer = Transfer(
            TransferKind.HOLD,
            payer,
            sales,
            batch.total,
            client.currency,
            key,
            batch.actor,
            batch.reason,
        )
        return uow.ledger.post(transfer, self._clock())


def _batch(order: SendOrder, planned: _Planned, idem: str) -> NewBatch:
    sheet = planned.sheet
    own = tuple(group.own_texts or () for group in sheet.groups)
    return NewBatch(
        idem=idem,
        client_id=planned.client.client_id,
        provider_id=planned.provider.provider_id,
        sender=planned.sender.text,
        text=order.text,
        encoding=sheet.plan.encoding.value,
        segments=sheet.plan.count,
        currency=planned.client.currency,
        actor=order.actor,
        reason=order.reason,
        quotes=tuple(group.quote for group in sheet.groups),
        numbers=tuple(group.numbers for group in sheet.groups),
        name=order.name,
        send_at=order.send_at,
        own_texts=None if order.fields is None else own,
    )


def _require_values(missing: Mapping[str, int]) -> None:
    if missing:
        name, count = next(iter(sorted(missing.items())))
        raise InvalidInput(
            tr("{count} recipients have no {field}. Say what stands there instead.", count=count, field=f"{{{name}}}"),
            fields={name: ""}, code="missing_field",
        )  # fmt: skip


def _require_time(send_at: datetime | None, now: datetime) -> None:
    if send_at is None:
        return
    if send_at <= now:
        raise InvalidInput(tr("The time to send has passed. Choose another."), fields={"send_at": ""})
    if send_at - now > LONGEST_WAIT:
        raise InvalidInput(tr("Messages can be scheduled for at most a year."), fields={"send_at": ""})


def _nothing(not_sent: Sequence[NotSent]) -> str:
    reasons = ", ".join(sorted({one.reason for one in not_sent}))
    return tr("Nothing is left to send: {reasons}.", reasons=reasons)
