"""Which keyrings are trusted, and what happens when one misbehaves (reliability.md P47)."""

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from desktop_app.domain.errors import InvalidInput, SecretStoreError
from desktop_app.secret_store import SecretStore, StoreState, Where, keyrings

SECRET = "5ecret-of-the-reseller"
NAME = "provider/main"
ALLOWED = {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}
PASSPHRASE = {"SMS_DESK_VAULT_PASSPHRASE": "a good passphrase"}


class FakeKeyring:
    """Stands in for the system's keyring; one instance's contents outlive it, as a real keyring's do."""

    viable = True
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Forgetful(FakeKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Mangling(FakeKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:-1])


class Locked(FakeKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        from keyring.errors import KeyringLocked

        raise KeyringLocked("Failed to unlock the collection!")


class Undecodable(FakeKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        return (SECRET.encode() + b"\xff").decode()


class Silent(FakeKeyring):
    release = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.release.wait()
        return None


class Absent(FakeKeyring):
    viable = False


class Clinging(FakeKeyring):
    def delete_password(self, service: str, username: str) -> None:
        pass


class Broken(FakeKeyring):
    def __init__(self) -> None:
        raise RuntimeError("no session bus")


Install = Callable[[type[FakeKeyring]], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Install:
    """Puts a fake in the place of the one backend the tests allow."""
    only = dataclasses.replace(keyrings._ALLOWED[0], platform=keyrings._PLATFORM)
    monkeypatch.setattr(keyrings, "_ALLOWED", (only,))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(FakeKeyring, "kept", {})

    def put(fake: type[FakeKeyring]) -> None:
        monkeypatch.setattr("keyring.backends.SecretService.Keyring", fake)

    return put


@pytest.mark.parametrize(
    "forced",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyrings.alt.file.PlaintextKeyring",
        "some.module.from.the.Environment",
    ],
)
def test_a_forced_unsafe_keyring_is_refused_by_name(tmp_path: Path, install: Install, forced: str) -> None:
    install(FakeKeyring)
    store = SecretStore(tmp_path / "p", {"PYTHON_KEYRING_BACKEND": forced})

    assert store.save(NAME, SECRET) is Where.SESSION
    state = store.describe()
    assert (state.where, forced in state.refusal) == (Where.SESSION, True)
    assert "until you close SMS Desk" in state.banner
    assert FakeKeyring.kept == {}


def test_a_keyring_disabled_in_its_configuration_file_is_refused_by_name(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    folder = tmp_path / "config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")

    assert "keyring.backends.null.Keyring" in SecretStore(tmp_path / "p", {}).describe().refusal


def test_an_unreadable_configuration_file_forces_nothing(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    folder = tmp_path / "config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text("<<<<<<< ours\n")

    assert SecretStore(tmp_path / "p", {}).save(NAME, SECRET) is Where.KEYRING


def test_a_chainer_to_plain_text_is_refused_by_name(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Absent)
    import keyring.backends.chainer

    plaintext = FakeKeyring()
    monkeypatch.setattr(keyring.backends.chainer.ChainerBackend, "backends", [plaintext])
    chainer = "keyring.backends.chainer.ChainerBackend"
    store = SecretStore(tmp_path / "p", {"PYTHON_KEYRING_BACKEND": chainer})

    assert store.save(NAME, SECRET) is Where.SESSION
    assert chainer in store.describe().refusal
    assert plaintext.kept == {}


def test_behind_a_chainer_only_the_allowed_keyring_is_used(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    store = SecretStore(tmp_path / "p", {"PYTHON_KEYRING_BACKEND": "keyring.backends.chainer.ChainerBackend"})

    assert store.save(NAME, SECRET) is Where.KEYRING
    assert list(FakeKeyring.kept.values()) == [SECRET]


@pytest.mark.parametrize("fake", [Absent, Broken])
def test_no_keyring_at_all_is_said(tmp_path: Path, install: Install, fake: type[FakeKeyring]) -> None:
    install(fake)
    state = SecretStore(tmp_path / "p", ALLOWED).describe()

    assert state.where is Where.SESSION
    assert state.refusal
    assert state.banner


@pytest.mark.parametrize("fake", [Forgetful, Mangling, Locked, Undecodable])
def test_a_keyring_that_fails_is_refused_by_name(tmp_path: Path, install: Install, fake: type[FakeKeyring]) -> None:
    install(fake)
    store = SecretStore(tmp_path / "p", ALLOWED)

    with pytest.raises(SecretStoreError, match="Secret Service") as caught:
        store.save(NAME, SECRET)

    assert FakeKeyring.kept == {}
    assert SECRET not in "".join(map(repr, _chain(caught.value)))


@pytest.mark.parametrize("fake", [Forgetful, Mangling, Locked])
def test_the_vault_takes_over_where_the_keyring_fails(
    tmp_path: Path, install: Install, fake: type[FakeKeyring]
) -> None:
    install(fake)
    environment = {**ALLOWED, **PASSPHRASE}

    assert SecretStore(tmp_path, environment).save(NAME, SECRET) is Where.VAULT
    assert SecretStore(tmp_path, environment).load(NAME) == SECRET


def test_a_hung_keyring_is_given_up_at_once_after_the_first_time(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Silent)
    monkeypatch.setattr(keyrings, "ANSWER_SECONDS", 0.05)
    store = SecretStore(tmp_path, ALLOWED)
    with pytest.raises(SecretStoreError, match="does not answer"):
        store.save(NAME, SECRET)

    monkeypatch.setattr(keyrings, "ANSWER_SECONDS", 600)
    with pytest.raises(SecretStoreError, match="does not answer"):
        store.load(NAME)
    Silent.release.set()


def test_saving_finding_replacing_and_deleting(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    store = SecretStore(tmp_path, ALLOWED)
    assert store.load(NAME) is None

    assert store.save(NAME, "first") is Where.KEYRING
    assert store.save(NAME, SECRET) is Where.KEYRING
    assert SecretStore(tmp_path, ALLOWED).load(NAME) == SECRET
    assert store.load("provider/other") is None
    assert store.describe() == StoreState(Where.KEYRING, "Secret Service")

    store.delete(NAME)
    store.delete(NAME)
    assert SecretStore(tmp_path, ALLOWED).load(NAME) is None
    assert FakeKeyring.kept == {}


def test_two_profiles_do_not_share_a_name(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    one, two = (SecretStore(tmp_path / folder, ALLOWED) for folder in ("one", "two"))
    one.save(NAME, "of one")
    two.save(NAME, "of two")
    two.delete(NAME)

    assert (one.load(NAME), two.load(NAME)) == ("of one", None)
    assert all(service.startswith("SMS Desk ") for service, _ in FakeKeyring.kept)


def test_a_moved_profile_keeps_its_secrets(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    SecretStore(tmp_path / "before", ALLOWED).save(NAME, SECRET)
    (tmp_path / "before").rename(tmp_path / "after")

    assert SecretStore(tmp_path / "after", ALLOWED).load(NAME) == SECRET


def test_the_newest_secret_wins_whatever_moved_it(tmp_path: Path, install: Install) -> None:
    environment = {**ALLOWED, **PASSPHRASE}
    install(FakeKeyring)
    SecretStore(tmp_path, environment).save(NAME, "first, in the keyring")
    install(Locked)
    SecretStore(tmp_path, environment).save(NAME, "second, in the vault")
    install(FakeKeyring)
    assert SecretStore(tmp_path, environment).load(NAME) == "second, in the vault"

    SecretStore(tmp_path, environment).save(NAME, "third, in the keyring")
    assert SecretStore(tmp_path, ALLOWED).load(NAME) == "third, in the keyring"


def test_a_secret_in_a_keyring_that_is_gone_is_missed_not_unknown(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    SecretStore(tmp_path, ALLOWED).save(NAME, SECRET)
    install(Absent)

    with pytest.raises(SecretStoreError, match="is in the keyring"):
        SecretStore(tmp_path, ALLOWED).load(NAME)


def test_a_secret_given_up_without_its_keyring_does_not_come_back(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    SecretStore(tmp_path, ALLOWED).save(NAME, SECRET)
    install(Absent)
    SecretStore(tmp_path, ALLOWED).delete(NAME)
    install(FakeKeyring)

    assert SecretStore(tmp_path, ALLOWED).load(NAME) is None


def test_a_locked_keyring_does_not_pretend_to_delete(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    SecretStore(tmp_path, ALLOWED).save(NAME, SECRET)
    install(Locked)

    with pytest.raises(SecretStoreError, match="locked"):
        SecretStore(tmp_path, ALLOWED).delete(NAME)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b'{"id":"x","names":[]}', b'{"id":5,"names":[[]]}', b"\xff", b"[" * 9999]
)
def test_a_damaged_register_is_told_and_kept(tmp_path: Path, install: Install, raw: bytes) -> None:
    install(FakeKeyring)
    (tmp_path / "keyring.json").write_bytes(raw)
    store = SecretStore(tmp_path, ALLOWED)

    actions: list[Callable[[], object]] = [
        lambda: store.load(NAME),
        lambda: store.save(NAME, SECRET),
        lambda: store.delete(NAME),
    ]
    for action in actions:
        with pytest.raises(SecretStoreError, match=r"keyring\.json is damaged"):
            action()
    assert (tmp_path / "keyring.json").read_bytes() == raw


def test_a_keyring_that_does_not_let_go_is_told(tmp_path: Path, install: Install) -> None:
    install(Clinging)
    store = SecretStore(tmp_path, ALLOWED)
    store.save(NAME, SECRET)

    with pytest.raises(SecretStoreError, match="did not remove"):
        store.delete(NAME)
    assert store.load(NAME) == SECRET


def test_a_secret_without_a_name_is_refused(tmp_path: Path, install: Install) -> None:
    install(FakeKeyring)
    with pytest.raises(InvalidInput):
        SecretStore(tmp_path, ALLOWED).save("", SECRET)


@pytest.mark.parametrize("secret", ["", "a\0b", "\ud800"])
def test_what_no_store_can_keep_is_refused(tmp_path: Path, install: Install, secret: str) -> None:
    install(FakeKeyring)
    with pytest.raises(InvalidInput) as caught:
        SecretStore(tmp_path, ALLOWED).save(NAME, secret)

    assert "secret" in caught.value.fields
    assert FakeKeyring.kept == {}


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an error and everything it was raised from or during."""
    found: list[BaseException] = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
