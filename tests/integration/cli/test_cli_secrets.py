"""A provider's secret, the vault's passphrase, message texts and numbers: where they may stand, and nowhere else."""

import base64
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import PASSPHRASE, CommandLine, change_scenario, finish, start

TEXT = "Canary text: your code is 482915"
NUMBER = "+4915112345670"


def _traces(secret: str) -> list[bytes]:
    """Return the secret as it may be spelt: bytes, UTF-16, hex, for an address, in base64 whatever stands before it."""
    raw = secret.encode()
    encodings = [base64.b64encode(b"x" * n + raw)[(0, 4, 4)[n] : -4] for n in range(3)]
    return [raw, secret.encode("utf-16-le"), raw.hex().encode(), quote(secret, safe="").encode(), raw[::-1], *encodings]


def _leaks(folder: Path, secret: str) -> list[str]:
    traces = _traces(secret)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if any(trace in path.read_bytes() for trace in traces)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for temporary files that can be searched."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_the_secret_is_on_no_screen_in_no_file_and_in_no_argument(
    desk: CommandLine, own_sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str, told: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    """Through success, refusal, faults of every kind, import errors, backup and export."""
    wrong = provider_secret[::-1]
    add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{own_sandbox.url}/twilio", "--default")
    answers = [
        desk.json(*add, stdin=provider_secret + "\n"),
        desk.json(*add, stdin=provider_secret + "\n"),
        desk.json("providers", "add", "wrong", *add[3:-1], stdin=wrong),
        desk.json("providers", "add", "bad", *add[3:-1], stdin=provider_secret + "\0"),
        desk.json("providers", "add", "bad", *add[3:-1], "--set", f"auth_token={provider_secret}", stdin=provider_secret),
        *(desk.run("providers", command, name) for command in ("test", "balance", "sync-costs") for name in ("main", "wrong")),
        desk.run("providers", "list"),
        desk.json("service", "on"),
        desk.json("prices", "reprice", "--markup", "10"),
        desk.json("clients", "add", "Acme"),
        desk.json("credit", "topup", "Acme", "5", "--reason", "first"),
        desk.json("senders", "request", "Acme", "ACME"),
    ]  # fmt: skip
    for mode in ("ok", "bad_gateway_html", "reset_after_accept", "created_not_json", "unauthorized"):
        change_scenario(own_sandbox.url, {"faults": [{"mode": mode, "on": "send", "rate": 1.0}]})
        answers.append(
            desk.json("send", "--client", "Acme", "--sender", "ACME", "--text", TEXT, "--to", NUMBER, "--wait", "1")
        )
    answers += [
        desk.run("messages", "list"),
        desk.json("messages", "show", "1"),
        desk.json("db", "backup", tmp_path / "backup.db"),
        desk.json("prices", "export", tmp_path / "list.csv"),
        desk.json("messages", "poll"),
    ]

    for secret in (provider_secret, wrong, PASSPHRASE):
        assert [
            answer for answer in answers if any(t.decode("latin-1") in answer.out + answer.err for t in _traces(secret))
        ] == []
        assert _leaks(tmp_path, secret) == []
    assert list(told.iterdir()) == []


def test_the_secret_is_in_no_argument_of_a_running_command(
    desk: CommandLine, own_sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    """It comes by standard input, so whoever lists the processes does not see it."""
    add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{own_sandbox.url}/twilio")
    process = start("--profile", desk.profile, "--json", *add, stdin=subprocess.PIPE)
    shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert process.stdin is not None
    process.stdin.write(provider_secret.encode())
    process.stdin.close()
    process.stdin = None

    assert finish(process).code == 0
    assert provider_secret.encode() not in shown


def test_the_log_knows_no_text_and_no_number(
    shop: CommandLine, own_sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str,
    monkeypatch: pytest.MonkeyPatch, expected_log: list[object],
) -> None:  # fmt: skip
    """Not even when the program meets a bug of its own amid a send."""
    add = ("providers", "add", "own", *provider_arguments, "--base-url", f"{own_sandbox.url}/twilio", "--default")
    shop.ok(*add, stdin=provider_secret)
    shop.ok("providers", "sync-costs", "own")
    order = ("send", "--client", "Acme", "--sender", "ACME", "--text", TEXT, "--to", NUMBER, "--wait", "1")
    shop.ok(*order)
    shop.ok("messages", "poll", "--wait", "1")

    def fail(*_arguments: object) -> None:
        raise RuntimeError(f"{NUMBER} {TEXT!r} Body={TEXT} {provider_secret}")

    monkeypatch.setattr("desktop_app.services.sending.SendingService.queue", fail)
    answer = shop.json(*order)

    assert answer.error["code"] == "unexpected"
    assert str(shop.profile / "logs" / "sms-desk.log") in answer.error["message"]
    log = (shop.profile / "logs" / "sms-desk.log").read_text("utf-8")
    assert "RuntimeError" in log
    assert NUMBER not in log
    assert NUMBER[1:] not in log
    assert provider_secret.removeprefix("canary-") not in log
    assert NUMBER not in answer.err


def test_every_file_of_the_profile_is_its_owners_alone(shop: CommandLine) -> None:
    shop.ok("credit", "topup", "Acme", "1", "--reason", "first")

    assert shop.profile.stat().st_mode & 0o077 == 0
    files = [path for path in shop.profile.iterdir() if path.is_file()]
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []
