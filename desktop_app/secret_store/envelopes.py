"""Long secrets beside the keyring: a random key goes there, the ciphertext into the profile.

Windows takes at most 1,280 UTF-16 characters (reliability.md 1, keyring), which a private key in PEM exceeds.
"""

import re
import secrets
from pathlib import Path
from typing import Final

from desktop_app.domain.errors import SecretStoreError
from desktop_app.domain.language import tr
from desktop_app.secret_store.files import file_errors, write_private
from desktop_app.secret_store.sealing import SealBroken, new_key, seal, unseal

LONGEST_PLAIN: Final = 1000  # UTF-16 characters that are kept in the keyring as they are
_MARK: Final = "sms-desk-envelope:"
_REFERENCE: Final = re.compile(_MARK + r"([0-9a-f]{32}):([A-Za-z0-9_-]{43}=)")


class Envelopes:
    """The ciphertexts of one profile. Each gets a file of its own, so replacing a secret never breaks the old one.

    Args:
        folder: made when the first long secret comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wrap(self, name: str, secret: str) -> str:
        """Return what the keyring shall keep for ``secret``: itself when short, else a reference with the key.

        Raises:
            SecretStoreError: the ciphertext cannot be written.
        """
        if len(secret.encode("utf-16-le")) // 2 <= LONGEST_PLAIN and not secret.startswith(_MARK):
            return secret
        key, number = new_key(), secrets.token_hex(16)
        with file_errors(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self._folder / number, seal(key, name, secret).encode())
        return f"{_MARK}{number}:{key.decode()}"

    def unwrap(self, name: str, kept: str) -> str:
        """Return the secret behind what the keyring keeps.

        Raises:
            SecretStoreError: the ciphertext is gone or damaged.
        """
        reference = _REFERENCE.fullmatch(kept)
        if reference is None:
            return kept
        try:
            token = (self._folder / reference[1]).read_bytes().decode("ascii")
            return unseal(reference[2].encode(), name, token)
        except (OSError, UnicodeDecodeError, SealBroken) as error:
            raise SecretStoreError(
                tr('The encrypted part of "{name}" is missing or damaged; enter this secret again.', name=name)
            ) from error

    def discard(self, kept: str | None) -> None:
        """Remove the ciphertext behind what the keyring kept, if there is one.

        Raises:
            SecretStoreError: it cannot be removed.
        """
        reference = _REFERENCE.fullmatch(kept or "")
        if reference is not None:
            with file_errors(self._folder):
                (self._folder / reference[1]).unlink(missing_ok=True)
