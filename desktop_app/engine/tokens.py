"""The label of an attempt: unguessable, and computable again from the message and the number of the try."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from desktop_app.storage.unit_of_work import UnitOfWork

# Exactly 40: what Vonage's report search takes as a client reference (reliability.md 3.5).
LENGTH: Final = 40


class AttemptTokens:
    """Makes labels with this database's own key."""

    def __init__(self, key: bytes, database_id: str) -> None:
        self._key = key
        self._database_id = database_id

    @classmethod
    def of_database(cls, uow: UnitOfWork) -> "AttemptTokens":
        """Return the maker for a database; key and identity are made at their first use."""
        key, database_id = uow.settings.get("attempt_key"), uow.settings.get("database_id")
        if not key:
            key, database_id = secrets.token_hex(32), secrets.token_hex(16)
            uow.settings.set("attempt_key", key)
            uow.settings.set("database_id", database_id)
        return cls(bytes.fromhex(key), database_id)

    def token(self, message_id: int, n: int) -> str:
        """Return the label of the ``n``-th try of a message: 40 characters of base 32."""
        digest = hmac.digest(self._key, f"{self._database_id}:{message_id}:{n}".encode(), hashlib.sha256)
        return base64.b32encode(digest[:25]).decode()
