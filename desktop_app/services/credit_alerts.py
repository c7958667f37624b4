"""Warns when a client's credit falls below its alert or lasts too few days: a line in the log, a mail, a notification."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desktop_app.domain.clients import Client
from desktop_app.domain.errors import InvalidInput
from desktop_app.services.client_accounts import USE_DAYS, ClientSummary
from desktop_app.services.client_mails import low_credit
from desktop_app.services.clock import Clock
from desktop_app.services.preferences import read_preferences
from desktop_app.storage.unit_of_work import Database, UnitOfWork

QUIET: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CreditAlert:
    """A client that was warned.

    Attributes:
        client: its name.
        currency: of its credit.
        credit: micro-units.
        alert: below which it is warned, 0 for none.
        days_left: how many days the credit lasts, None when that is not known or not what it was warned of.
    """

    client: str
    currency: str
    credit: int
    alert: int
    days_left: int | None = None


class CreditAlertsService:
    """Looks for clients that fell below their alert."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def sweep(self) -> int:
        """Warn everyone whose credit is below the alert or lasts too few days, once in 24 hours; return how many were warned.

        Two programs that look at the same moment warn once: the mail is queued in the transaction that takes the warning.
        """
        now = self._clock()
        # It adds up a month of the ledger: nobody who writes waits for that.
        with self._database.read() as uow:
            dry = dry_clients(uow, now)
        with self._database.begin() as uow:
            due = uow.clients.take_alerts(now, now - QUIET, dry)
            company = read_preferences(uow).company if due else ""
            for client in due:
                self._warn(uow, client, dry.get(client.client_id), company, now)
            return len(due)

    def since(self, moment: datetime) -> list[CreditAlert]:
        """Return who was warned after ``moment``, whichever program did it."""
        with self._database.read() as uow:
            found = uow.clients.alerted_since(moment)
            dry = dry_clients(uow, self._clock()) if found else {}
            return [_alert(uow, client, dry.get(client.client_id)) for client in found]

    def _warn(self, uow: UnitOfWork, client: Client, days: int | None, company: str, now: datetime) -> None:
        alert = _alert(uow, client, days)
        uow.activity.add(
            now, "engine", "credit_low", client.name, credit=alert.credit, alert=alert.alert, days_left=alert.days_left
        )
        if client.email is None:
            return
        subject, text = low_credit(client, alert.credit, alert.alert, company, alert.days_left)
        try:
            uow.mails.queue(f"credit/{client.client_id}/low/{now.isoformat()}", client.email, subject, text, now)
        except InvalidInput as error:
            uow.activity.add(now, "engine", "mail_refused", client.name, reason=error.user_message)


def dry_clients(uow: UnitOfWork, now: datetime) -> dict[int, int]:
    """Return how many days the credit lasts, by client, of those where that is less than they are warned at."""
    watched = uow.clients.watched_by_days()
    if not watched:
        return {}
    balances, used = uow.clients.balances(), uow.client_ledger.used(None, now - timedelta(days=USE_DAYS))
    found = [ClientSummary(one, balances[one.client_id], used.get(one.account_id, 0)) for one in watched]
    return {one.client.client_id: one.days_left for one in found if one.is_dry and one.days_left is not None}


def _alert(uow: UnitOfWork, client: Client, days: int | None) -> CreditAlert:
    """Return what a client is warned of: the amount where the credit is below it, else the days."""
    balance = uow.ledger.balance(client.account_id)
    credit = balance.posted - balance.held
    is_below = client.alert is not None and credit < client.alert
    return CreditAlert(client.name, client.currency, credit, client.alert or 0, None if is_below else days)
