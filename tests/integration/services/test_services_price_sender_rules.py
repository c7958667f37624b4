"""The column of sender rules on Prices shows what the team settled."""

from dataclasses import replace

from desktop_app.domain.sender_ids import Alphanumeric
from desktop_app.services.country_rules import CountryRulesService
from desktop_app.services.job import Job
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_sheet import SheetReader
from tests.fixtures.application import Desk


def test_the_rule_in_force_is_shown(desk: Desk) -> None:
    one = desk.application
    rules = CountryRulesService(one.database, one.clock)
    rules.set(replace(rules.get("DE").rule, alphanumeric=Alphanumeric.NO), actor="anna")
    reader = SheetReader(one.pricing, one.accounts, one.preferences, one.history, rules, one.clock)

    sheet = reader.read("en", None, frozenset({Column.SENDER}), Job())

    assert {line.iso: line.sender for line in sheet.countries}["DE"] == "Numbers only"
