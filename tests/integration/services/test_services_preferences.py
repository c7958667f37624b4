"""What a team settled: typed, checked, with defaults, on both databases."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from desktop_app.domain.errors import InvalidInput, NotAllowed
from desktop_app.domain.refresh import RefreshEvery, RefreshSchedule
from desktop_app.services.preferences import Preferences
from tests.fixtures.application import Desk

CHANGES: dict[str, Any] = {
    "company": "Northwind Telecom",
    "step": 5000,
    "decimals": 6,
    "target_margin": 3050,
    "shows_markup": True,
    "rules_follow_costs": True,
    "refresh": RefreshSchedule(RefreshEvery.DAY, time(5, 45)),
}


def test_a_fresh_database_has_the_defaults(bare_desk: Desk) -> None:
    assert bare_desk.application.preferences.read() == Preferences()


def test_every_setting_is_read_back_and_leaves_a_trace(bare_desk: Desk) -> None:
    preferences = bare_desk.application.preferences

    before = preferences.change(actor="anna", **CHANGES)

    assert before == Preferences()
    assert preferences.read() == Preferences(**CHANGES)
    changed = bare_desk.query("SELECT actor, subject FROM activity WHERE kind = 'setting_changed' ORDER BY subject")
    assert changed == [("anna", name) for name in sorted(CHANGES)]


def test_what_is_not_named_and_what_is_the_same_stays(bare_desk: Desk) -> None:
    preferences = bare_desk.application.preferences
    preferences.change(actor="anna", company="Northwind")

    preferences.change(actor="bert", company="Northwind", decimals=5)

    assert preferences.read() == Preferences(company="Northwind", decimals=5)
    assert bare_desk.query("SELECT actor, subject FROM activity WHERE kind = 'setting_changed' ORDER BY id") == [
        ("anna", "company"),
        ("bert", "decimals"),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("company", "x" * 81), ("company", "two\nlines"), ("company", " edge"), ("step", 7), ("decimals", 2), ("decimals", 7),
     ("target_margin", -1), ("target_margin", 10_000), ("currency", "XXX")],
)  # fmt: skip
def test_a_value_that_is_none_is_refused_and_nothing_changes(sqlite_desk: Desk, name: str, value: object) -> None:
    preferences = sqlite_desk.application.preferences

    with pytest.raises(InvalidInput) as refused:
        preferences.change(actor="anna", **{"decimals": 5, name: value})

    assert name in refused.value.fields
    assert preferences.read().decimals == 4


def test_a_value_of_a_newer_program_falls_back_without_costing_the_others(sqlite_desk: Desk) -> None:
    preferences = sqlite_desk.application.preferences
    preferences.change(actor="anna", company="Northwind", decimals=5)
    sqlite_desk.query("UPDATE setting SET value = 'nine' WHERE name = 'preference.decimals'")
    sqlite_desk.query("INSERT INTO setting (name, value) VALUES ('preference.step', '3')")

    assert preferences.read() == Preferences(company="Northwind")


def test_the_main_currency_changes_while_there_is_nothing_to_lose(bare_desk: Desk) -> None:
    bare_desk.add_provider("Main")
    bare_desk.import_costs("Main", {"DE": "0.05"}, currency="EUR")
    bare_desk.application.accounts.set_exchange_rate("EUR", "TRY", Decimal(50), date(2026, 1, 1), actor="anna")

    bare_desk.application.preferences.change(actor="anna", currency="TRY")

    assert bare_desk.application.preferences.read().currency == "TRY"
    (row,) = bare_desk.application.pricing.list_prices()
    assert (row.currency, row.rate.cost) == ("TRY", 2_500_000)


def test_with_prices_the_main_currency_stays(bare_desk: Desk) -> None:
    bare_desk.add_provider("Main")
    bare_desk.import_costs("Main", {"DE": "0.05"})
    bare_desk.application.pricing.set_price("DE", Decimal("0.06"), actor="anna")

    with pytest.raises(NotAllowed, match="prices or clients"):
        bare_desk.application.preferences.change(actor="anna", currency="USD", decimals=5)

    assert bare_desk.application.preferences.read() == Preferences()


def test_with_clients_the_main_currency_stays(bare_desk: Desk) -> None:
    bare_desk.application.clients.add("Aurora", actor="anna")

    with pytest.raises(NotAllowed, match="prices or clients"):
        bare_desk.application.preferences.change(actor="anna", currency="USD")

    assert bare_desk.application.preferences.read().currency == "EUR"
