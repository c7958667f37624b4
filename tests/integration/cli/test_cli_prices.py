"""`prices`, as cli.md settles them."""

import re
from decimal import Decimal
from typing import Any

import pytest

from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import CommandLine, change_scenario

ROW = (
    "country",
    "mccmnc",
    "network",
    "cost",
    "cost_currency",
    "price",
    "currency",
    "margin",
    "markup",
    "rule",
    "manual",
    "enabled",
)
MONEY = re.compile(r"[0-9]+\.[0-9]{6}")
PERCENT = re.compile(r"-?[0-9]+\.[0-9]{2}")


def _country(desk: CommandLine, iso: str) -> dict[str, Any]:
    (row,) = desk.ok("prices", "list", "--country", iso)["rows"]
    found: dict[str, Any] = row
    return found


def _prices(rows: list[dict[str, Any]], column: str = "price") -> dict[tuple[str, str | None], str]:
    return {(row["country"], row["mccmnc"]): row[column] for row in rows}


def test_the_list_has_the_keys_and_formats_of_the_contract(shop: CommandLine) -> None:
    rows = shop.ok("prices", "list", "--networks")["rows"]

    assert len(rows) > 1000
    for row in rows:
        assert set(ROW) <= set(row)
        assert re.fullmatch(r"[A-Z]{2}", row["country"])
        assert row["mccmnc"] is None or re.fullmatch(r"[0-9]{5,6}", row["mccmnc"])
        assert all(MONEY.fullmatch(row[name]) for name in ("cost", "price"))
        assert all(PERCENT.fullmatch(row[name]) for name in ("margin", "markup"))
        assert (row["cost_currency"], row["currency"]) == ("EUR", "EUR")
        assert (row["manual"], row["enabled"]) == (False, True)


def test_without_networks_there_is_one_row_a_country(shop: CommandLine) -> None:
    rows = shop.ok("prices", "list")["rows"]

    assert len({row["country"] for row in rows}) == len(rows) >= 200
    assert {row["mccmnc"] for row in rows} == {None}
    assert _country(shop, "de")["cost"] == "0.100000"


def test_a_missing_price_is_null_and_never_zero(desk: CommandLine, shop: CommandLine) -> None:
    assert desk.ok("prices", "list") == {"rows": []}
    shop.ok("prices", "revert", "1")

    for row in shop.ok("prices", "list")["rows"]:
        assert (row["price"], row["margin"], row["markup"]) == (None, None, None)


def test_a_cost_finer_than_a_millionth_is_rounded_up(shop: CommandLine) -> None:
    assert _country(shop, "FR")["cost"] == "0.065556"


def test_a_price_by_hand_answers_its_change_and_networks_inherit_it(shop: CommandLine) -> None:
    answer = shop.ok("prices", "set", "DE", "0.2")

    assert answer == {"change_id": 2}
    rows = shop.ok("prices", "list", "--country", "DE", "--networks")["rows"]
    assert len(rows) > 1
    assert {(row["price"], row["manual"], row["markup"], row["margin"]) for row in rows} == {
        ("0.200000", True, "100.00", "50.00")
    }


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("0,5", "0.500000"), (" 0.5 ", "0.500000"), ("€0.5", "0.500000"), ("1.234", "1.234000"), ("1,234.5", "1234.500000"),
     (".5", "0.500000"), ("0.1234567e1", None), ("0.000001", None)],
)  # fmt: skip
def test_prices_are_read_as_prices(shop: CommandLine, typed: str, stored: str | None) -> None:
    """ux.md 5.5: of prices a single mark is the decimal mark, so "1.234" is a little more than one."""
    if stored is None:
        assert shop.refused("prices", "set", "DE", typed)["code"] in ("invalid_input", "below_cost")
    else:
        shop.ok("prices", "set", "DE", typed)
        assert _country(shop, "DE")["price"] == stored


def test_a_price_below_cost_needs_permission(shop: CommandLine) -> None:
    error = shop.refused("prices", "set", "DE", "0.099999")
    assert error == {
        "code": "below_cost", "message": "Below cost 0.100000. Enter 0.100000 or more, or allow a loss until a date."
    }  # fmt: skip
    assert _country(shop, "DE")["manual"] is False

    shop.ok("prices", "set", "DE", "0.05", "--loss-until", "2999-12-31", "--reason", "opening offer")
    assert _country(shop, "DE")["price"] == "0.050000"
    assert _country(shop, "DE")["margin"] == "-100.00"


def test_a_price_equal_to_its_cost_may_be_set(shop: CommandLine) -> None:
    shop.ok("prices", "set", "DE", "0.1")

    assert (_country(shop, "DE")["margin"], _country(shop, "DE")["markup"]) == ("0.00", "0.00")


def test_preview_equals_what_is_applied_and_changes_nothing(shop: CommandLine) -> None:
    before = _prices(shop.ok("prices", "list", "--networks")["rows"])

    preview = shop.ok("prices", "reprice", "--markup", "33.33", "--preview")
    assert _prices(shop.ok("prices", "list", "--networks")["rows"]) == before
    applied = shop.ok("prices", "reprice", "--markup", "33.33")

    assert (preview["change_id"], preview["applied"]) == (None, 0)
    assert (applied["change_id"], applied["applied"]) == (2, len(applied["rows"]))
    assert (preview["rows"], preview["skipped"]) == (applied["rows"], applied["skipped"])
    assert set(applied["rows"][0]) == {"country", "mccmnc", "cost", "before", "after", "note"}
    assert _prices(shop.ok("prices", "list", "--networks")["rows"]) == _prices(applied["rows"], "after")


