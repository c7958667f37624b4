"""The vault: secrets in one file of the profile, under a passphrase.

``vault.json`` holds the parameters of the key derivation, a token that proves the passphrase and one token per secret. The
names are readable, so that a secret can be found and removed without the passphrase. A checksum shows accidental damage
anywhere in the file; deliberate changes are caught by the tokens, which are authenticated together with their names.
"""

import base64
import hashlib
import json
import os
import unicodedata
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from desktop_app.domain.errors import SecretStoreError
from desktop_app.domain.language import tr
from desktop_app.secret_store.files import file_errors, locked, read_if_there, read_settled, write_private
from desktop_app.secret_store.sealing import NO_NAME, SealBroken, seal, unseal

_VERSION: Final = 1
_SALT_BYTES: Final = 16
_MOST_MEMORY_KIB: Final = 1_048_576
_MOST_ITERATIONS: Final = 20
_MOST_LANES: Final = 16


@dataclass(frozen=True, slots=True)
class _Derivation:
    """Argon2id parameters: OWASP's first choice (46 MiB, one pass, one lane), 80 ms on the reference computer.

    Attributes:
        salt: 16 random bytes in base64.
    """

    salt: str
    memory_kib: int = 47_104
    iterations: int = 1
    lanes: int = 1

    def check(self) -> None:
        """Raise ValueError for parameters no vault of ours has, such as a memory size that would freeze the computer."""
        sane = (
            len(base64.b64decode(self.salt, validate=True)) == _SALT_BYTES
            and 1 <= self.lanes <= _MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
            and 1 <= self.iterations <= _MOST_ITERATIONS
        )
        if not sane:
            raise ValueError

    def key(self, passphrase: str) -> bytes:
        """Return the Fernet key; the same passphrase typed on another system gives the same one (NFC)."""
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
        derived = Argon2id(
            salt=base64.b64decode(self.salt),
            length=32,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        ).derive(typed)
        return base64.urlsafe_b64encode(derived)


@dataclass(frozen=True, slots=True)
class _Content:
    """What the file says.

    Attributes:
        check: a token without a name, there to tell a wrong passphrase from a damaged entry.
        entries: name -> token.
    """

    kdf: _Derivation
    check: str
    entries: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the one spelling this content has as a file."""
        body = {"version": _VERSION, "kdf": asdict(self.kdf), "check": self.check, "entries": self.entries}
        body["sha256"] = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return json.dumps(body, sort_keys=True, indent=1).encode() + b"\n"

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Return the content of ``raw``.

        Raises:
            ValueError: ``raw`` is not exactly what ``encode`` makes.
        """
        try:
            body = json.loads(raw)
            content = cls(_Derivation(**body["kdf"]), body["check"], body["entries"])
            content.kdf.check()
            texts = (content.check, *content.entries.values())
            intact = all(isinstance(text, str) for text in texts) and content.encode() == raw
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError from error
        if not intact:
            raise ValueError
        return content


class Vault:
    """The vault of one profile. Any number of threads and processes may use it at once.

    Args:
        folder: the profile; the file is made by the first ``save``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "vault.json"
        self._derived: tuple[_Derivation, str, bytes] | None = None

    def holds(self, name: str) -> bool:
        """Return whether a secret of this name is kept; needs no passphrase.

        Raises:
            SecretStoreError: the file is damaged or cannot be read; it stays as it is.
        """
        content = self._settled()
        return content is not None and name in content.entries

    @property
    def exists(self) -> bool:
        """Whether the file is there.

        Raises:
            SecretStoreError: it is damaged or cannot be read.
        """
        return self._settled() is not None

    def check(self, passphrase: str) -> None:
        """Accept the passphrase; any is right as long as there is no file.

        Raises:
            SecretStoreError: it is wrong, or the file is damaged or cannot be read.
        """
        content = self._settled()
        if content is not None:
            self._key(content, passphrase)

    def save(self, name: str, secret: str, passphrase: str) -> None:
        """Keep ``secret``, making the vault with this passphrase when there is none.

        Raises:
            SecretStoreError: wrong passphrase, damaged or unwritable file; the file stays as it is.
        """
        with file_errors(self._path), locked(self._folder):
            content = self._decode(read_if_there(self._path)) or self._new(passphrase)
            content.entries[name] = seal(self._key(content, passphrase), name, secret)
            write_private(self._path, content.encode())

    def load(self, name: str, passphrase: str) -> str | None:
        """Return the secret, None when there is none of this name.

        Raises:
            SecretStoreError: wrong passphrase, or a damaged or unreadable file.
        """
        content = self._settled()
        if content is None or name not in content.entries:
            return None
        key = self._key(content, passphrase)
        try:
            return unseal(key, name, content.entries[name])
        except SealBroken as error:
            raise self._damaged() from error

    def remove(self, name: str) -> None:
        """Forget a secret, which may be unknown; needs no passphrase.

        Raises:
            SecretStoreError: the file is damaged or cannot be written.
        """
        if not self.holds(name):
            return
        with file_errors(self._path), locked(self._folder):
            content = self._decode(read_if_there(self._path))
            if content is not None and content.entries.pop(name, None) is not None:
                write_private(self._path, content.encode())

    def _settled(self) -> _Content | None:
        with file_errors(self._path):
            return self._decode(read_settled(self._path))

    def _decode(self, raw: bytes | None) -> _Content | None:
        try:
            return None if raw is None else _Content.decode(raw)
        except ValueError as error:
            raise self._damaged() from error

    def _new(self, passphrase: str) -> _Content:
        kdf = _Derivation(base64.b64encode(os.urandom(_SALT_BYTES)).decode())
        key = kdf.key(passphrase)
        self._derived = (kdf, passphrase, key)
        return _Content(kdf, seal(key, NO_NAME, ""))

    def _key(self, content: _Content, passphrase: str) -> bytes:
        if self._derived is not None and self._derived[:2] == (content.kdf, passphrase):
            key = self._derived[2]
        else:
            key = content.kdf.key(passphrase)
        try:
            unseal(key, NO_NAME, content.check)
        except SealBroken as error:
            raise SecretStoreError(tr("The vault's passphrase is wrong.")) from error
        self._derived = (content.kdf, passphrase, key)
        return key

    def _damaged(self) -> SecretStoreError:
        return SecretStoreError(
            tr(
                "The vault file {file} is damaged; restore it from a backup, or move it away and enter the secrets again.",
                file=self._path,
            )
        )
