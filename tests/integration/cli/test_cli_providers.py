"""`providers` and `rates`, as cli.md settles them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import CommandLine, change_scenario, kept, rows

DIFFERENCE = ("new", "raised", "lowered", "closed", "unchanged")


def test_add_test_balance_and_list(
    desk: CommandLine, sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    address = f"{sandbox.url}/twilio"
    add = ("providers", "add", "main", *provider_arguments, "--base-url", address)

    added = desk.ok(*add, "--default", stdin=provider_secret + "\n")

    assert (added["name"], added["kind"]) == ("main", "twilio")
    assert desk.ok("providers", "test", "main") == {"ok": True, "balance": "123.450000", "currency": "EUR"}
    assert desk.ok("providers", "balance", "main") == {"ok": True, "balance": "123.450000", "currency": "EUR"}
    (row,) = desk.ok("providers", "list")["rows"]
    assert (row["name"], row["kind"], row["base_url"], row["default"]) == ("main", "twilio", address, True)
    assert (row["costs_synced_at"], row["last_error"]) == (None, None)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_one_trailing_line_end_is_taken_off_the_secret(
    desk: CommandLine, sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str, ending: str
) -> None:
    add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{sandbox.url}/twilio")

    desk.ok(*add, stdin=provider_secret + ending)

    assert desk.ok("providers", "test", "main")["ok"]


def test_a_second_line_end_belongs_to_no_secret(
    desk: CommandLine, sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{sandbox.url}/twilio")

    assert desk.refused(*add, stdin=provider_secret + "\n\n")["code"] == "invalid_input"
    assert desk.ok("providers", "list") == {"rows": []}


def test_wrong_credentials_are_saved_and_refused_by_name_when_asked(
    desk: CommandLine, sandbox: Sandbox, provider_arguments: tuple[str, ...]
) -> None:
    """Settled 2: `add` asks nobody, `test` does."""
    desk.ok("providers", "add", "wrong", *provider_arguments, "--base-url", f"{sandbox.url}/twilio", stdin="no")

    for command in ("test", "balance", "sync-costs"):
        assert desk.refused("providers", command, "wrong")["code"] == "provider_auth"
    (row,) = desk.ok("providers", "list")["rows"]
    assert row["last_error"]


def test_two_entries_may_share_an_account(
    shop: CommandLine, sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    again = ("providers", "add", "second", *provider_arguments, "--base-url", f"{sandbox.url}/twilio")

    shop.ok(*again, "--default", stdin=provider_secret)

    listed = {row["name"]: row["default"] for row in shop.ok("providers", "list")["rows"]}
    assert listed == {"main": False, "second": True}
    assert shop.ok("providers", "test", "main")["ok"]


def test_costs_come_by_api_and_their_difference_is_counted(
    desk: CommandLine, own_sandbox: Sandbox, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{own_sandbox.url}/twilio", "--default")
    desk.ok(*add, stdin=provider_secret)

    first = desk.ok("providers", "sync-costs", "main")
    assert set(first) == {"countries", "rates", *DIFFERENCE}
    assert (first["countries"] >= 200, first["rates"] == first["new"] > 300) == (True, True)
    assert [first[name] for name in DIFFERENCE[1:]] == [0, 0, 0, 0]

    second = desk.ok("providers", "sync-costs", "main")
    assert (second["new"], second["unchanged"]) == (0, first["rates"])

    change_scenario(own_sandbox.url, {"prices": {"DE": "0.2", "US": "0.01"}})
    third = desk.ok("providers", "sync-costs", "main")
    assert (third["raised"] > 0, third["lowered"] > 0) == (True, True)
    assert sum(third[name] for name in DIFFERENCE) == first["rates"]


def test_costs_of_a_provider_that_is_not_the_default_leave_the_price_list_alone(
    shop: CommandLine, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    with Sandbox(Scenario.from_json({"prices": {"DE": "9"}})) as other:
        shop.ok("providers", "add", "other", *provider_arguments, "--base-url", f"{other.url}/twilio", stdin="any")
        shop.ok("providers", "sync-costs", "other")

    (row,) = shop.ok("prices", "list", "--country", "DE")["rows"]
    assert row["cost"] == "0.100000"


def test_a_rate_answers_what_was_set(desk: CommandLine) -> None:
    today = datetime.now(UTC).date().isoformat()

    assert desk.ok("rates", "set", "usd", "eur", "0,92") == {"from": "USD", "to": "EUR", "rate": "0.92", "date": today}
    dated = desk.ok("rates", "set", "USD", "EUR", "0.000000000001", "--date", "2026-03-01")
    assert dated == {"from": "USD", "to": "EUR", "rate": "0.000000000001", "date": "2026-03-01"}


def test_a_cost_in_another_currency_needs_a_dated_rate(
    desk: CommandLine, provider_arguments: tuple[str, ...], provider_secret: str
) -> None:
    with Sandbox(Scenario.from_json({"currency": "USD", "prices": {"DE": "0.1"}})) as dollars:
        add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{dollars.url}/twilio", "--default")
        desk.ok(*add, stdin=provider_secret)
        desk.ok("providers", "sync-costs", "main")

    without = desk.ok("prices", "list", "--country", "DE")["rows"][0]
    assert (without["cost"], without["cost_currency"], without["price"]) == ("0.100000", "USD", None)
    skipped = desk.ok("prices", "reprice", "--markup", "25", "--countries", "DE")["skipped"]
    assert {row["reason"] for row in skipped} == {"no_rate"}

    desk.ok("rates", "set", "USD", "EUR", "0.9", "--date", "2999-01-01")
    assert desk.ok("prices", "reprice", "--markup", "25", "--countries", "DE")["rows"] == []

    desk.ok("rates", "set", "USD", "EUR", "0.9")
    desk.ok("prices", "reprice", "--markup", "25", "--countries", "DE")
    priced = desk.ok("prices", "list", "--country", "DE")["rows"][0]
    assert Decimal(priced["price"]) == Decimal("0.1") * Decimal("0.9") * Decimal("1.25")
    assert (priced["margin"], priced["markup"]) == ("20.00", "25.00")


def test_without_a_place_for_the_secret_no_account_is_stored(
    desk: CommandLine,
    sandbox: Sandbox,
    provider_arguments: tuple[str, ...],
    provider_secret: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.ok("db", "upgrade")
    before = rows(desk.database, "SELECT count(*) FROM provider")
    monkeypatch.delenv("SMS_DESK_VAULT_PASSPHRASE")
    add = ("providers", "add", "main", *provider_arguments, "--base-url", f"{sandbox.url}/twilio")

    error = desk.refused(*add, stdin=provider_secret)

    assert error["code"] == "no_secret_store"
    assert error["message"].startswith("The provider was not saved.")
    assert "SMS_DESK_VAULT_PASSPHRASE" in error["message"]
    assert rows(desk.database, "SELECT count(*) FROM provider") == before
    assert all(provider_secret.encode() not in content for content in kept(desk.profile).values())


@pytest.mark.parametrize("passphrase", [None, "another one"])
def test_the_vault_opens_with_its_passphrase_only(
    shop: CommandLine, passphrase: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if passphrase is None:
        monkeypatch.delenv("SMS_DESK_VAULT_PASSPHRASE")
    else:
        monkeypatch.setenv("SMS_DESK_VAULT_PASSPHRASE", passphrase)

    error = shop.refused("providers", "test", "main")

    assert error["code"] == "secret_store"
    assert "passphrase" in error["message"]
