"""The vault: round trips, wrong passphrases, damage, tampering and crashes."""

import hashlib
import json
import random
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import SecretStoreError
from desktop_app.secret_store import SecretStore, Where

NAME = "provider/main"
SECRET = "5ecret-of-the-reseller"
ENVIRONMENT = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "pass phrase"}
NO_PASSPHRASE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


def filled(folder: Path) -> Path:
    """Save two secrets and return the vault file."""
    store = SecretStore(folder, ENVIRONMENT)
    assert store.save(NAME, SECRET) is Where.VAULT
    assert store.save("provider/second", "another one") is Where.VAULT
    return folder / "vault.json"


def rewrite(file: Path, change: Callable[[dict[str, dict[str, object]]], None]) -> None:
    """Change the vault as an attacker would, who can write the file and knows how its checksum is made."""
    body = json.loads(file.read_bytes())
    del body["sha256"]
    change(body)
    body["sha256"] = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    file.write_bytes(json.dumps(body, sort_keys=True, indent=1).encode() + b"\n")


def test_saving_finding_replacing_and_deleting(tmp_path: Path) -> None:
    filled(tmp_path)
    store = SecretStore(tmp_path, ENVIRONMENT)
    assert (store.load(NAME), store.load("provider/second"), store.load("unknown")) == (SECRET, "another one", None)

    store.save(NAME, "newer")
    assert SecretStore(tmp_path, ENVIRONMENT).load(NAME) == "newer"
    SecretStore(tmp_path, NO_PASSPHRASE).delete(NAME)
    store.delete(NAME)
    assert (store.load(NAME), store.load("provider/second")) == (None, "another one")
    assert store.describe().where is Where.VAULT


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_comes_back_exactly(tmp_path: Path, secret: str) -> None:
    store = SecretStore(tmp_path, ENVIRONMENT)
    store.save(NAME, secret)

    assert store.load(NAME) == secret


def test_the_same_passphrase_spelled_by_another_system_opens_it(tmp_path: Path) -> None:
    SecretStore(tmp_path, {**ENVIRONMENT, "SMS_DESK_VAULT_PASSPHRASE": "caf\u00e9"}).save(NAME, SECRET)

    assert SecretStore(tmp_path, {**ENVIRONMENT, "SMS_DESK_VAULT_PASSPHRASE": "cafe\u0301"}).load(NAME) == SECRET


def test_a_wrong_passphrase_changes_nothing(tmp_path: Path) -> None:
    file = filled(tmp_path)
    before = file.read_bytes()
    store = SecretStore(tmp_path, {**ENVIRONMENT, "SMS_DESK_VAULT_PASSPHRASE": "pass  phrase"})

    actions: list[Callable[[], object]] = [
        lambda: store.load(NAME),
        lambda: store.save(NAME, "x"),
        lambda: store.save("new", "x"),
    ]
    for action in actions:
        with pytest.raises(SecretStoreError, match="passphrase is wrong") as caught:
            action()
        assert "pass  phrase" not in repr(caught.value)
    assert file.read_bytes() == before


def test_a_person_is_asked_again_after_declining_and_once_after_answering(tmp_path: Path) -> None:
    filled(tmp_path)
    answers = iter([None, "", "pass phrase"])
    store = SecretStore(tmp_path, NO_PASSPHRASE, lambda _why: next(answers))

    for _ in range(2):
        with pytest.raises(SecretStoreError, match="needs its passphrase"):
            store.load(NAME)
    assert (store.load(NAME), store.load("provider/second")) == (SECRET, "another one")
    assert store.save("third", "x") is Where.VAULT


def test_without_a_passphrase_a_secret_lasts_for_the_session(tmp_path: Path) -> None:
    store = SecretStore(tmp_path, NO_PASSPHRASE)

    assert store.save(NAME, SECRET) is Where.SESSION
    assert (store.load(NAME), SecretStore(tmp_path, NO_PASSPHRASE).load(NAME)) == (SECRET, None)
    assert list(tmp_path.iterdir()) == []
    store.delete(NAME)
    assert store.load(NAME) is None


