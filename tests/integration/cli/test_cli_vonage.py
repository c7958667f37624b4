"""Vonage from the command line to the phone: add, sync with number ranges, the sheet by network, send, poll."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import CommandLine, accepted, open_for_business, send_to

KEY, SECRET = "abcd1234", "canary-3f7c1d0aa54c99b1"
TELEKOM, VODAFONE, NOBODYS = "+4915121345670", "+4915221345670", "+4915021345670"
SCENARIO = {"balance": "12.5", "latency_ms": 0, "delivery_ms": 20, "credentials": {"vonage": [KEY, SECRET]}}


@pytest.fixture
def vonage() -> Iterator[Sandbox]:
    with Sandbox(Scenario.from_json(SCENARIO)) as running:
        yield running


@pytest.fixture
def vonage_shop(desk: CommandLine, vonage: Sandbox) -> CommandLine:
    """A profile that buys from Vonage and sells at a markup of 25 %."""
    desk.ok("service", "on")
    fields = ("--kind", "vonage", "--set", f"api_key={KEY}", "--base-url", f"{vonage.url}/vonage")
    desk.ok("providers", "add", "main", *fields, "--secret-stdin", stdin=SECRET + "\n")
    assert desk.ok("providers", "test", "main") == {"ok": True, "balance": "12.500000", "currency": "EUR"}
    synced = desk.ok("providers", "sync-costs", "main")
    assert (synced["countries"] >= 200, synced["rates"] > 300) == (True, True)
    open_for_business(desk)
    return desk


def test_the_sheet_tells_the_network_where_a_range_is_evidence(vonage_shop: CommandLine) -> None:
    sheet = vonage_shop.ok(*send_to(TELEKOM, VODAFONE, NOBODYS), "--dry-run")
    told = {row.get("mccmnc"): row for row in sheet["by_country"]}
    assert {(row["country"], row["numbers"]) for row in told.values()} == {("DE", 1)}
    assert set(told) == {None, "26201", "26202"}
    assert "network" not in told[None]
    assert told["26201"]["network"]
    listed = {
        row["mccmnc"]: row["price"] for row in vonage_shop.ok("prices", "list", "--country", "DE", "--networks")["rows"]
    }
    assert all(Decimal(row["price"]) == Decimal(listed[code]) for code, row in told.items())


def test_add_sync_send_and_poll(vonage_shop: CommandLine, vonage: Sandbox) -> None:
    vonage_shop.ok(*send_to(TELEKOM, NOBODYS, text="Grüße, 1 € ж"), "--wait", "30")
    assert {one["to"]: one["body"] for one in accepted(vonage.url)} == dict.fromkeys((TELEKOM, NOBODYS), "Grüße, 1 € ж")
    assert vonage_shop.ok("messages", "poll", "--wait", "5") == {"final": 2, "open": 0}
    rows = {row["to"]: row for row in vonage_shop.ok("messages", "list")["rows"]}
    assert {to: (row["status"], row["mccmnc"]) for to, row in rows.items()} == {
        TELEKOM: ("delivered", "26201"), NOBODYS: ("delivered", None),
    }  # fmt: skip
    why = json.loads(vonage_shop.ok("messages", "show", rows[TELEKOM]["id"])["why"])
    assert (why["mccmnc"], bool(why["network"])) == ("26201", True)


def test_a_wrong_api_key_is_refused_before_anything_is_stored(desk: CommandLine) -> None:
    told = desk.refused(
        "providers", "add", "main", "--kind", "vonage", "--set", "api_key=short", "--secret-stdin", stdin=SECRET + "\n"
    )
    assert told["message"] == "The API key is 8 letters and digits."
    assert desk.ok("providers", "list")["rows"] == []


def test_the_secret_stands_in_no_file_of_the_profile(vonage_shop: CommandLine) -> None:
    files = [path for path in vonage_shop.profile.rglob("*") if path.is_file()]
    assert files
    assert not any(SECRET.encode() in path.read_bytes() for path in files)
