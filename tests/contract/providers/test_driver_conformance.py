"""Every registered driver over real sockets against the sandbox: one suite for all (decisions.md 10, 11; reliability.md 3.2).

A new driver joins by a row in ACCOUNTS.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from desktop_app.domain.errors import Cancelled, ProviderAuthError, ProviderError
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.base import (
    HTTPReply,
    HTTPRequest,
    OutgoingMessage,
    Provider,
    ProviderAccount,
    SendOutcome,
    SendResult,
)
from desktop_app.providers.channel import Channel
from desktop_app.providers.hosts import origin_of
from desktop_app.providers.http import HTTPClient
from desktop_app.providers.registry import DRIVERS, checked_account, open_provider
from desktop_app.providers.transport import RequestsTransport
from desktop_app.sandbox.faults import Fault, FaultMode, RequestKind
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox

SECRET = "the-secret-that-must-never-be-shown"
# kind -> (settings, the account's name in the scenario's credentials)
ACCOUNTS: dict[str, tuple[dict[str, str], str]] = {
    "twilio": ({"account_sid": "AC" + "0123456789abcdef" * 2}, "AC" + "0123456789abcdef" * 2),
}
Run = Callable[..., Sandbox]

NOT_SENT = {
    FaultMode.TOO_MANY_REQUESTS,
    FaultMode.TOO_MANY_REQUESTS_RETRY_AFTER,
    FaultMode.TOO_MANY_REQUESTS_INSANE,
    FaultMode.UNAUTHORIZED,
}
ACCEPTED = {FaultMode.OK, FaultMode.LATENCY, FaultMode.CREATED_FOREIGN_ID}
# These give no end of their own; our deadline is the end.
ENDLESS = {
    FaultMode.HANG,
    FaultMode.LATE_ACCEPT,
    FaultMode.SLOW_LORIS_HEADERS,
    FaultMode.SLOW_BODY,
    FaultMode.INFORMATIONAL_FLOOD,
    FaultMode.HALF_CLOSE,
}
LOOKUPS = {mode for mode in FaultMode if mode.startswith("lookup_")}


@pytest.fixture(params=sorted(DRIVERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def run() -> Iterator[Run]:
    started: list[Sandbox] = []

    def start(**scenario: Any) -> Sandbox:
        sandbox = Sandbox(Scenario(**{"latency_ms": 0, "delivery_ms": 0, **scenario}))
        sandbox.start()
        started.append(sandbox)
        return sandbox

    yield start
    for sandbox in started:
        sandbox.stop()


def account(kind: str, sandbox: Sandbox, secret: str = SECRET) -> ProviderAccount:
    return ProviderAccount("main", kind, f"{sandbox.url}/{kind}", ACCOUNTS[kind][0], secret)


def opened(kind: str, sandbox: Sandbox) -> Provider:
    """Open the driver with the product's own client, but without its waits between two tries."""
    checked, driver = checked_account(account(kind, sandbox)), DRIVERS[kind]
    origins = [origin_of(root) or "" for root in driver.roots(checked.base_url)]
    return driver.factory(checked, HTTPClient(checked.name, origins, deadline_seconds=10, pause=lambda seconds: None))


def message(number: int, last_digit: int = 0) -> OutgoingMessage:
    return OutgoingMessage(
        to=f"+49151{number:07d}{last_digit}",
        sender="ACME",
        text=f"Hello {number} & ünï",
        unicode=True,
        token=f"{number:040d}",
    )


def send(provider: Provider, messages: list[OutgoingMessage], deadline_seconds: float = 10.0) -> list[SendResult]:
    transport = RequestsTransport(8, deadline_seconds)
    for key, outgoing in enumerate(messages):
        transport.submit(key, provider.build_send(outgoing), lambda: True)
    results: dict[int, SendResult] = {}
    while len(results) < len(messages):
        for key, result in transport.collect(30):
            results[key] = provider.read_send(messages[key], result)
    transport.close()
    return [results[key] for key in range(len(messages))]


def accepted_by(sandbox: Sandbox) -> list[dict[str, str]]:
    channel = Channel()
    reply = channel.exchange(
        HTTPRequest("GET", sandbox.url + "/_sandbox/messages"), deadline_seconds=10, max_bytes=10**8
    )
    channel.close()
    assert isinstance(reply, HTTPReply)
    messages: list[dict[str, str]] = json.loads(reply.body)
    return messages


def ignore(done: int, total: int, country: str) -> None:
    pass


def test_every_driver_is_in_this_suite() -> None:
    assert set(ACCOUNTS) == set(DRIVERS)


def test_the_balance_is_exact(kind: str, run: Run) -> None:
    balance = open_provider(account(kind, run(balance="123.4567", currency="TRY"))).balance()
    assert (balance.amount, balance.currency) == (Decimal("123.4567"), "TRY")


