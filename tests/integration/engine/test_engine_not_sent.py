"""A send that certainly did not leave: tried again later, never in doubt, never charged before; and routes that cannot send."""

import logging
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.errors import ProviderAuthError
from desktop_app.domain.messages import AttemptOutcome, MessageStatus
from desktop_app.engine.dispatch import WINDOW, Dispatcher
from desktop_app.engine.routes import PATIENCE
from desktop_app.providers.base import HTTPFailure, HTTPRequest, HTTPResult, OutgoingMessage, SendResult
from desktop_app.providers.drivers.twilio import TwilioProvider
from desktop_app.services.job import Job
from tests.fixtures.application import ACCOUNT, Desk, eventually, german

PRICE = Decimal("0.06")


class HastyClock:
    """A clock that a test can set forward, so that nobody waits for a backoff."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def hasty_clock() -> HastyClock:
    return HastyClock()


def step_until_idle(dispatcher: Dispatcher) -> None:
    """Let the dispatcher work as long as there is something to do just now."""
    assert dispatcher._lease.epoch is not None or dispatcher._lease.acquire()
    while dispatcher.step():
        pass


def test_what_never_left_is_sent_once_when_the_provider_is_back(desk: Desk, hasty_clock: HastyClock) -> None:
    numbers = german(10)
    desk.queue(numbers)
    desk.sandbox.stop()
    with desk.dispatcher(clock=hasty_clock) as dispatcher:
        step_until_idle(dispatcher)
        assert desk.statuses() == {"queued": 10}
        assert desk.money() == (100 - 10 * PRICE, 10 * PRICE)
        attempts = desk.application.delivery.timeline(1).attempts
        assert [(one.n, one.outcome) for one in attempts] == [(1, AttemptOutcome.NOT_SENT)]
        assert "connection" in attempts[0].detail

        desk.sandbox.start()
        step_until_idle(dispatcher)
        assert desk.seen() == []  # not before its time
        hasty_clock.ahead = timedelta(seconds=3)
        step_until_idle(dispatcher)
        dispatcher.stop()

    assert sorted(desk.seen()) == numbers
    assert desk.statuses() == {"accepted": 10}
    assert desk.money() == (100 - 10 * PRICE, 0)
    desk.assert_sound()


@pytest.mark.parametrize(
    ("mode", "settings", "seconds"),
    [
        ("too_many_requests", {}, 2),
        ("too_many_requests_retry_after", {"retry_after": "7"}, 7),
        ("too_many_requests_retry_after", {"retry_after": "-1"}, 2),
        ("too_many_requests_retry_after", {"retry_after": "NaN"}, 2),
        ("too_many_requests_insane", {}, 900),
    ],
)
def test_a_throttling_provider_gets_its_time(
    sqlite_desk: Desk, hasty_clock: HastyClock, mode: str, settings: dict[str, str], seconds: int
) -> None:
    sqlite_desk.fail_sends(mode, settings)
    sqlite_desk.queue(german(5))
    with sqlite_desk.dispatcher(clock=hasty_clock) as dispatcher:
        step_until_idle(dispatcher)
        sqlite_desk.heal()
        assert sqlite_desk.statuses() == {"queued": 5}
        assert sqlite_desk.money() == (100 - 5 * PRICE, 5 * PRICE)

        hasty_clock.ahead = timedelta(seconds=seconds - 1)
        step_until_idle(dispatcher)
        assert sqlite_desk.seen() == []
        hasty_clock.ahead = timedelta(seconds=seconds + 1)
        step_until_idle(dispatcher)
        dispatcher.stop()

    assert sorted(sqlite_desk.seen()) == german(5)
    sqlite_desk.assert_sound()


def test_the_waits_grow_to_a_quarter_of_an_hour_and_never_break(sqlite_desk: Desk, hasty_clock: HastyClock) -> None:
    sqlite_desk.queue(german(1))
    # As after weeks of trying: the counter is far beyond what fits a byte, or an exponent.
    sqlite_desk.query("UPDATE message SET tries = 5000")
    sqlite_desk.sandbox.stop()
    with sqlite_desk.dispatcher(clock=hasty_clock) as dispatcher:
        step_until_idle(dispatcher)
        sqlite_desk.sandbox.start()
        hasty_clock.ahead = timedelta(seconds=899)
        step_until_idle(dispatcher)
        assert sqlite_desk.seen() == []
        hasty_clock.ahead = timedelta(seconds=901)
        step_until_idle(dispatcher)
        dispatcher.stop()

    assert sqlite_desk.seen() == german(1)
    sqlite_desk.assert_sound()


def test_a_provider_that_is_down_is_not_tried_with_every_message(desk: Desk, hasty_clock: HastyClock) -> None:
    numbers = german(400)
    desk.queue(numbers)
    desk.sandbox.stop()
    with desk.dispatcher(clock=hasty_clock) as dispatcher:
        step_until_idle(dispatcher)
        refused = sum(count for detail, count in desk.details().items() if "no connection" in detail)
        assert PATIENCE <= refused < PATIENCE + WINDOW
        assert desk.statuses() == {"queued": 400}
        assert "connection" in (desk.application.accounts.open("Main")[0].last_error or "")

        desk.sandbox.start()
        eventually(lambda: dispatcher.step() or not dispatcher._routes.resting(), "the end of the rest")
        hasty_clock.ahead = timedelta(seconds=3)
        eventually(lambda: not dispatcher.step() and desk.application.is_drained(), "the rest of the queue")
        dispatcher.stop()

    assert sorted(desk.seen()) == numbers
    assert desk.statuses() == {"accepted": 400}
    desk.assert_sound()


def test_withdrawn_credentials_pause_their_route_and_only_that(desk: Desk) -> None:
    application = desk.application
    first = german(300)
    desk.queue(first[:100])
    desk.drain()
    desk.queue(first[100:])
    desk.change(credentials={"twilio": [ACCOUNT, "changed at the provider"]})
    desk.add_provider("Other", default=True, account="AC" + "7a" * 16, secret="other secret")
    desk.import_costs("Other", {"DE": "0.05"})
    desk.change(credentials={"twilio": ["AC" + "7a" * 16, "other secret"]})
    second = german(50, start=1000)
    desk.queue(second)

    with desk.dispatcher() as dispatcher:
        step_until_idle(dispatcher)
        dispatcher.stop()

    assert sorted(desk.seen()) == sorted([*first[:100], *second])
    assert desk.statuses() == {"accepted": 150, "queued": 200}
    routes = {one.name: one.paused_reason for one in application.accounts.list_providers()}
    assert routes["Other"] is None
    assert "does not accept the credentials" in (routes["Main"] or "")
    with application.database.read() as uow:
        pauses = [entry for entry in uow.activity.list_latest() if entry.kind == "route_paused"]
    assert [entry.subject for entry in pauses] == ["Main"]
    assert sum(count for detail, count in desk.details().items() if "credentials" in detail) <= 64
    with pytest.raises(ProviderAuthError):
        application.accounts.test("Main", actor="anna")

    desk.change(credentials={"twilio": None})
    application.accounts.test("Main", actor="anna")
    assert {one.paused_reason for one in application.accounts.list_providers()} == {None}
    desk.application.drain(Job(), until=desk.application.is_drained)
    assert sorted(desk.seen()) == sorted([*first, *second])
    desk.assert_sound()


def test_a_route_whose_secret_is_gone_is_paused_and_the_others_go_on(desk: Desk) -> None:
    application = desk.application
    desk.queue(german(3))
    desk.add_provider("Other", default=True)
    desk.import_costs("Other", {"DE": "0.05"})
    desk.queue(german(3, start=100))
    application.accounts._secrets.delete("provider/1")

    desk.look_at_queue()

    assert sorted(desk.seen()) == german(3, start=100)
    assert desk.statuses() == {"accepted": 3, "queued": 3}
    reasons = {one.name: one.paused_reason for one in application.accounts.list_providers()}
    assert reasons["Other"] is None
    assert "secret" in (reasons["Main"] or "")
    desk.assert_sound()


class _ReadsWrongly(TwilioProvider):
    def read_send(self, message: OutgoingMessage, result: HTTPResult) -> SendResult:
        if message.to.endswith("5"):
            raise ZeroDivisionError("a mistake in the driver")
        return super().read_send(message, result)


class _BuildsWrongly(TwilioProvider):
    def build_send(self, message: OutgoingMessage) -> HTTPRequest:
        if message.to.endswith("5"):
            raise ZeroDivisionError("a mistake in the driver")
        return super().build_send(message)


@pytest.mark.parametrize("kind", [_ReadsWrongly, _BuildsWrongly])
def test_a_mistake_in_a_driver_loses_no_outcome_and_repeats_no_send(
    sqlite_desk: Desk,
    expected_log: list[logging.LogRecord],
    monkeypatch: pytest.MonkeyPatch,
    kind: type[TwilioProvider],
) -> None:
    numbers = german(8, start=1)
    sqlite_desk.queue(numbers)
    accounts = sqlite_desk.application.accounts
    _stored, good = accounts.open("Main")
    monkeypatch.setattr(accounts, "_connect", lambda account: kind(account, good._fetch))  # type: ignore[attr-defined]

    sqlite_desk.look_at_queue()

    assert expected_log
    statuses = sqlite_desk.statuses()
    assert sum(statuses.values()) == 8
    assert "sending" not in statuses
    faulty = next(row for row in sqlite_desk.application.delivery.list_messages() if row.to.endswith("5"))
    assert faulty.status is (MessageStatus.UNKNOWN if kind is _ReadsWrongly else MessageStatus.QUEUED)
    assert sqlite_desk.application.accounts.list_providers()[0].paused_reason is not None
    monkeypatch.undo()
    sqlite_desk.application.accounts.test("Main", actor="anna")
    sqlite_desk.drain()
    assert sorted(sqlite_desk.seen()) == numbers
    sqlite_desk.assert_sound()


class _TellsTooMuch(TwilioProvider):
    """Returns what the database refuses: an id longer than any."""

    def read_send(self, message: OutgoingMessage, result: HTTPResult) -> SendResult:
        sent = super().read_send(message, result)
        if not message.to.endswith("5") or isinstance(result, HTTPFailure):
            return sent
        part = sent.parts[0]
        return SendResult(sent.outcome, (type(part)("x" * 200),))


def test_an_outcome_that_the_database_refuses_takes_no_other_with_it(
    desk: Desk, expected_log: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = german(8)
    desk.queue(numbers)
    accounts = desk.application.accounts
    _stored, good = accounts.open("Main")
    monkeypatch.setattr(accounts, "_connect", lambda account: _TellsTooMuch(account, good._fetch))  # type: ignore[attr-defined]

    desk.drain()

    assert expected_log
    assert desk.statuses() == {"accepted": 7, "unknown": 1}
    assert sorted(desk.seen()) == numbers
    assert desk.money() == (100 - 8 * PRICE, PRICE)
    desk.assert_sound()
