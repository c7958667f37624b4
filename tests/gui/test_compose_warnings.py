"""Compose says what deserves a second look: borrowed short links, capitals, a country that asks for a way to opt out."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.sender_ids import rule_for
from desktop_app.services.country_rules import rules_in_force
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.screen import ComposeScreen
from desktop_app.views.screens.compose.texts import some_countries
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate


@pytest.fixture
def screen(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> ComposeScreen:
    """The screen with Aurora and two German numbers; Germany's rule asks for STOP."""
    with sqlite_desk.application.database.read() as uow:
        rule = rule_for(rules_in_force(uow), "DE")
    place.parts.country_rules.set(replace(rule, content="Marketing needs STOP wording"), actor="anna")
    made = ComposeScreen(place)
    qtbot.addWidget(made)
    place.navigator.arrived.connect(made.open_at)
    made.show()
    activate(made)
    place.navigator.go("compose?client=Aurora")
    qtbot.waitUntil(lambda: made.senders.sender_id == "AURORA")
    made.view.recipients.field.pasted.emit("\n".join(german(2)))
    qtbot.waitUntil(lambda: len(made.recipients.audience.numbers) == 2)
    return made


def test_a_plain_text_with_a_way_out_is_not_warned_of(screen: ComposeScreen, qtbot: QtBot) -> None:
    QTest.keyClicks(screen.view.message, "Your parcel is at the door. Reply STOP to end.")
    qtbot.waitUntil(lambda: screen.checker.is_settled and screen.checked is not None)
    assert screen.view.warnings.isHidden()


def test_links_capitals_and_the_missing_way_out_are_named(screen: ComposeScreen, qtbot: QtBot) -> None:
    QTest.keyClicks(screen.view.message, "LAST CHANCE TO SAVE TODAY: bit.ly/x")
    assert screen.view.warnings.text().splitlines() == [
        "bit.ly is a link shortener that anybody can use: networks often filter such links.",
        "The text is in capitals: filters take that for spam.",
    ]
    qtbot.waitUntil(lambda: "Germany: the country rule asks for a way to opt out" in screen.view.warnings.text())
    assert screen.view.warnings.isVisible()
    QTest.keyClicks(screen.view.message, " Reply STOP")
    qtbot.waitUntil(lambda: "Germany" not in screen.view.warnings.text())
    # A warning forbids nothing.
    qtbot.waitUntil(lambda: screen.checker.is_settled)
    assert screen.view.send_button.isEnabled()


@pytest.mark.parametrize(
    ("isos", "text"),
    [
        (["DE"], "de"),
        (["DE", "FR", "AT", "IT"], "de, fr, at, it"),
        (["DE", "FR", "AT", "IT", "ES"], "de, fr, at, it and 1 more"),
        (["DE", "FR", "AT", "IT", "ES", "PL", "NL"], "de, fr, at, it and 3 more"),
    ],
)
def test_countries_that_are_left_out_of_a_line_are_counted(isos: list[str], text: str) -> None:
    assert some_countries(isos, str.lower) == text
