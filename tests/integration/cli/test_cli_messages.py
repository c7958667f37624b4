"""`send` and `messages`, as cli.md settles them."""

from decimal import Decimal
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import CommandLine, accepted, change_scenario, kept, send_to

GOOD, FAILING, EXPIRING, PENDING = (f"+49151{n:08d}" for n in (12345670, 12345671, 12345672, 12345673))
SHEET = {"batch_id", "accepted", "encoding", "segments", "sms", "total", "currency", "by_country", "not_sent"}
MESSAGE = {
    "id",
    "batch_id",
    "to",
    "country",
    "status",
    "bucket",
    "price",
    "segments",
    "provider",
    "provider_message_id",
    "reason",
}


def _statuses(desk: CommandLine, batch_id: int) -> dict[str, tuple[str, str]]:
    rows = desk.ok("messages", "list", "--batch", batch_id)["rows"]
    return {row["to"]: (row["status"], row["bucket"]) for row in rows}


def test_the_answer_has_the_keys_and_formats_of_the_contract(shop: CommandLine) -> None:
    answer = shop.ok(*send_to(GOOD, "+41781234560", text="x" * 161))

    assert set(answer) == SHEET
    assert (answer["batch_id"], answer["accepted"], answer["encoding"]) == (1, 2, "GSM-7")
    assert (answer["segments"], answer["sms"], answer["currency"]) == (2, 4, "EUR")
    assert answer["by_country"] == [
        {"country": "CH", "numbers": 1, "segments": 2, "price": "0.250000", "amount": "0.500000"},
        {"country": "DE", "numbers": 1, "segments": 2, "price": "0.125000", "amount": "0.250000"},
    ]
    assert (answer["total"], answer["not_sent"]) == ("0.750000", [])


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("x" * 160, "GSM-7", 1),
        ("x" * 161, "GSM-7", 2),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("ж" * 70, "UCS-2", 1),
        ("ж" * 71, "UCS-2", 2),
        ("ş" * 70, "UCS-2", 1),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
    ],
)
def test_segments_are_counted_as_they_are_billed(shelf: CommandLine, text: str, encoding: str, segments: int) -> None:
    answer = shelf.ok(*send_to(GOOD, text=text), "--dry-run")

    assert (answer["encoding"], answer["segments"], answer["sms"]) == (encoding, segments, segments)


def test_a_dry_run_stores_nothing_and_sends_nothing(shop: CommandLine, sandbox: Sandbox) -> None:
    before, sent = kept(shop.profile), len(accepted(sandbox.url))

    answer = shop.ok(*send_to(GOOD), "--dry-run", "--wait", "5")

    assert (answer["batch_id"], answer["accepted"]) == (None, 1)
    assert kept(shop.profile) == before
    assert len(accepted(sandbox.url)) == sent


def test_everything_that_is_not_sent_is_named_with_its_reason(shop: CommandLine) -> None:
    shop.ok("prices", "import", "--provider", "main", _sheet(shop.profile.parent, "DE,,,0.1,EUR", "SE,,,1,USD"))

    answer = shop.ok(
        *send_to(GOOD, GOOD, "0049 151 12345670", "+49151", "hello", "+905321234560", "+46701234560", "+41781234560")
    )

    assert answer["accepted"] == 1
    assert [(row["to"], row["reason"]) for row in answer["not_sent"]] == [
        (GOOD, "duplicate"),
        ("0049 151 12345670", "duplicate"),
        ("+49151", "invalid_number"),
        ("hello", "invalid_number"),
        ("+41781234560", "no_price"),
        ("+46701234560", "no_rate"),
        ("+905321234560", "sender_not_approved"),
    ]


def _sheet(folder: Path, *lines: str) -> Path:
    path = folder / "costs.csv"
    path.write_text("country,mccmnc,network,price,currency\n" + "".join(line + "\n" for line in lines), "utf-8")
    return path


def test_a_cost_above_the_price_stops_the_message(shop: CommandLine) -> None:
    shop.ok("prices", "import", "--provider", "main", _sheet(shop.profile.parent, "DE,,,0.125001,EUR"))

    answer = shop.json(*send_to(GOOD))

    assert answer.error["code"] == "nothing_to_send"
    assert answer.document["not_sent"] == [{"to": GOOD, "reason": "below_cost"}]


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_switched_off_nothing_is_sent(shop: CommandLine, dry: tuple[str, ...]) -> None:
    shop.ok("service", "off")

    answer = shop.json(*send_to(GOOD), *dry)

    assert answer.error["code"] == "nothing_to_send"
    assert answer.document["not_sent"] == [{"to": GOOD, "reason": "service_off"}]


