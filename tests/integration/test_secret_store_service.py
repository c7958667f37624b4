"""Secrets in a real Secret Service."""

import base64
import gc
import os
import secrets
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import secretstorage
from keyring.backend import KeyringBackend

from desktop_app.domain.errors import SecretStoreError
from desktop_app.secret_store import SecretStore, StoreState, Where

NAME = "provider/main"
LONG = "-----BEGIN PRIVATE KEY-----\r\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\r\n" * 50
PASSPHRASE = {"SMS_DESK_VAULT_PASSPHRASE": "pass phrase"}


@pytest.mark.parametrize("secret", ["plain", "şifre 🔑 with space ", LONG], ids=["short", "unicode", "long"])
def test_a_secret_survives_the_session(secret_service: KeyringBackend, tmp_path: Path, secret: str) -> None:
    store = SecretStore(tmp_path, os.environ)
    assert store.save(NAME, "an older one") is Where.KEYRING
    assert store.save(NAME, secret) is Where.KEYRING
    assert store.describe() == StoreState(Where.KEYRING, "Secret Service")

    later = SecretStore(tmp_path, os.environ)
    assert later.load(NAME) == secret
    later.delete(NAME)
    assert SecretStore(tmp_path, os.environ).load(NAME) is None
    assert [path for path in tmp_path.rglob("*") if path.parent.name == "envelopes"] == []


def test_it_is_found_without_being_forced(
    secret_service: KeyringBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")

    assert SecretStore(tmp_path, os.environ).save(NAME, "plain") is Where.KEYRING


def test_two_profiles_live_side_by_side(secret_service: KeyringBackend, tmp_path: Path) -> None:
    one, two = (SecretStore(tmp_path / folder, os.environ) for folder in ("one", "two"))
    one.save(NAME, "of one")
    two.save(NAME, "of two")
    two.delete(NAME)

    assert (one.load(NAME), two.load(NAME)) == ("of one", None)


def test_a_keyring_forced_off_leaves_it_alone_and_uses_the_vault(
    secret_service: KeyringBackend, tmp_path: Path
) -> None:
    SecretStore(tmp_path, os.environ).save("provider/old", "in the keyring")
    off = {**os.environ, **PASSPHRASE, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}

    assert SecretStore(tmp_path, off).save(NAME, "in the vault") is Where.VAULT
    assert SecretStore(tmp_path, off).load(NAME) == "in the vault"
    with pytest.raises(SecretStoreError, match=r"is in the keyring: .*keyring\.backends\.null\.Keyring"):
        SecretStore(tmp_path, off).load("provider/old")
    assert SecretStore(tmp_path, os.environ).load("provider/old") == "in the keyring"


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # keyring leaves its connection open when it is refused
def test_a_locked_keyring_is_told_or_replaced_by_the_vault(secret_service: KeyringBackend, tmp_path: Path) -> None:
    SecretStore(tmp_path, os.environ).save(NAME, "before it was locked")
    with closing(secretstorage.dbus_init()) as connection:
        secretstorage.get_default_collection(connection).lock()
    locked = SecretStore(tmp_path, os.environ)

    actions: list[Callable[[], object]] = [
        lambda: locked.load(NAME),
        lambda: locked.save(NAME, "new"),
        lambda: locked.delete(NAME),
    ]
    for action in actions:
        with pytest.raises(SecretStoreError, match="Secret Service"):
            action()
    assert SecretStore(tmp_path, {**os.environ, **PASSPHRASE}).save(NAME, "new") is Where.VAULT
    assert SecretStore(tmp_path, {**os.environ, **PASSPHRASE}).load(NAME) == "new"
    gc.collect()


@pytest.mark.parametrize("backend", ["keyring.backends.SecretService.Keyring", "keyring.backends.null.Keyring"])
def test_no_file_holds_a_secret_in_clear(secret_service: KeyringBackend, tmp_path: Path, backend: str) -> None:
    store = SecretStore(tmp_path, {**os.environ, **PASSPHRASE, "PYTHON_KEYRING_BACKEND": backend})
    canaries = [f"canary-{secrets.token_hex(12)}" for _ in range(20)]
    for number, canary in enumerate(canaries):
        store.save(f"provider/{number}", canary if number % 2 else canary * 60)
        store.load(f"provider/{number}")

    content = b"\n".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert content
    for clear in [*canaries, PASSPHRASE["SMS_DESK_VAULT_PASSPHRASE"]]:
        for spelling in _spellings(clear):
            assert spelling not in content


def _spellings(text: str) -> list[bytes]:
    """Return what ``text`` may look like in a file; of base64 the middle, whatever it is preceded by."""
    raw = [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
    shifted = [base64.b64encode(b"\0" * shift + plain)[4:-4] for plain in raw for shift in range(3)]
    return [*raw, *(plain.hex().encode() for plain in raw), *(plain.hex().upper().encode() for plain in raw), *shifted]
