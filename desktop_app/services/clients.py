"""Clients and their API keys."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from desktop_app.domain.clients import Client, clean_name
from desktop_app.domain.errors import InvalidInput, NotAllowed, NotFound
from desktop_app.domain.language import later, tr
from desktop_app.domain.money import parse_currency
from desktop_app.services.clock import Clock
from desktop_app.storage.unit_of_work import Database, UnitOfWork

_EMAIL = re.compile(r"[^@\s<>\"'\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")


class ClientsService:
    """Who we sell to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, name: str, *, currency: str | None = None, email: str | None = None, actor: str) -> Client:
        """Store a client with an empty ledger account, on the standard price list.

        Raises:
            InvalidInput: a name that is taken or unusable, an unknown currency, a malformed e-mail address.
        """
        name = clean_name(name, later("client"))
        if email is not None and not _EMAIL.fullmatch(email):
            raise InvalidInput(
                tr("“{email}” is not an e-mail address.", email=email[:60]), fields={"email": email[:60]}
            )
        with self._database.begin() as uow:
            return store_client(uow, name, currency, email, at=self._clock(), actor=actor)

    def list_all(self) -> list[Client]:
        """Return all clients by name."""
        with self._database.read() as uow:
            return uow.clients.list_all()

    def get(self, name: str) -> Client:
        """Return the client named ``name``.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            return uow.clients.get(name)

    def new_key(self, name: str, *, replace: bool, actor: str) -> str:
        """Make an API key and return it; only its hash is kept, it is never shown again.

        Raises:
            NotFound: no such client.
            InvalidInput: the client has a key and ``replace`` was not asked for.
        """
        prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            if uow.clients.has_key(client.client_id) and not replace:
                raise InvalidInput(
                    tr(
                        "“{name}” has an API key already. Replace it to make a new one; the old one stops working.",
                        name=name,
                    )
                )
            uow.clients.revoke_keys(client.client_id, self._clock())
            digest = key_digest(uow, secret)
            uow.clients.add_key(client.client_id, prefix, digest, actor, self._clock())
            uow.activity.add(self._clock(), actor, "api_key_made", client.name, prefix=prefix, replaced=replace)
        return f"{prefix}.{secret}"

    def set_paused(self, name: str, *, paused: bool, actor: str) -> None:
        """Stop or allow sending for a client; what is queued waits.

        Raises:
            NotFound: no such client.
            NotAllowed: sending is to be allowed for one that is put away.
        """
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            if client.archived_at is not None and not paused:
                raise NotAllowed(tr("{name} is in the archive. Restore it first.", name=client.name))
            uow.clients.set_paused(client.client_id, paused=paused)
            uow.activity.add(self._clock(), actor, "client_paused" if paused else "client_resumed", client.name)

    def add_opt_outs(self, name: str, numbers: list[str], *, actor: str) -> int:
        """Never send to these E.164 numbers for this client again; return how many are new."""
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            added = uow.clients.add_opt_outs(client.client_id, numbers, self._clock())
            uow.activity.add(self._clock(), actor, "opted_out", client.name, added=added)
            return added


def store_client(
    uow: UnitOfWork, name: str, currency: str | None, email: str | None, *, at: datetime, actor: str
) -> Client:
    """Store a client of a clean name within the transaction: with an empty account, on the standard price list.

    Raises:
        InvalidInput: a name that is taken, or an unknown currency.
        NotFound: there is no price list yet.
    """
    standard = uow.prices.default_list()
    if standard is None:
        raise NotFound(tr("There is no price list yet."))
    code = standard.currency if currency is None else parse_currency(currency)
    uow.clients.require_free(name)
    # Random, not the name: names may be corrected, the account stays.
    account_id = uow.ledger.open_account(f"client:{secrets.token_hex(8)}", code, bounded=True)
    client_id = uow.clients.add(name, code, email, list_id=standard.list_id, account_id=account_id, at=at)
    uow.activity.add(at, actor, "client_added", name, currency=code)
    return uow.clients.by_id(client_id)


def key_digest(uow: UnitOfWork, secret: str) -> str:
    """Return the keyed hash under which an API key is kept; the hashing key is made at its first use."""
    pepper = uow.settings.get("api_key_pepper")
    if not pepper:
        pepper = secrets.token_hex(32)
        uow.settings.set("api_key_pepper", pepper)
    return hmac.new(bytes.fromhex(pepper), secret.encode(), hashlib.sha256).hexdigest()