def test_nothing_left_to_send_is_exit_1_with_reasons(shelf: CommandLine) -> None:
    before = kept(shelf.profile)

    answer = shelf.json(*send_to("+49151", "nonsense"))

    assert answer.error == {"code": "nothing_to_send", "message": "Nothing is left to send: invalid_number."}
    assert answer.document["not_sent"] == [
        {"to": "+49151", "reason": "invalid_number"}, {"to": "nonsense", "reason": "invalid_number"}
    ]  # fmt: skip
    assert kept(shelf.profile) == before


def test_credit_short_for_the_whole_batch_sends_and_holds_nothing(shop: CommandLine, sandbox: Sandbox) -> None:
    shop.ok("credit", "adjust", "Acme", "--amount=-49.750001", "--reason", "nearly all")
    before, sent = kept(shop.profile), len(accepted(sandbox.url))

    error = shop.refused(*send_to(GOOD, PENDING), "--wait", "5")

    assert error["code"] == "no_credit"
    assert error["message"] == "Acme is 0.000001 EUR short for this send. Nothing was sent."
    assert kept(shop.profile) == before
    assert len(accepted(sandbox.url)) == sent
    assert shop.ok(*send_to(GOOD))["accepted"] == 1


def test_a_queued_batch_holds_its_credit_until_it_is_drained(shop: CommandLine, sandbox: Sandbox) -> None:
    sent = len(accepted(sandbox.url))

    batch = shop.ok(*send_to(GOOD, PENDING))["batch_id"]
    credit = shop.ok("credit", "show", "Acme")
    assert (credit["posted"], credit["held"], credit["available"]) == ("50.000000", "0.250000", "49.750000")
    assert set(_statuses(shop, batch).values()) == {("queued", "waiting")}
    assert len(accepted(sandbox.url)) == sent

    shop.ok("messages", "poll")
    credit = shop.ok("credit", "show", "Acme")
    assert (credit["posted"], credit["held"], credit["available"]) == ("49.750000", "0.000000", "49.750000")
    assert len(accepted(sandbox.url)) == sent + 2


def test_wait_drains_the_batch_and_poll_finds_what_became_of_it(own_shop: CommandLine, own_sandbox: Sandbox) -> None:
    answer = own_shop.ok(*send_to(GOOD, FAILING, EXPIRING, PENDING, text="Grüße, 1 €"), "--wait", "30")
    batch = answer["batch_id"]

    assert answer["accepted"] == 4
    assert {status for status, _ in _statuses(own_shop, batch).values()} <= {"accepted", "sent"}
    assert [(m["to"], m["from"], m["body"]) for m in accepted(own_sandbox.url)].count((GOOD, "ACME", "Grüße, 1 €")) == 1

    polled = own_shop.ok("messages", "poll", "--wait", "2")
    assert polled == {"final": 3, "open": 1}
    assert _statuses(own_shop, batch) == {
        GOOD: ("delivered", "conducted"),
        FAILING: ("undelivered", "erroneous"),
        EXPIRING: ("expired", "erroneous"),
        PENDING: ("sent", "waiting"),
    }
    assert own_shop.ok("credit", "verify")["ok"]


def test_poll_without_wait_asks_once(shop: CommandLine) -> None:
    shop.ok(*send_to(PENDING), "--wait", "30")

    assert shop.ok("messages", "poll") == {"final": 0, "open": 1}


def test_poll_with_nothing_to_do_answers_at_once(shelf: CommandLine) -> None:
    assert shelf.ok("messages", "poll", "--wait", "60") == {"final": 0, "open": 0}


def test_list_and_show_have_the_keys_of_the_contract(shop: CommandLine) -> None:
    batch = shop.ok(*send_to(GOOD), "--wait", "30")["batch_id"]
    shop.ok("messages", "poll", "--wait", "30")
    (row,) = shop.ok("messages", "list")["rows"]

    assert set(row) >= MESSAGE
    assert (row["batch_id"], row["to"], row["country"], row["provider"]) == (batch, GOOD, "DE", "main")
    assert (row["price"], row["segments"], row["reason"]) == ("0.125000", 1, None)
    assert row["provider_message_id"].startswith("SM")

    shown = shop.ok("messages", "show", row["id"])
    assert shown["rows"] == [row]
    ((attempt,), receipts) = shown["attempts"], shown["receipts"]
    assert (attempt["n"], attempt["outcome"]) == (1, "accepted")
    assert receipts[-1]["status"] == "delivered"


