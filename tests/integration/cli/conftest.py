"""A fresh profile, a stocked one, and the provider they buy from."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import keyring
import pytest
from keyring.core import load_keyring

from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import PASSPHRASE, CommandLine

ACCOUNT: Final = "AC" + "5" * 32
SECRET: Final = "canary-5d41402abc4b2a76b9719d911017c592"
NO_KEYRING: Final = "keyring.backends.fail.Keyring"
SCENARIO: Final[dict[str, object]] = {
    "currency": "EUR",
    "balance": "123.45",
    "prices": {"DE": "0.1", "US": "0.0333", "TR": "0.02", "FR": "0.0655555", "CH": "0.2"},
    "latency_ms": 0,
    "delivery_ms": 20,
    "credentials": {"twilio": [ACCOUNT, SECRET]},
}


@pytest.fixture(autouse=True)
def _vault_passphrase(_own_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_DESK_VAULT_PASSPHRASE", PASSPHRASE)


@pytest.fixture(scope="session")
def provider_secret() -> str:
    """The secret that the sandbox takes; a canary that may stand in no file and on no screen."""
    return SECRET


@pytest.fixture(scope="session")
def provider_arguments() -> tuple[str, ...]:
    """The options of `providers add` for the sandbox's account, without its address."""
    return ("--kind", "twilio", "--set", f"account_sid={ACCOUNT}", "--secret-stdin")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A provider without faults, for the whole session; never changed by a test."""
    with Sandbox(Scenario.from_json(SCENARIO)) as running:
        yield running


@pytest.fixture
def own_sandbox() -> Iterator[Sandbox]:
    """A provider of the test's own, which it may change by posting scenarios."""
    with Sandbox(Scenario.from_json(SCENARIO)) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> CommandLine:
    """The command line on a profile that does not exist yet."""
    return CommandLine(tmp_path / "profile")


@pytest.fixture(scope="session")
def stocked_profile(
    sandbox: Sandbox, provider_arguments: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A profile with costs, prices at a markup of 25 %, a client with 50 EUR and its sender ID; copied, never used."""
    made = CommandLine(tmp_path_factory.mktemp("stocked") / "profile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMS_DESK_VAULT_PASSPHRASE", PASSPHRASE)
        patch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYRING)
        keyring.set_keyring(load_keyring(NO_KEYRING))
        made.ok("service", "on")
        made.ok(
            "providers", "add", "main", *provider_arguments, "--base-url", f"{sandbox.url}/twilio", "--default",
            stdin=SECRET + "\n",
        )  # fmt: skip
        made.ok("providers", "sync-costs", "main")
        made.ok("prices", "reprice", "--markup", "25")
        made.ok("clients", "add", "Acme")
        made.ok("credit", "topup", "Acme", "50", "--reason", "first order")
        made.ok("senders", "request", "Acme", "ACME")
    return made.profile


@pytest.fixture
def shop(stocked_profile: Path, tmp_path: Path) -> CommandLine:
    """The command line on a stocked profile of the test's own."""
    return CommandLine(Path(shutil.copytree(stocked_profile, tmp_path / "shop")))


@pytest.fixture(scope="module")
def shelf(stocked_profile: Path, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line on a stocked profile of the module's, for tests that store nothing."""
    return CommandLine(Path(shutil.copytree(stocked_profile, tmp_path_factory.mktemp("shelf") / "profile")))


@pytest.fixture
def own_shop(
    shop: CommandLine, own_sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str
) -> CommandLine:
    """A stocked profile that sends through a provider of the test's own."""
    add = ("providers", "add", "own", *provider_arguments, "--base-url", f"{own_sandbox.url}/twilio", "--default")
    shop.ok(*add, stdin=provider_secret)
    shop.ok("providers", "sync-costs", "own")
    return shop
