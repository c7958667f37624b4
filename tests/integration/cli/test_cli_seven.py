"""seven.io from the command line to the phone: add, sync, send, poll, look up, against the sandbox."""

from collections.abc import Iterator

import pytest

from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import CommandLine, accepted, change_scenario, open_for_business, rows, send_to

KEY = "canary-9a0364b9e99bb480dd25e1f0284c8555"
DELIVERED, FAILING, EXPIRING, ON_ITS_WAY = (f"+49151{n:08d}" for n in (12345670, 12345671, 12345672, 12345673))
SCENARIO = {
    "currency": "USD",
    "balance": "123.45",
    "prices": {"DE": "0.1", "FR": "0.0655555"},
    "latency_ms": 0,
    "delivery_ms": 20,
    "credentials": {"seven": ["any", KEY]},
}


@pytest.fixture
def seven() -> Iterator[Sandbox]:
    with Sandbox(Scenario.from_json(SCENARIO)) as running:
        yield running


@pytest.fixture
def seven_shop(desk: CommandLine, seven: Sandbox) -> CommandLine:
    """A profile that buys from seven.io in USD and sells in EUR at a markup of 25 %."""
    desk.ok("service", "on")
    address = f"{seven.url}/seven"
    added = desk.ok(
        "providers", "add", "seven", "--kind", "seven", "--secret-stdin", "--base-url", address, stdin=KEY + "\n"
    )
    assert (added["kind"], added["base_url"], added["default"]) == ("seven", address, True)
    desk.ok("rates", "set", "USD", "EUR", "0.5")
    synced = desk.ok("providers", "sync-costs", "seven")
    assert (synced["countries"] >= 200, synced["rates"] > 300) == (True, True)
    open_for_business(desk)
    return desk


def _statuses(desk: CommandLine) -> dict[str, str]:
    return {row["to"]: row["status"] for row in desk.ok("messages", "list")["rows"]}


def test_add_sync_send_and_poll(seven_shop: CommandLine, seven: Sandbox) -> None:
    numbers = (DELIVERED, FAILING, EXPIRING, ON_ITS_WAY)
    answer = seven_shop.ok(*send_to(*numbers, text="Grüße, 1 € ж"), "--wait", "30")
    assert (answer["accepted"], answer["currency"], answer["total"]) == (4, "EUR", "0.250000")
    assert {one["to"]: one["body"] for one in accepted(seven.url)} == dict.fromkeys(numbers, "Grüße, 1 € ж")

    assert seven_shop.ok("messages", "poll", "--wait", "2") == {"final": 3, "open": 1}
    assert _statuses(seven_shop) == {
        DELIVERED: "delivered",
        FAILING: "undelivered",
        EXPIRING: "expired",
        ON_ITS_WAY: "sent",
    }
    row = seven_shop.ok("messages", "list")["rows"][0]
    (attempt,) = seven_shop.ok("messages", "show", row["id"])["attempts"]
    (part,) = attempt["parts"]
    assert (part["provider_message_id"], part["cost"], part["currency"]) == (row["provider_message_id"], "0.1", "USD")
    credit = seven_shop.ok("credit", "show", "Acme")
    assert (credit["posted"], credit["held"]) == ("49.750000", "0.000000")


def test_the_account_answers_with_its_balance(seven_shop: CommandLine) -> None:
    assert seven_shop.ok("providers", "test", "seven") == {"ok": True, "balance": "123.450000", "currency": "USD"}


def test_the_key_stands_in_no_file_of_the_profile(seven_shop: CommandLine) -> None:
    files = [path for path in seven_shop.profile.rglob("*") if path.is_file()]
    assert files
    assert not any(KEY.encode() in path.read_bytes() for path in files)


def test_a_country_without_prices_is_not_sold(seven_shop: CommandLine, seven: Sandbox) -> None:
    sold = seven_shop.ok(*send_to("+33612345678"), "--dry-run")
    assert sold["accepted"] == 1
    names = rows(seven_shop.database, "SELECT DISTINCT network FROM provider_cost")
    assert ("Closed to us",) not in names
    assert ("Given away",) not in names
    assert rows(seven_shop.database, "SELECT COUNT(*) FROM provider_cost WHERE cost_micro <= 0") == [(0,)]


def test_a_wrong_key_is_said_and_pauses_the_route(seven_shop: CommandLine, seven: Sandbox) -> None:
    change_scenario(seven.url, {"credentials": {"seven": ["any", "another"]}})
    assert seven_shop.refused("providers", "test", "seven")["code"] == "provider_auth"
    seven_shop.json(*send_to(DELIVERED), "--wait", "2")
    assert accepted(seven.url) == []
    (row,) = seven_shop.ok("providers", "list")["rows"]
    assert "does not accept the credentials" in row["paused"]
    credit = seven_shop.ok("credit", "show", "Acme")
    assert (credit["posted"], credit["held"]) == ("50.000000", "0.062500")


def test_an_order_repeated_within_three_minutes_reaches_nobody_twice(seven_shop: CommandLine, seven: Sandbox) -> None:
    """What seven.io refuses as a repetition stays in doubt: held, and not sent again by itself."""
    seven_shop.ok(*send_to(DELIVERED), "--wait", "30")
    seven_shop.json(*send_to(DELIVERED), "--wait", "3")
    assert [one["to"] for one in accepted(seven.url)] == [DELIVERED]
    statuses = [row["status"] for row in seven_shop.ok("messages", "list")["rows"]]
    assert sorted(statuses) == ["accepted", "unknown"]
    credit = seven_shop.ok("credit", "show", "Acme")
    assert (credit["posted"], credit["held"]) == ("49.937500", "0.062500")


def test_a_setting_that_seven_does_not_have_is_refused_by_name(desk: CommandLine) -> None:
    add = ("providers", "add", "seven", "--kind", "seven", "--secret-stdin", "--set", "account_sid=AC1")
    error = desk.refused(*add, stdin=KEY)
    assert error["message"] == "seven.io has no setting “account_sid”. Its settings: none."


@pytest.mark.parametrize(
    "address", ["https://seven.io.example.org/api", "https://gateway.sms77.io/api", "http://seven.io"]
)
def test_the_key_goes_to_seven_io_and_nowhere_else(desk: CommandLine, address: str) -> None:
    add = ("providers", "add", "seven", "--kind", "seven", "--secret-stdin", "--base-url", address)
    assert "seven.io" in desk.refused(*add, stdin=KEY)["message"]
    assert desk.ok("providers", "list") == {"rows": []}
