"""What runs until it is stopped: `sandbox` and `worker`, and that a stop loses nothing."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import (
    DEADLINE_SECONDS,
    Answer,
    CommandLine,
    accepted,
    change_scenario,
    finish,
    rows,
    start,
)

NUMBERS = [f"+49151{n:08d}" for n in range(12345000, 12345200, 10)]


@contextmanager
def _started(*arguments: object) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """Start a command that runs until stopped, and give it with the JSON document of its first line."""
    process = start(*arguments)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        if process.poll() is None:
            process.kill()
        finish(process)


def _stop(process: subprocess.Popen[bytes], number: signal.Signals) -> Answer:
    process.send_signal(number)
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    return Answer(process.returncode, out.decode("utf-8"), err.decode("utf-8"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_sandbox_says_its_address_first_and_stops_quietly(desk: CommandLine, number: signal.Signals) -> None:
    with _started("--profile", desk.profile, "sandbox", "--port", "0") as (process, first):
        assert first == {"url": first["url"]}
        assert first["url"].startswith("http://127.0.0.1:")
        assert accepted(first["url"]) == []

        assert _stop(process, number) == Answer(0, "", "")
    assert not desk.database.exists()


def test_the_sandbox_takes_a_scenario_and_a_port(desk: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "scenario.json").write_text('{"balance": "7.5", "currency": "USD"}', "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    with _started("sandbox", "--port", port, "--scenario", tmp_path / "scenario.json") as (process, first):
        assert first["url"] == f"http://127.0.0.1:{port}"
        add = ("providers", "add", "main", "--kind", "twilio", "--base-url", f"{first['url']}/twilio")
        desk.ok(*add, "--set", f"account_sid=AC{'1' * 32}", "--secret-stdin", stdin="any")
        assert desk.ok("providers", "balance", "main") == {"ok": True, "balance": "7.500000", "currency": "USD"}

        _stop(process, signal.SIGTERM)
    assert desk.refused("providers", "balance", "main")["code"] == "provider_unreachable"


def test_a_port_that_is_taken_is_said(desk: CommandLine, sandbox: Sandbox) -> None:
    error = desk.refused("sandbox", "--port", sandbox.url.rpartition(":")[2])

    assert "port" in error["message"].lower()


def _wait_until(database: Path, query: str, expected: object) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while (found := rows(database, query)) != [(expected,)]:
        assert time.monotonic() < deadline, f"{query}: {found}"
        pause.wait(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_sends_asks_for_receipts_and_gives_the_lease_back(shop: CommandLine, number: signal.Signals) -> None:
    to = [word for one in NUMBERS for word in ("--to", one)]
    with _started("--profile", shop.profile, "--json", "worker") as (process, first):
        assert set(first) == {"worker"}
        shop.ok("send", "--client", "Acme", "--sender", "ACME", "--text", "Hello", *to)
        sent = "SELECT count(*) FROM message WHERE status NOT IN ('queued', 'sending')"
        _wait_until(shop.database, sent, len(NUMBERS))

        assert _stop(process, number) == Answer(0, "", "")

    assert rows(shop.database, "SELECT holder FROM sending_lease") == [("",)]
    assert shop.ok(
        "send", "--client", "Acme", "--sender", "ACME", "--text", "At once", "--to", NUMBERS[0], "--wait", "30"
    )
    assert shop.ok("messages", "poll", "--wait", "30") == {"final": len(NUMBERS) + 1, "open": 0}
    assert shop.ok("credit", "verify")["ok"]


def test_a_worker_that_is_stopped_amid_a_batch_writes_down_what_was_in_flight(
    own_shop: CommandLine, own_sandbox: Sandbox
) -> None:
    change_scenario(own_sandbox.url, {"latency_ms": 40})
    numbers = [f"+49151{n:08d}" for n in range(12346000, 12350000, 10)]
    (own_shop.profile / "numbers.txt").write_text("\n".join(numbers), "utf-8")
    order = (
        "send",
        "--client",
        "Acme",
        "--sender",
        "ACME",
        "--text",
        "Hello",
        "--file",
        own_shop.profile / "numbers.txt",
    )
    with _started("--profile", own_shop.profile, "--json", "worker") as (process, _first):
        own_shop.ok(*order)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not accepted(own_sandbox.url):
            assert time.monotonic() < deadline
        assert _stop(process, signal.SIGTERM).code == 0

    reached = [message["to"] for message in accepted(own_sandbox.url)]
    stored = dict(rows(own_shop.database, "SELECT number, status FROM message"))
    assert {number for number, status in stored.items() if status == "accepted"} == set(reached)
    assert set(stored.values()) == {"accepted", "queued"}
    assert len(reached) == len(set(reached))

    change_scenario(own_sandbox.url, {"latency_ms": 0})
    assert own_shop.ok("messages", "poll", "--wait", "30")["open"] == 0
    assert sorted(message["to"] for message in accepted(own_sandbox.url)) == numbers


def test_interrupting_a_send_leaves_a_queued_batch_and_an_answer(own_shop: CommandLine, own_sandbox: Sandbox) -> None:
    change_scenario(own_sandbox.url, {"latency_ms": 100})
    (own_shop.profile / "numbers.txt").write_text(
        "\n".join(f"+49151{n:08d}" for n in range(12346000, 12350000, 10)), "utf-8"
    )
    order = (
        "send",
        "--client",
        "Acme",
        "--sender",
        "ACME",
        "--text",
        "Hello",
        "--file",
        own_shop.profile / "numbers.txt",
    )

    with _started("--profile", own_shop.profile, "--json", *order, "--wait", "60") as (process, sheet):
        answer = _stop(process, signal.SIGINT)

    assert sheet["accepted"] == 400
    assert (answer.code, answer.out) == (0, "")
    assert (
        answer.err
        == f"Stopped. Batch {sheet['batch_id']} stays queued: do not send it again, “messages poll” or a worker goes on.\n"
    )
    assert rows(own_shop.database, "SELECT count(*) FROM message WHERE status = 'sending'") == [(0,)]


def test_two_senders_at_once_send_each_message_once(own_shop: CommandLine, own_sandbox: Sandbox) -> None:
    to = [word for one in NUMBERS for word in ("--to", one)]
    order = (
        "--profile",
        own_shop.profile,
        "--json",
        "send",
        "--client",
        "Acme",
        "--sender",
        "ACME",
        "--text",
        "Hi",
        *to,
    )

    answers = [finish(process) for process in [start(*order, "--wait", "30") for _ in range(2)]]

    assert [answer.code for answer in answers] == [0, 0]
    assert {answer.document["batch_id"] for answer in answers} == {1, 2}
    assert sorted(message["to"] for message in accepted(own_sandbox.url)) == sorted(NUMBERS * 2)
    assert own_shop.ok("credit", "verify")["ok"]


def test_the_module_and_the_script_are_one_program(desk: CommandLine) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sms-desk")), "--profile", desk.profile, "--json", "clients", "list"],
        capture_output=True, check=False, timeout=DEADLINE_SECONDS,
    )  # fmt: skip

    assert (done.returncode, done.stderr, json.loads(done.stdout)) == (0, b"", {"rows": []})