def test_a_negative_balance_is_told(kind: str, run: Run) -> None:
    assert opened(kind, run(balance="-0.05")).balance().amount == Decimal("-0.05")


def test_wrong_credentials_are_refused_everywhere_and_never_shown(
    kind: str, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox = run(credentials={kind: (ACCOUNTS[kind][1], "another-secret")})
    provider = opened(kind, sandbox)
    calls: list[Callable[[], object]] = [
        provider.balance,
        lambda: list(provider.list_costs(ignore)),
        lambda: list(provider.find_sent("+491510000000", "ACME", datetime.now(UTC))),
    ]
    for call in calls:
        with pytest.raises(ProviderAuthError) as caught:
            call()
        assert "“main”" in caught.value.user_message
        assert SECRET not in repr(caught.value)
    (result,) = send(provider, [message(1)])
    assert (result.outcome, result.pause_route) == (SendOutcome.NOT_SENT, True)
    assert SECRET not in repr(result)
    assert SECRET not in caplog.text
    assert accepted_by(sandbox) == []


def test_a_stopped_provider_is_unreachable_and_certainly_not_sent_to(kind: str, run: Run) -> None:
    sandbox = run()
    provider = opened(kind, sandbox)
    sandbox.stop()
    with pytest.raises(ProviderError) as caught:
        provider.balance()
    assert caught.value.retryable
    (result,) = send(provider, [message(1)])
    assert result.outcome is SendOutcome.NOT_SENT


def test_costs_of_the_world_are_positive_exact_and_the_same_again(kind: str, run: Run) -> None:
    provider = opened(kind, run(currency="USD", prices={"DE": "0.1234"}))
    told: list[tuple[int, int]] = []
    listed = list(provider.list_costs(lambda done, total, country: told.append((done, total))))
    assert len({country.country for country in listed}) == len(listed) >= 200
    assert told[-1] == (len(listed), len(listed))
    assert told == sorted(told)
    for country in listed:
        networks = [cost.mccmnc for cost in country.costs]
        assert len(set(networks)) == len(networks)
        for cost in country.costs:
            assert (cost.country, cost.currency) == (country.country, "USD")
            assert cost.price > 0
            assert Decimal(cost.price_text) == cost.price
            assert cost.mccmnc is None or cost.mccmnc.isdigit()
    germany = next(country for country in listed if country.country == "DE")
    assert {cost.price for cost in germany.costs} == {Decimal("0.1234")}
    assert provider.capabilities.network_costs is any(cost.mccmnc for cost in germany.costs)
    assert list(provider.list_costs(ignore)) == listed


def test_listing_costs_can_be_cancelled(kind: str, run: Run) -> None:
    def cancel(done: int, total: int, country: str) -> None:
        if done == 5:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        list(opened(kind, run()).list_costs(cancel))


def test_messages_arrive_once_as_they_are_under_the_id_the_provider_gave(kind: str, run: Run) -> None:
    sandbox = run()
    messages = [message(number) for number in range(60)]
    results = send(opened(kind, sandbox), messages)
    assert {result.outcome for result in results} == {SendOutcome.ACCEPTED}
    by_id = {accepted["id"]: accepted for accepted in accepted_by(sandbox)}
    assert len(by_id) == 60
    for outgoing, result in zip(messages, results, strict=True):
        accepted = by_id[result.parts[0].provider_message_id]
        assert (accepted["to"], accepted["from"], accepted["body"]) == (outgoing.to, outgoing.sender, outgoing.text)


@pytest.mark.parametrize("mode", sorted(set(FaultMode) - LOOKUPS))
def test_each_fault_has_its_class_and_certainty_is_never_wrong(kind: str, run: Run, mode: FaultMode) -> None:
    slow = {FaultMode.LATENCY: 0.05, FaultMode.LATE_ACCEPT: 5.0}
    sandbox = run(faults=(Fault(mode, seconds=slow.get(mode)),))
    provider = opened(kind, sandbox)
    messages = [message(number) for number in range(4)]
    results = send(provider, messages, deadline_seconds=0.8 if mode in ENDLESS else 20.0)
    arrived = Counter(accepted["to"] for accepted in accepted_by(sandbox))
    assert set(arrived.values()) <= {1}
    if mode in NOT_SENT:
        expected = {SendOutcome.NOT_SENT}
    elif mode is FaultMode.BAD_REQUEST:
        expected = {SendOutcome.REJECTED}
    elif mode in ACCEPTED:
        expected = {SendOutcome.ACCEPTED}
    else:
        expected = {SendOutcome.UNKNOWN}
    assert {result.outcome for result in results} == expected
    if expected <= {SendOutcome.NOT_SENT, SendOutcome.REJECTED}:
        assert not arrived
    elif mode.accepts:
        assert len(arrived) == len(messages)
    assert all(SECRET not in repr(result) for result in results)
    waits = {result.retry_after_seconds for result in results}
    if mode is FaultMode.TOO_MANY_REQUESTS_INSANE:
        assert waits == {900.0}
    elif mode is FaultMode.TOO_MANY_REQUESTS_RETRY_AFTER:
        assert waits == {2.0}
    assert {result.pause_route for result in results} == {mode is FaultMode.UNAUTHORIZED}


def test_statuses_follow_the_numbers_and_unknown_ids_are_left_out(kind: str, run: Run) -> None:
    sandbox = run()
    provider = opened(kind, sandbox)
    results = send(provider, [message(digit, digit) for digit in range(4)])
    ids = [result.parts[0].provider_message_id for result in results]
    foreign = send(opened(kind, run()), [message(9)])[0].parts[0].provider_message_id
    reports = {report.provider_message_id: report for report in provider.fetch_statuses([*ids, foreign, "no-id"])}
    assert set(reports) == set(ids)
    assert [reports[sid].status for sid in ids] == [
        MessageStatus.DELIVERED,
        MessageStatus.UNDELIVERED,
        MessageStatus.EXPIRED,
        MessageStatus.SENT,
    ]
    delivered = reports[ids[0]]
    assert delivered.cost is not None
    assert Decimal(delivered.cost) > 0
    assert delivered.currency == "EUR"
    assert delivered.raw
    assert delivered.segments == 1


def test_a_message_whose_answer_was_lost_is_found_by_number_and_text(kind: str, run: Run) -> None:
    sandbox = run(faults=(Fault(FaultMode.RESET_AFTER_ACCEPT),))
    provider = opened(kind, sandbox)
    assert provider.capabilities.finds_sent
    since = datetime.now(UTC)
    lost = message(1)
    assert [result.outcome for result in send(provider, [lost, message(2)])] == [SendOutcome.UNKNOWN] * 2
    (record,) = provider.find_sent(lost.to, lost.sender, since)
    assert (record.to, record.sender, record.text) == (lost.to, lost.sender, lost.text)
    assert [record.provider_message_id] == [sent["id"] for sent in accepted_by(sandbox) if sent["to"] == lost.to]
    assert abs(record.created_at - since) < timedelta(minutes=5)
    assert list(provider.find_sent(lost.to, "OTHER", since)) == []
    assert list(provider.find_sent(lost.to, lost.sender, since + timedelta(hours=1))) == []


def test_a_message_that_never_arrived_is_not_found(kind: str, run: Run) -> None:
    provider = opened(kind, run(faults=(Fault(FaultMode.RESET_BEFORE_ACCEPT),)))
    assert send(provider, [message(1)])[0].outcome is SendOutcome.UNKNOWN
    assert list(provider.find_sent(message(1).to, "ACME", datetime.now(UTC) - timedelta(minutes=1))) == []


def test_identical_messages_are_all_found(kind: str, run: Run) -> None:
    provider = opened(kind, run())
    since = datetime.now(UTC)
    send(provider, [message(1)] * 30)
    records = list(provider.find_sent(message(1).to, "ACME", since))
    assert len({record.provider_message_id for record in records}) == len(records) == 30


def test_a_lookup_that_is_down_proves_nothing(kind: str, run: Run) -> None:
    fault = Fault(FaultMode.LOOKUP_DOWN, on=RequestKind.LOOKUP)
    provider = opened(kind, run(faults=(fault,)))
    (result,) = send(provider, [message(1)])
    with pytest.raises(ProviderError) as caught:
        list(provider.find_sent(message(1).to, "ACME", datetime.now(UTC)))
    assert caught.value.retryable
    with pytest.raises(ProviderError):
        list(provider.fetch_statuses([result.parts[0].provider_message_id]))


def test_rows_of_somebody_else_in_a_listing_are_left_out(kind: str, run: Run) -> None:
    fault = Fault(FaultMode.LOOKUP_FOREIGN_ROWS, on=RequestKind.LOOKUP)
    provider = opened(kind, run(faults=(fault,)))
    since = datetime.now(UTC)
    (result,) = send(provider, [message(1)])
    (record,) = provider.find_sent(message(1).to, "ACME", since)
    assert record.provider_message_id == result.parts[0].provider_message_id


@pytest.mark.parametrize("mode", sorted(set(FaultMode) - LOOKUPS - ACCEPTED - ENDLESS))
def test_a_broken_lookup_is_an_error_with_a_sentence(kind: str, run: Run, mode: FaultMode) -> None:
    sandbox = run(faults=(Fault(mode, on=RequestKind.ACCOUNT, retry_after="60"),))
    with pytest.raises(ProviderError) as caught:
        opened(kind, sandbox).balance()
    assert caught.value.user_message.rstrip().endswith(".")
    assert SECRET not in repr(caught.value)
