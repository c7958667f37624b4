"""What was agreed with a client: how it is written to, its overdraft, its alert, refunds; putting clients away and back."""

from dataclasses import dataclass, fields, replace
from typing import Any, Final

from desktop_app.domain.clients import Client, clean_name, name_key
from desktop_app.domain.errors import InvalidInput, NotAllowed
from desktop_app.domain.language import LANGUAGES, later, tr
from desktop_app.domain.mails import checked_address
from desktop_app.domain.money import MAX_AMOUNT_MICRO, micro_text
from desktop_app.domain.sender_ids import parse_sender
from desktop_app.services.client_accounts import LONGEST_FORECAST
from desktop_app.services.clock import Clock
from desktop_app.storage.unit_of_work import Database, UnitOfWork

REFUND_ON: Final = ("never", "failed")


@dataclass(frozen=True, slots=True)
class ClientTerms:
    """What can be changed of a client.

    Attributes:
        name: unique, whatever its case.
        email: "" for none.
        refund_on: "never", or "failed": messages that ended undelivered are refunded.
        overdraft: micro-units that its credit may go below 0.
        alert: micro-units of credit below which it is warned, None for never.
        alert_days: it is warned, too, when its credit lasts fewer days than that, None for never.
        default_sender: the sender ID that a message for it starts with, "" for none.
        language: of mails to it, "" for that of the team.
    """

    name: str
    email: str
    refund_on: str
    overdraft: int
    alert: int | None
    alert_days: int | None
    default_sender: str
    language: str


class ClientTermsService:
    """Changes terms; every change is in the log of activities, with what was there before."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def read(self, name: str) -> ClientTerms:
        """Return a client's terms.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            return _terms(uow, uow.clients.get(name))

    def change(self, client_name: str, /, *, actor: str, **changes: Any) -> tuple[ClientTerms, ClientTerms]:
        """Change the named attributes of ``ClientTerms``; the others stay. Returns the terms before and after.

        Raises:
            NotFound: no such client.
            InvalidInput: something that cannot be agreed on; ``fields`` names it and nothing was changed.
        """
        with self._database.begin() as uow:
            client = uow.clients.get(client_name)
            before = _terms(uow, client)
            after = _checked(replace(before, **changes))
            if name_key(after.name) != name_key(before.name):
                uow.clients.require_free(after.name)
            if after.overdraft != before.overdraft:
                self._set_overdraft(uow, client, after.overdraft)
            uow.clients.set_terms(
                client.client_id, name=after.name, email=after.email or None, refund_on=after.refund_on, alert=after.alert,
                alert_days=after.alert_days, default_sender=after.default_sender, language=after.language,
            )  # fmt: skip
            for field in fields(ClientTerms):
                old, new = getattr(before, field.name), getattr(after, field.name)
                if old != new:
                    uow.activity.add(
                        self._clock(), actor, "client_terms_changed", after.name, term=field.name,
                        before=_said(old, field.name), after=_said(new, field.name),
                    )  # fmt: skip
            return before, after

    def archive(self, name: str, *, actor: str) -> bool:
        """Put a client away: hidden, nothing can be sent for it, its ledger stays. Returns whether it was paused before.

        Raises:
            NotFound: no such client.
            NotAllowed: credit is reserved for messages that are under way.
        """
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            # Locked before it is read: what is queued at this moment reserves its credit before or not at all.
            uow.ledger.lock([client.account_id])
            if uow.ledger.balance(client.account_id).held:
                raise NotAllowed(
                    tr("{name} has messages under way. Archive it when their credit is settled.", name=client.name)
                )
            uow.clients.set_archived(client.client_id, self._clock())
            uow.clients.set_paused(client.client_id, paused=True)
            uow.ledger.set_frozen(client.account_id, frozen=True)
            uow.activity.add(self._clock(), actor, "client_archived", client.name)
            return client.paused

    def restore(self, name: str, *, paused: bool, actor: str) -> None:
        """Bring a client back from the archive.

        Args:
            name: the client.
            paused: nothing is sent for it until it is resumed.
            actor: who.

        Raises:
            NotFound: no such client.
        """
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            uow.clients.set_archived(client.client_id, None)
            uow.clients.set_paused(client.client_id, paused=paused)
            uow.ledger.set_frozen(client.account_id, frozen=False)
            uow.activity.add(self._clock(), actor, "client_restored", client.name)

    def _set_overdraft(self, uow: UnitOfWork, client: Client, overdraft: int) -> None:
        uow.ledger.lock([client.account_id])
        balance = uow.ledger.balance(client.account_id)
        below = balance.held - balance.posted
        if overdraft < below:
            sentence = tr(
                "{name} is {amount} {currency} below zero: the overdraft cannot be less.", name=client.name,
                amount=micro_text(below), currency=client.currency,
            )  # fmt: skip
            raise InvalidInput(sentence, fields={"overdraft": sentence})
        uow.ledger.set_overdraft(client.account_id, overdraft)


def _terms(uow: UnitOfWork, client: Client) -> ClientTerms:
    overdraft = uow.ledger.balance(client.account_id).overdraft
    return ClientTerms(
        client.name,
        client.email or "",
        client.refund_on,
        overdraft,
        client.alert,
        client.alert_days,
        client.default_sender,
        client.language,
    )


def _checked(terms: ClientTerms) -> ClientTerms:
    """Return terms in their stored form.

    Raises:
        InvalidInput: something of them cannot be; ``fields`` names it.
    """
    if terms.refund_on not in REFUND_ON:
        raise InvalidInput(tr("Refunds are given never, or for failed messages."), fields={"refund_on": ""})
    if not 0 <= terms.overdraft <= MAX_AMOUNT_MICRO:
        raise InvalidInput(tr("An overdraft is 0 or more, at most 1,000,000,000."), fields={"overdraft": ""})
    if terms.alert is not None and not 0 < terms.alert <= MAX_AMOUNT_MICRO:
        raise InvalidInput(tr("An alert is above 0, at most 1,000,000,000."), fields={"alert": ""})
    if terms.alert_days is not None and not 1 <= terms.alert_days <= LONGEST_FORECAST:
        raise InvalidInput(tr("An alert by days is 1 to 365 days."), fields={"alert_days": ""})
    if terms.language and terms.language not in LANGUAGES:
        raise InvalidInput(tr("This language is not offered."), fields={"language": ""})
    sender = terms.default_sender.strip()
    return replace(
        terms,
        name=clean_name(terms.name, later("client")),
        email=checked_address(terms.email) if terms.email.strip() else "",
        default_sender=parse_sender(sender).text if sender else "",
    )


def _said(value: object, name: str) -> str:
    if value is None or value == "":
        return ""
    return micro_text(value) if name in ("overdraft", "alert") and isinstance(value, int) else str(value)
