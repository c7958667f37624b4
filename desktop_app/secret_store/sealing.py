"""One secret, encrypted and authenticated together with its name, so that no token can stand in for another."""

import json
from typing import Final

NO_NAME: Final = ""  # of a token that only proves a key


class SealBroken(Exception):
    """The token was made with another key or for another name, or is damaged."""


def new_key() -> bytes:
    """Return a random Fernet key: 44 characters of URL-safe base64."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key()


def seal(key: bytes, name: str, secret: str) -> str:
    """Return ``secret`` as an ASCII token that only ``unseal`` with the same key and name opens."""
    from cryptography.fernet import Fernet

    return Fernet(key).encrypt(json.dumps([name, secret]).encode()).decode()


def unseal(key: bytes, name: str, token: str) -> str:
    """Return the secret in ``token``.

    Raises:
        SealBroken: see there.
    """
    from cryptography.fernet import Fernet, InvalidToken

    try:
        plain = Fernet(key).decrypt(token.encode())
    except InvalidToken as error:
        raise SealBroken from error
    sealed_name, secret = json.loads(plain)
    if sealed_name != name:
        raise SealBroken
    return str(secret)
