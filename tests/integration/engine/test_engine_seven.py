"""seven.io in the engine: a lost answer is found in the journal, a refused repetition never takes another message's id."""

from decimal import Decimal

import pytest

from desktop_app.services.job import Job
from desktop_app.services.unknown_outcomes import LookedUp
from tests.fixtures.application import COSTS, Desk, german

PRICE = Decimal("0.06")


@pytest.fixture
def seven_desk(desk: Desk) -> Desk:
    """A desk that sends through seven.io."""
    desk.application.accounts.add_provider(
        "seven", "seven", base_url=desk.sandbox.url + "/seven", settings={}, secret="a key", default=True, actor="anna"
    )
    desk.import_costs("seven", COSTS)
    return desk


def look_up(desk: Desk) -> LookedUp:
    return desk.application.unknown_outcomes.look_up(None, actor="anna", job=Job())


def parts(desk: Desk) -> list[tuple[str | None, str | None]]:
    return [tuple(row) for row in desk.query("SELECT cost_text, cost_currency FROM attempt_part")]


@pytest.mark.parametrize("mode", ["reset_after_accept", "created_truncated", "server_error_accepted", "created_empty"])
def test_a_lost_answer_is_found_in_the_journal_and_charged_once(seven_desk: Desk, mode: str) -> None:
    seven_desk.queue(german(5, 4))
    seven_desk.fail_sends(mode)
    seven_desk.drain()
    seven_desk.heal()
    assert seven_desk.statuses() == {"unknown": 5}
    assert seven_desk.money() == (100 - 5 * PRICE, 5 * PRICE)

    assert look_up(seven_desk) == LookedUp(found=5, missing=0, not_asked=0)

    assert seven_desk.statuses() == {"delivered": 5}
    assert seven_desk.money() == (100 - 5 * PRICE, 0)
    seven_desk.drain()
    assert sorted(seven_desk.seen()) == german(5, 4)
    seven_desk.assert_sound()


def test_what_never_arrived_is_not_in_the_journal_and_not_sent_again(seven_desk: Desk) -> None:
    seven_desk.queue(german(3, 4))
    seven_desk.fail_sends("reset_before_accept")
    seven_desk.drain()
    seven_desk.heal()

    assert look_up(seven_desk) == LookedUp(found=0, missing=3, not_asked=0)

    seven_desk.drain()
    assert (seven_desk.statuses(), seven_desk.seen()) == ({"unknown": 3}, [])
    seven_desk.assert_sound()


def test_a_refused_repetition_does_not_take_the_id_of_the_message_it_repeats(seven_desk: Desk) -> None:
    for _ in range(2):
        seven_desk.queue(german(1, 4))
        seven_desk.drain()
    assert seven_desk.statuses() == {"accepted": 1, "unknown": 1}

    assert look_up(seven_desk).found == 0

    assert seven_desk.statuses()["unknown"] == 1
    assert seven_desk.money() == (100 - 2 * PRICE, PRICE)
    seven_desk.assert_sound()


def test_the_charge_is_kept_with_the_currency_that_the_balance_told_before(seven_desk: Desk) -> None:
    seven_desk.change(prices={"DE": "0.1234"})
    seven_desk.queue(german(1, 4), text="before")
    seven_desk.drain()
    assert parts(seven_desk) == [(None, None)]

    seven_desk.application.accounts.test("seven", actor="anna")
    seven_desk.queue(german(1, 4), text="after")
    seven_desk.drain()

    assert (("0.1234", "EUR") in parts(seven_desk), len(parts(seven_desk))) == (True, 2)


def test_a_refused_key_pauses_the_route_and_loses_nothing(seven_desk: Desk) -> None:
    seven_desk.change(credentials={"seven": ["any", "another"]})
    seven_desk.queue(german(3, 4))
    seven_desk.look_at_queue()

    assert (seven_desk.statuses(), seven_desk.seen()) == ({"queued": 3}, [])
    assert seven_desk.application.accounts.open("seven")[0].paused_reason
    assert seven_desk.money() == (100 - 3 * PRICE, 3 * PRICE)
