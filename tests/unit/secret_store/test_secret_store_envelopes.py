"""Secrets too long for the Windows Credential Manager."""

import dataclasses
import stat
from pathlib import Path
from typing import ClassVar

import pytest

from desktop_app.domain.errors import SecretStoreError
from desktop_app.secret_store import SecretStore, Where, keyrings

WINDOWS_LIMIT = 1280
NAME = "provider/vonage"
PEM = "-----BEGIN PRIVATE KEY-----\r\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\r\n" * 50


class SmallKeyring:
    """A keyring with the limit of the Windows Credential Manager: 1,280 UTF-16 characters."""

    viable = True
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2 * WINDOWS_LIMIT:
            raise OSError(1783, "The stub received bad data")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SecretStore:
    only = dataclasses.replace(keyrings._ALLOWED[0], platform=keyrings._PLATFORM)
    monkeypatch.setattr(keyrings, "_ALLOWED", (only,))
    monkeypatch.setattr(SmallKeyring, "kept", {})
    monkeypatch.setattr("keyring.backends.SecretService.Keyring", SmallKeyring)
    return SecretStore(tmp_path, {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"})


def sealed(folder: Path) -> list[Path]:
    return list((folder / "envelopes").glob("*"))


@pytest.mark.parametrize(
    "secret",
    [PEM, "x" * 1001, "😀" * 501, "é" * 100_000, "sms-desk-envelope:" + "0" * 32 + ":" + "A" * 43 + "="],
    ids=["pem", "1001", "surrogate-pairs", "huge", "looks-like-a-reference"],
)
def test_a_long_secret_comes_back_exactly(store: SecretStore, tmp_path: Path, secret: str) -> None:
    assert store.save(NAME, secret) is Where.KEYRING
    assert store.load(NAME) == secret

    (file,) = sealed(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret[:30].encode() not in file.read_bytes()
    store.delete(NAME)
    assert (sealed(tmp_path), SmallKeyring.kept) == ([], {})


@pytest.mark.parametrize("secret", ["x" * 1000, "😀" * 500])
def test_a_short_secret_needs_no_file(store: SecretStore, tmp_path: Path, secret: str) -> None:
    store.save(NAME, secret)

    assert store.load(NAME) == secret
    assert sealed(tmp_path) == []


def test_replacing_leaves_no_old_ciphertext(store: SecretStore, tmp_path: Path) -> None:
    store.save(NAME, PEM)
    store.save(NAME, PEM + "new")
    assert (store.load(NAME), len(sealed(tmp_path))) == (PEM + "new", 1)

    store.save(NAME, "short")
    assert (store.load(NAME), sealed(tmp_path)) == ("short", [])


def test_a_missing_damaged_or_exchanged_ciphertext_is_told(store: SecretStore, tmp_path: Path) -> None:
    store.save(NAME, PEM)
    (file,) = sealed(tmp_path)
    good = file.read_bytes()
    for raw in (b"", good[:-1], good[:40] + bytes([good[40] ^ 1]) + good[41:], b"\xff"):
        file.write_bytes(raw)
        with pytest.raises(SecretStoreError, match="enter this secret again"):
            store.load(NAME)
    file.unlink()
    with pytest.raises(SecretStoreError, match="enter this secret again"):
        store.load(NAME)


def test_a_refused_save_leaves_no_ciphertext(
    store: SecretStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SmallKeyring, "set_password", lambda *_: None)
    with pytest.raises(SecretStoreError):
        store.save(NAME, PEM)

    assert sealed(tmp_path) == []