def test_the_files_are_private(tmp_path: Path) -> None:
    profile = tmp_path / "new" / "profile"
    filled(profile)

    assert {stat.S_IMODE(file.stat().st_mode) for file in profile.iterdir()} == {0o600}
    assert stat.S_IMODE(profile.stat().st_mode) == 0o700


def test_any_changed_byte_is_refused_and_kept(tmp_path: Path, seed: random.Random) -> None:
    file = filled(tmp_path)
    good = file.read_bytes()
    store = SecretStore(tmp_path, ENVIRONMENT)
    for place in range(len(good)):
        bad = good[:place] + bytes([good[place] ^ seed.randrange(1, 256)]) + good[place + 1 :]
        file.write_bytes(bad)
        with pytest.raises(SecretStoreError, match="is damaged"):
            store.load(NAME)
        assert file.read_bytes() == bad


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_vault_is_refused_and_kept(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "vault.json").write_bytes(raw)
    store = SecretStore(tmp_path, ENVIRONMENT)

    actions: list[Callable[[], object]] = [
        lambda: store.load(NAME),
        lambda: store.save(NAME, SECRET),
        lambda: store.delete(NAME),
    ]
    for action in actions:
        with pytest.raises(SecretStoreError, match=r"vault\.json is damaged"):
            action()
    assert (tmp_path / "vault.json").read_bytes() == raw


def test_exchanged_tokens_are_refused(tmp_path: Path) -> None:
    file = filled(tmp_path)

    def swap(body: dict[str, dict[str, object]]) -> None:
        entries = body["entries"]
        entries[NAME], entries["provider/second"] = entries["provider/second"], entries[NAME]

    rewrite(file, swap)
    for name in (NAME, "provider/second"):
        with pytest.raises(SecretStoreError, match="is damaged"):
            SecretStore(tmp_path, ENVIRONMENT).load(name)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("memory_kib", 2**31),
        ("memory_kib", 1),
        ("iterations", 10**6),
        ("iterations", 0),
        ("lanes", 0),
        ("lanes", 1000),
        ("lanes", "1"),
        ("salt", "AAAA"),
        ("salt", 5),
        ("pepper", 1),
    ],
)
def test_absurd_parameters_are_refused_before_they_are_used(tmp_path: Path, part: str, value: object) -> None:
    file = filled(tmp_path)
    rewrite(file, lambda body: body["kdf"].update({part: value}))

    with pytest.raises(SecretStoreError, match="is damaged"):
        SecretStore(tmp_path, ENVIRONMENT).load(NAME)


def test_a_token_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = filled(tmp_path)
    rewrite(file, lambda body: body["entries"].update({NAME: 5}))

    with pytest.raises(SecretStoreError, match="is damaged"):
        SecretStore(tmp_path, ENVIRONMENT).load(NAME)


def test_what_a_crash_before_the_rename_left_is_harmless(tmp_path: Path) -> None:
    file = filled(tmp_path)
    (tmp_path / "vault.json.tmp").write_bytes(file.read_bytes()[:100])
    store = SecretStore(tmp_path, ENVIRONMENT)

    assert store.load(NAME) == SECRET
    store.save(NAME, "newer")
    assert (store.load(NAME), (tmp_path / "vault.json.tmp").exists()) == ("newer", False)


def test_a_link_planted_as_the_temporary_file_is_not_followed(tmp_path: Path) -> None:
    profile, outside = tmp_path / "profile", tmp_path / "outside"
    profile.mkdir()
    outside.write_bytes(b"untouched")
    (profile / "vault.json.tmp").symlink_to(outside)
    filled(profile)

    assert outside.read_bytes() == b"untouched"


def test_a_failed_write_keeps_the_old_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = filled(tmp_path)
    before = file.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SecretStoreError, match=r"vault\.json cannot be read or written: No space left on device"):
        SecretStore(tmp_path, ENVIRONMENT).save(NAME, "newer")
    assert file.read_bytes() == before


def test_threads_saving_at_once_lose_nothing(tmp_path: Path) -> None:
    store = SecretStore(tmp_path, ENVIRONMENT)
    names = [f"provider/{number}" for number in range(12)]
    threads = [threading.Thread(target=store.save, args=(name, f"secret of {name}")) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [store.load(name) for name in names] == [f"secret of {name}" for name in names]
