"""`clients` and `credit`, as cli.md settles them."""

import re
import sqlite3
from contextlib import closing

import pytest

from tests.fixtures.command_line import CommandLine, kept

BALANCE = {"posted", "held", "available", "currency", "entry_id"}


def test_a_client_is_added_and_listed(desk: CommandLine) -> None:
    added = desk.ok("clients", "add", "  Çelik & Söhne  ", "--currency", "usd", "--email", "a@example.com")
    desk.ok("clients", "add", "Acme")

    assert (added["client_id"], added["name"]) == (1, "Çelik & Söhne")
    listed = desk.ok("clients", "list")["rows"]
    assert [(row["client_id"], row["name"], row["currency"], row["email"]) for row in listed] == [
        (2, "Acme", "EUR", None), (1, "Çelik & Söhne", "USD", "a@example.com")
    ]  # fmt: skip


@pytest.mark.parametrize("twin", ["Acme", "ACME", "acme", "Ａｃｍｅ", " Acme "])
def test_a_name_is_taken_whatever_its_spelling(shelf: CommandLine, twin: str) -> None:
    before = kept(shelf.profile)

    assert shelf.refused("clients", "add", twin)["code"] == "invalid_input"
    assert kept(shelf.profile) == before


def test_a_client_is_found_whatever_the_case(shelf: CommandLine) -> None:
    assert shelf.ok("credit", "show", "acme") == shelf.ok("credit", "show", "Acme")


def test_a_key_is_shown_once_and_kept_as_a_hash(shop: CommandLine) -> None:
    answer = shop.ok("clients", "key", "Acme")

    assert set(answer) == {"key"}
    assert len(answer["key"]) >= 40
    secret_part = re.split(r"[_.]", answer["key"])[-1]
    assert all(secret_part.encode() not in content for content in kept(shop.profile).values())
    assert answer["key"] not in shop.run("clients", "list").out


def test_a_second_key_must_be_asked_for(shop: CommandLine) -> None:
    first = shop.ok("clients", "key", "Acme")["key"]

    assert shop.refused("clients", "key", "Acme")["code"] == "invalid_input"
    assert shop.ok("clients", "key", "Acme", "--replace")["key"] != first
    assert shop.refused("clients", "key", "Nobody")["code"] == "not_found"


def test_a_topup_answers_the_balance_after_it(desk: CommandLine) -> None:
    desk.ok("clients", "add", "Acme")

    first = desk.ok("credit", "topup", "Acme", "100", "--reason", "first order")
    second = desk.ok("credit", "topup", "Acme", "0.000001", "--reason", "a micro-unit")

    assert set(first) == BALANCE
    assert first == {
        "posted": "100.000000", "held": "0.000000", "available": "100.000000", "currency": "EUR", "entry_id": 1
    }  # fmt: skip
    assert (second["available"], second["entry_id"]) == ("100.000001", 2)
    assert desk.ok("credit", "show", "Acme") == second


@pytest.mark.parametrize(
    ("typed", "posted"),
    [
        ("1,000", "1000.000000"),
        ("1.000", "1000.000000"),
        ("1.000,50", "1000.500000"),
        ("1,000.5", "1000.500000"),
        ("1 234,5", "1234.500000"),
        ("1'234.50", "1234.500000"),
        ("12,5", "12.500000"),
        ("50.000000", "50.000000"),
        ("€ 5", "5.000000"),
        ("999999999.99", "999999999.990000"),
    ],
)
def test_amounts_are_read_as_amounts(desk: CommandLine, typed: str, posted: str) -> None:
    """ux.md 5.5: of amounts a group of three is a group, so "1.000" and "1,000" are one thousand."""
    desk.ok("clients", "add", "Acme")

    assert desk.ok("credit", "topup", "Acme", typed, "--reason", "as typed")["posted"] == posted


@pytest.mark.parametrize("option", [("--amount=-10.50",), ("--amount", "-10.50"), ("--amount=−10.50",)])
def test_an_adjustment_is_signed(shop: CommandLine, option: tuple[str, ...]) -> None:
    down = shop.ok("credit", "adjust", "Acme", *option, "--reason", "typing mistake")
    up = shop.ok("credit", "adjust", "Acme", "--amount=+0.50", "--reason", "goodwill")

    assert (set(down), down["available"], up["available"]) == (BALANCE, "39.500000", "40.000000")


def test_an_adjustment_never_takes_more_than_is_there(shop: CommandLine) -> None:
    before = kept(shop.profile)

    error = shop.refused("credit", "adjust", "Acme", "--amount=-50.000001", "--reason", "too much")

    assert error == {"code": "no_credit", "message": "Acme has only 50.000000 EUR available. Nothing was changed."}
    assert kept(shop.profile) == before
    assert shop.ok("credit", "adjust", "Acme", "--amount=-50", "--reason", "all of it")["available"] == "0.000000"


def test_a_statement_adds_up(shop: CommandLine) -> None:
    shop.ok("credit", "adjust", "Acme", "--amount=-1.25", "--reason", "typing mistake")

    entries = shop.ok("credit", "statement", "Acme")["entries"]

    assert [(entry["kind"], entry["amount"], entry["reason"]) for entry in entries] == [
        ("topup", "50.000000", "first order"), ("adjust", "-1.250000", "typing mistake")
    ]  # fmt: skip
    assert all(entry["currency"] == "EUR" and entry["at"].endswith("+00:00") for entry in entries)


def test_the_audit_agrees_and_counts(shop: CommandLine) -> None:
    answer = shop.ok("credit", "verify")

    assert (answer["ok"], answer["problems"]) == (True, [])
    assert answer["entries"] == 1
    assert answer["accounts"] >= 2


@pytest.mark.parametrize("drop", [True, False], ids=["without triggers", "with triggers"])
def test_the_audit_finds_one_micro_unit(shop: CommandLine, drop: bool) -> None:
    """Settled 6: it answers whole, with exit 1, and does not need the triggers."""
    with closing(sqlite3.connect(shop.database, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE ledger_transfer SET amount_micro = amount_micro + 1")
        for _, sql in [] if drop else triggers:
            connection.execute(sql)

    answer = shop.json("credit", "verify")

    assert answer.error["code"] == "audit_failed"
    assert answer.document["ok"] is False
    assert answer.document["problems"]
    assert {"accounts", "entries"} <= set(answer.document)
    assert shop.run("credit", "verify").code == 1


@pytest.mark.parametrize("command", ["show", "statement"])
def test_a_client_that_is_not_there(shelf: CommandLine, command: str) -> None:
    assert shelf.refused("credit", command, "Nobody") == {
        "code": "not_found", "message": "There is no client named “Nobody”."
    }  # fmt: skip
