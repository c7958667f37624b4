"""Clients, their API keys, special prices and opted-out numbers."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from desktop_app.domain.clients import Client, name_key
from desktop_app.domain.credits import AccountBalance
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.storage.lists import among
from desktop_app.storage.models.clients import api_key, client, opt_out
from desktop_app.storage.models.ledger import ledger_account


class ClientRepository:
    """Clients."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, currency: str, email: str | None, *, list_id: int, account_id: int, at: datetime) -> int:
        """Store a client and return its id."""
        result = self._connection.execute(
            insert(client).values(
                name=name, name_key=name_key(name), currency=currency, email=email, list_id=list_id,
                account_id=account_id, paused=False, refund_on="never", created_at=at,
            ).returning(client.c.id)
        )  # fmt: skip
        return int(result.scalar_one())

    def require_free(self, name: str) -> None:
        """Check that no client has this name.

        Raises:
            InvalidInput: when one has.
        """
        if self._find(name) is not None:
            raise InvalidInput(tr("There is already a client named “{name}”.", name=name), fields={"name": name})

    def get(self, name: str) -> Client:
        """Return the client named ``name``, whatever its case.

        Raises:
            NotFound: when there is none.
        """
        row = self._find(name)
        if row is None:
            raise NotFound(tr("There is no client named “{name}”.", name=name[:120]))
        return _client(row)

    def by_id(self, client_id: int) -> Client:
        """Return the client with the id."""
        return _client(self._connection.execute(select(client).where(client.c.id == client_id)).one())

    def list_all(self) -> list[Client]:
        """Return all clients by name."""
        return [_client(row) for row in self._connection.execute(select(client).order_by(client.c.name_key))]

    def set_paused(self, client_id: int, *, paused: bool) -> None:
        """Stop or allow sending for the client."""
        self._connection.execute(update(client).where(client.c.id == client_id).values(paused=paused))

    def set_archived(self, client_id: int, at: datetime | None) -> None:
        """Put the client away since ``at``, or with None back to the others."""
        self._connection.execute(update(client).where(client.c.id == client_id).values(archived_at=at))

    def set_terms(
        self, client_id: int, *, name: str, email: str | None, refund_on: str, alert: int | None, alert_days: int | None,
        default_sender: str, language: str,
    ) -> None:  # fmt: skip
        """Give a client other terms."""
        here = update(client).where(client.c.id == client_id)
        self._connection.execute(
            here.values(
                name=name, name_key=name_key(name), email=email, refund_on=refund_on, alert_micro=alert,
                alert_days=alert_days, default_sender=default_sender, language=language,
            )
        )  # fmt: skip

    def balances(self) -> dict[int, AccountBalance]:
        """Return every client's balance by the client's id."""
        statement = select(client.c.id.label("client_id"), ledger_account).join(
            ledger_account, ledger_account.c.id == client.c.account_id
        )
        return {
            row.client_id: AccountBalance(
                row.posted_micro, row.held_micro, row.overdraft_micro, row.last_transfer_id, row.currency, row.frozen
            )
            for row in self._connection.execute(statement)
        }

    def watched_by_days(self) -> list[Client]:
        """Return the clients that are warned when their credit lasts too few days."""
        statement = select(client).where(client.c.alert_days.is_not(None), client.c.archived_at.is_(None))
        return [_client(row) for row in self._connection.execute(statement.order_by(client.c.id))]

    def take_alerts(self, now: datetime, quiet_since: datetime, dry: Collection[int] = ()) -> list[Client]:
        """Return the clients whose credit is below their alert, or who are ``dry``, not warned since ``quiet_since``.

        Whoever asks warns them: nobody else gets them until the quiet time is over.
        """
        credit = (
            select(ledger_account.c.posted_micro - ledger_account.c.held_micro)
            .where(ledger_account.c.id == client.c.account_id)
            .correlate(client)
            .scalar_subquery()
        )
        due = (
            client.c.archived_at.is_(None),
            or_(credit < client.c.alert_micro, among(client.c.id, sorted(dry))),
            or_(client.c.alerted_at.is_(None), client.c.alerted_at <= quiet_since),
        )
        statement = update(client).where(*due).values(alerted_at=now).returning(*client.c)
        return [_client(row) for row in self._connection.execute(statement)]

    def alerted_since(self, moment: datetime) -> list[Client]:
        """Return the clients that were warned after ``moment``, the first warned first."""
        statement = select(client).where(client.c.alerted_at > moment).order_by(client.c.alerted_at)
        return [_client(row) for row in self._connection.execute(statement)]

    def add_key(self, client_id: int, prefix: str, digest: str, actor: str, at: datetime) -> None:
        """Store a key's hash."""
        self._connection.execute(
            insert(api_key).values(client_id=client_id, prefix=prefix, digest=digest, created_at=at, created_by=actor)
        )

    def revoke_keys(self, client_id: int, at: datetime) -> int:
        """Revoke all live keys of the client and return how many there were."""
        live = (api_key.c.client_id == client_id, api_key.c.revoked_at.is_(None))
        return self._connection.execute(update(api_key).where(*live).values(revoked_at=at)).rowcount

    def has_key(self, client_id: int) -> bool:
        """Return whether the client has a live key."""
        live = select(api_key.c.id).where(api_key.c.client_id == client_id, api_key.c.revoked_at.is_(None)).limit(1)
        return self._connection.scalar(live) is not None

    def add_opt_outs(self, client_id: int, numbers: Iterable[str], at: datetime) -> int:
        """Store numbers that must not be sent to and return how many were new."""
        known = self.opted_out(client_id)
        rows = [{"client_id": client_id, "number": n, "at": at} for n in dict.fromkeys(numbers) if n not in known]
        if rows:
            self._connection.execute(insert_or_nothing(opt_out).on_conflict_do_nothing(), rows)
        return len(rows)

    def opted_out(self, client_id: int) -> frozenset[str]:
        """Return the numbers that must not be sent to for the client."""
        return frozenset(self._connection.scalars(select(opt_out.c.number).where(opt_out.c.client_id == client_id)))

    def _find(self, name: str) -> Row[tuple[object, ...]] | None:
        return self._connection.execute(select(client).where(client.c.name_key == name_key(name))).one_or_none()


def _client(row: Row[tuple[object, ...]]) -> Client:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for it
    return Client(
        client_id=values["id"],
        name=values["name"],
        currency=values["currency"],
        email=values["email"],
        list_id=values["list_id"],
        account_id=values["account_id"],
        paused=values["paused"],
        refund_on=values["refund_on"],
        default_sender=values["default_sender"],
        language=values["language"],
        alert=values["alert_micro"],
        alert_days=values["alert_days"],
        created_at=values["created_at"],
        archived_at=values["archived_at"],
    )