@pytest.mark.parametrize(
    ("rule", "after"),
    [
        (("--markup", "25"), "0.125000"),
        (("--markup", "0"), "0.100000"),
        (("--margin", "30"), "0.142857"),
        (("--raise-markup", "5"), "0.130000"),
        (("--raise-margin", "5"), "0.133333"),
        (("--change-percent", "10"), "0.137500"),
        (("--change-amount", "0.01"), "0.135000"),
        (("--profit", "0.05"), "0.150000"),
        (("--markup", "33.333"), None),
        (("--margin", "30", "--round", "0.001"), "0.143000"),
        (("--margin", "30", "--round", "0.001", "--rounding", "down"), "0.142000"),
        (("--markup", "1", "--min-profit", "0.02"), "0.120000"),
        (("--markup", "100", "--cap", "10"), "0.137500"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_every_rule_and_limit(shop: CommandLine, rule: tuple[str, ...], after: str | None) -> None:
    """Germany costs 0.1 and is sold at 0.125 before."""
    if after is None:
        assert shop.refused("prices", "reprice", *rule)["code"] == "invalid_input"
        return
    rows = shop.ok("prices", "reprice", *rule, "--countries", "DE")["rows"]

    assert {(row["country"], row["cost"], row["before"], row["after"]) for row in rows} == {
        ("DE", "0.100000", "0.125000", after)
    }
    assert _country(shop, "DE")["price"] == after


def test_a_tie_is_rounded_half_up(shop: CommandLine) -> None:
    shop.ok("prices", "reprice", "--markup", "12.50", "--countries", "FR")

    exact = Decimal("0.065556") * Decimal("1.125")
    assert exact == Decimal("0.0737505")
    assert _country(shop, "FR")["price"] == "0.073751"


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        (("--countries", "de, fr"), {"DE", "FR"}, {"AT"}),
        (("--region", "eu"), {"DE", "FR", "AT"}, {"US", "CH"}),
        (("--region", "EFTA", "--countries", "US"), {"CH", "US"}, {"DE"}),
    ],
)
def test_a_scope_limits_a_rule(shop: CommandLine, scope: tuple[str, ...], inside: set[str], outside: set[str]) -> None:
    countries = {row["country"] for row in shop.ok("prices", "reprice", "--markup", "40", *scope)["rows"]}

    assert inside <= countries
    assert not outside & countries


def test_prices_by_hand_are_skipped_by_name_unless_asked_for(shop: CommandLine) -> None:
    shop.ok("prices", "set", "US", "0.5")

    answer = shop.ok("prices", "reprice", "--markup", "10", "--countries", "US,DE")
    assert {row["country"] for row in answer["rows"]} == {"DE"}
    assert {(row["country"], row["reason"]) for row in answer["skipped"]} == {
        ("US", "manual"),
        ("US", "inherits_manual"),
    }
    assert set(answer["skipped"][0]) == {"country", "mccmnc", "reason"}
    assert _country(shop, "US")["price"] == "0.500000"

    shop.ok("prices", "reprice", "--markup", "10", "--countries", "US", "--include-manual")
    assert (_country(shop, "US")["price"], _country(shop, "US")["manual"]) == ("0.036630", False)


def test_a_country_without_cost_is_skipped(desk: CommandLine) -> None:
    desk.ok("prices", "set", "DE", "0.2")

    answer = desk.ok("prices", "reprice", "--markup", "10", "--include-manual")

    assert answer["rows"] == []
    assert answer["skipped"] == [{"country": "DE", "mccmnc": None, "reason": "no_cost"}]


def test_changes_are_listed_and_reverted_row_by_row(shop: CommandLine) -> None:
    shop.ok("--as", "Ayşe", "prices", "reprice", "--markup", "50", "--countries", "DE,US,FR")
    shop.ok("prices", "set", "US", "0.9")

    changes = shop.ok("prices", "changes")["changes"]
    assert [change["change_id"] for change in changes] == [3, 2, 1]
    assert {"change_id", "at", "actor", "label", "rows"} <= set(changes[1])
    assert (changes[1]["actor"], changes[1]["label"]) == ("Ayşe", "markup 50.00: DE, FR, US")
    assert changes[1]["at"].endswith("+00:00")

    reverted = shop.ok("prices", "revert", "2")
    assert set(reverted) == {"change_id", "restored", "skipped"}
    assert {(row["country"], row["mccmnc"]) for row in reverted["skipped"]} == {("US", None)}
    assert reverted["restored"] == changes[1]["rows"] - 1
    assert [_country(shop, iso)["price"] for iso in ("DE", "US", "FR")] == ["0.125000", "0.900000", "0.081945"]


def test_a_revert_can_be_reverted(shop: CommandLine) -> None:
    reverted = shop.ok("prices", "revert", "1")["change_id"]
    assert _country(shop, "DE")["price"] is None

    shop.ok("prices", "revert", reverted)

    assert _country(shop, "DE")["price"] == "0.125000"


def test_reverting_what_never_was_is_refused(shop: CommandLine) -> None:
    assert shop.refused("prices", "revert", "99")["code"] == "not_found"


def test_the_main_job_of_the_issue(
    desk: CommandLine, own_sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    """Austria at 0.1234 and Sweden at 0.062 with a markup of 0: 1000 segments cost 123.40 and 62."""
    change_scenario(own_sandbox.url, {"prices": {"AT": "0.1234", "SE": "0.062"}})
    add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{own_sandbox.url}/twilio", "--default")
    desk.ok(*add, stdin=provider_secret)
    desk.ok("providers", "sync-costs", "main")
    desk.ok("prices", "reprice", "--markup", "0")

    assert Decimal(_country(desk, "AT")["price"]) * 1000 == Decimal("123.40")
    assert Decimal(_country(desk, "SE")["price"]) * 1000 == 62
