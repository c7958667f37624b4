"""The label of an attempt: unguessable, and computable again from the message and the number of the try.

It names the message and the try in clear and proves them with a keyed hash: whoever gets it back finds the attempt by its
key and needs no index of labels.
"""

import hashlib
import hmac
import secrets
from typing import Final

from desktop_app.storage.unit_of_work import UnitOfWork

# Exactly 40: what Vonage's report search takes as a client reference (reliability.md 3.5).
LENGTH: Final = 40
_ID_BYTES: Final = 5
# A provider that is down for weeks is tried every quarter of an hour: 255 tries would not do.
_TRY_BYTES: Final = 2
_PROOF_BYTES: Final = 13


class AttemptTokens:
    """Makes labels with this database's own key."""

    def __init__(self, key: bytes, database_id: str) -> None:
        # Keyed and fed once, then copied: half the work of a proof. BLAKE2 is its own keyed hash (RFC 7693).
        self._keyed = hashlib.blake2b(database_id.encode(), key=key, digest_size=_PROOF_BYTES)

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
        """Return the label of the ``n``-th try (1 to 65,535) of a message: 40 hexadecimal digits."""
        named = message_id.to_bytes(_ID_BYTES, "big") + n.to_bytes(_TRY_BYTES, "big")
        return (named + self._proof(named)).hex()

    def read(self, token: str) -> tuple[int, int] | None:
        """Return (message id, try) of a label that is ours, None for any other text."""
        try:
            content = bytes.fromhex(token)
        except ValueError:
            return None
        named, proof = content[:-_PROOF_BYTES], content[-_PROOF_BYTES:]
        if len(token) != LENGTH or not hmac.compare_digest(proof, self._proof(named)):
            return None
        return int.from_bytes(named[:_ID_BYTES], "big"), int.from_bytes(named[_ID_BYTES:], "big")

    def _proof(self, named: bytes) -> bytes:
        proof = self._keyed.copy()
        proof.update(named)
        return proof.digest()
