"""The vault's passphrase is asked for again when it was wrong, and says so; nothing goes on with a wrong one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.domain.errors import SecretStoreError
from desktop_app.secret_store.store import ASKED_AGAIN, SecretStore

OFF = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
RIGHT = "correct horse battery"


def answering(answers: list[str | None], told: list[str]) -> Callable[[str], str | None]:
    def ask(why: str) -> str | None:
        told.append(why)
        return answers.pop(0)

    return ask


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A profile whose vault holds a secret."""
    SecretStore(tmp_path, {**OFF, "SMS_DESK_VAULT_PASSPHRASE": RIGHT}).save("provider/1", "the secret")
    return tmp_path


def test_a_wrong_one_is_asked_for_again_with_the_reason(profile: Path) -> None:
    told: list[str] = []
    store = SecretStore(profile, OFF, answering(["wrong one", RIGHT], told))
    assert store.load("provider/1") == "the secret"
    assert told == ["", "The vault's passphrase is wrong."]
    assert store.load("provider/1") == "the secret"
    assert len(told) == 2


def test_after_some_wrong_ones_it_is_refused(profile: Path) -> None:
    told: list[str] = []
    store = SecretStore(profile, OFF, answering(["wrong one"] * ASKED_AGAIN, told))
    with pytest.raises(SecretStoreError, match="wrong"):
        store.load("provider/1")
    assert len(told) == ASKED_AGAIN


def test_whoever_declines_is_not_asked_again(profile: Path) -> None:
    told: list[str] = []
    with pytest.raises(SecretStoreError, match="needs its passphrase"):
        SecretStore(profile, OFF, answering([None], told)).load("provider/1")
    assert told == [""]


def test_a_damaged_vault_is_told_of_before_anybody_is_asked(profile: Path) -> None:
    told: list[str] = []
    (profile / "vault.json").write_text("{}")
    with pytest.raises(SecretStoreError, match="damaged"):
        SecretStore(profile, OFF, answering([RIGHT] * ASKED_AGAIN, told)).save("provider/2", "another")
    assert told == []
