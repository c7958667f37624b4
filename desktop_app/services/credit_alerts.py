"""Warns when a client's credit falls below its alert: a line in the log, a mail to the client, a notification in the window."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desktop_app.domain.clients import Client
from desktop_app.domain.errors import InvalidInput
from desktop_app.services.client_mails import low_credit
from desktop_app.services.clock import Clock
from desktop_app.services.preferences import read_preferences
from desktop_app.storage.unit_of_work import Database, UnitOfWork

QUIET: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CreditAlert:
    """A client that was warned: its credit and its alert in micro-units."""

    client: str
    currency: str
    credit: int
    alert: int


class CreditAlertsService:
    """Looks for clients that fell below their alert."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def sweep(self) -> int:
        """Warn everyone whose credit is below the alert, each once in 24 hours; return how many were warned.

        Two programs that look at the same moment warn once: the mail is queued in the transaction that takes the warning.
        """
        now = self._clock()
        with self._database.begin() as uow:
            due = uow.clients.take_alerts(now, now - QUIET)
            company = read_preferences(uow).company if due else ""
            for client in due:
                self._warn(uow, client, company, now)
            return len(due)

    def since(self, moment: datetime) -> list[CreditAlert]:
        """Return who was warned after ``moment``, whichever program did it."""
        with self._database.read() as uow:
            return [_alert(uow, client) for client in uow.clients.alerted_since(moment)]

    def _warn(self, uow: UnitOfWork, client: Client, company: str, now: datetime) -> None:
        alert = _alert(uow, client)
        uow.activity.add(now, "engine", "credit_low", client.name, credit=alert.credit, alert=alert.alert)
        if client.email is None:
            return
        subject, text = low_credit(client, alert.credit, alert.alert, company)
        try:
            uow.mails.queue(f"credit/{client.client_id}/low/{now.isoformat()}", client.email, subject, text, now)
        except InvalidInput as error:
            uow.activity.add(now, "engine", "mail_refused", client.name, reason=error.user_message)


def _alert(uow: UnitOfWork, client: Client) -> CreditAlert:
    balance = uow.ledger.balance(client.account_id)
    return CreditAlert(client.name, client.currency, balance.posted - balance.held, client.alert or 0)