def test_what_is_not_there_is_not_found(shelf: CommandLine) -> None:
    assert shelf.refused("messages", "show", "7")["code"] == "not_found"
    assert shelf.refused("messages", "list", "--batch", "7")["code"] == "not_found"
    assert shelf.refused("messages", "show", str(2**63 - 1))["code"] == "not_found"


def test_numbers_come_from_files(shop: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "numbers.txt").write_text(f"{GOOD}\n+4915112345674; +4915112345675\r\n\r\n", "utf-8-sig")
    (tmp_path / "numbers.csv").write_text(f"Name,Phone\nÖkö,{GOOD}\nUS,+41781234560\n", "utf-8")
    with Workbook(tmp_path / "numbers.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["phone", GOOD, "+4915112345676"])

    for name, expected in (("numbers.txt", 3), ("numbers.csv", 2), ("numbers.xlsx", 2)):
        answer = shop.ok(*send_to(), "--file", tmp_path / name, "--dry-run")
        assert (answer["accepted"], answer["not_sent"]) == (expected, [])
    both = shop.ok(*send_to(GOOD), "--file", tmp_path / "numbers.txt", "--dry-run")
    assert (both["accepted"], both["not_sent"]) == (3, [{"to": GOOD, "reason": "duplicate"}])


def test_a_send_without_numbers_is_refused(shelf: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n \n", "utf-8")

    assert "--to" in shelf.refused(*send_to())["message"]
    assert "--to" in shelf.refused(*send_to(), "--file", tmp_path / "empty.txt")["message"]


def test_a_provider_that_loses_answers_gets_nothing_twice(own_shop: CommandLine, own_sandbox: Sandbox) -> None:
    change_scenario(own_sandbox.url, {"faults": [{"mode": "reset_after_accept", "rate": 1.0}]})
    numbers = [f"+49151{n:08d}" for n in range(12345000, 12345100, 10)]

    batch = own_shop.ok(*send_to(*numbers), "--wait", "30")["batch_id"]
    assert {status for status, _ in _statuses(own_shop, batch).values()} == {"unknown"}

    change_scenario(own_sandbox.url, {"faults": []})
    own_shop.ok("messages", "poll", "--wait", "1")
    own_shop.ok("messages", "poll", "--wait", "1")
    assert sorted(message["to"] for message in accepted(own_sandbox.url)) == numbers
    assert Decimal(own_shop.ok("credit", "show", "Acme")["available"]) == 50 - 10 * Decimal("0.125")


def test_a_drain_that_is_cut_short_still_answers_with_the_batch(own_shop: CommandLine, own_sandbox: Sandbox) -> None:
    """Whoever reads the answer must not send again: the batch is queued, and poll goes on with it."""
    change_scenario(own_sandbox.url, {"faults": [{"mode": "unavailable_not_accepted", "rate": 1.0}]})

    answer = own_shop.json(*send_to(GOOD), "--wait", "1")

    assert (answer.code, answer.document["accepted"]) == (0, 1)
    assert set(_statuses(own_shop, 1)) == {GOOD}


def test_poll_goes_on_through_a_short_outage_and_says_a_lasting_one(
    own_shop: CommandLine, own_sandbox: Sandbox
) -> None:
    own_shop.ok(*send_to(GOOD), "--wait", "30")
    change_scenario(own_sandbox.url, {"faults": [{"mode": "lookup_down", "rate": 1.0}]})

    error = own_shop.refused("messages", "poll", "--wait", "1")
    assert error["code"].startswith("provider_")

    change_scenario(own_sandbox.url, {"faults": [{"mode": "lookup_down", "rate": 0.5}], "seed": 3})
    assert own_shop.ok("messages", "poll", "--wait", "30") == {"final": 1, "open": 0}


def test_a_bug_amid_the_drain_leaves_one_answer(
    shop: CommandLine, monkeypatch: pytest.MonkeyPatch, expected_log: list[object]
) -> None:
    """The answer stands already: the batch is known, and stdout stays one document."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("desktop_app.app.Application.drain", fail)
    answer = shop.json(*send_to(GOOD), "--wait", "5")

    assert (answer.code, answer.document["batch_id"]) == (1, 1)
    assert "error" not in answer.document
    assert answer.err.startswith(
        "SMS Desk met an unexpected error; what was not finished was not saved. Details are in "
    )
    assert _statuses(shop, 1) == {GOOD: ("queued", "waiting")}
