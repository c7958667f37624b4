"""Every registered driver over real sockets against the sandbox: one suite for all (decisions.md 10, 11; reliability.md 3.2).

A driver joins by being registered: the fields of its account are filled with the examples it gives, and what it is asked for
follows from its capabilities.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from desktop_app.domain.errors import Cancelled, ProviderAuthError, ProviderError
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.base import (
    BatchProvider,
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
from desktop_app.sandbox.faces import FACES
from desktop_app.sandbox.faults import Fault, FaultMode, RequestKind
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox

SECRET = "the-secret-that-must-never-be-shown"
BATCHES = sorted(kind for kind, driver in DRIVERS.items() if driver.capabilities.max_recipients > 1)
# Where each segment has an answer of its own, one accepted segment is an accepted message (decisions.md 10).
ANSWERS_PER_SEGMENT = {"vonage"}
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


@pytest.fixture(params=sorted(kind for kind, driver in DRIVERS.items() if driver.capabilities.lists_costs))
def listing_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=sorted(kind for kind, driver in DRIVERS.items() if driver.capabilities.finds_sent))
def finding_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=BATCHES)
def batch_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


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


def settings_of(kind: str, currency: str) -> dict[str, str]:
    """Fill the fields of an account that are no secrets, as a person with such an account would."""
    own = [field for field in DRIVERS[kind].fields if not field.secret]
    return {field.key: currency if field.key == "currency" else field.example for field in own}


def account(kind: str, sandbox: Sandbox, currency: str = "EUR") -> ProviderAccount:
    return ProviderAccount("main", kind, f"{sandbox.url}/{kind}", settings_of(kind, currency), SECRET, currency)


def opened(kind: str, sandbox: Sandbox, currency: str = "EUR") -> Provider:
    """Open the driver with the product's own client, but without its waits between two tries."""
    checked, driver = checked_account(account(kind, sandbox, currency)), DRIVERS[kind]
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


def expected_of(mode: FaultMode) -> set[SendOutcome]:
    """Return the class of a send that meets ``mode`` (reliability.md 3.2)."""
    if mode in NOT_SENT:
        return {SendOutcome.NOT_SENT}
    if mode is FaultMode.BAD_REQUEST:
        return {SendOutcome.REJECTED}
    return {SendOutcome.ACCEPTED} if mode in ACCEPTED else {SendOutcome.UNKNOWN}


def ignore(done: int, total: int, country: str) -> None:
    pass


def test_our_label_travels_where_the_driver_says_so_and_nowhere_else(kind: str, run: Run) -> None:
    provider = opened(kind, run())
    bodies = {provider.build_send(message(1)._replace(token=token)).body for token in ("a" * 40, "b" * 40)}

    assert (len(bodies) == 2) is DRIVERS[kind].capabilities.takes_token


def test_every_driver_has_a_face_in_the_sandbox_and_every_face_a_driver() -> None:
    assert set(FACES) == set(DRIVERS)


def test_the_balance_is_exact(kind: str, run: Run) -> None:
    sandbox = run(balance="123.4567", currency="TRY")
    balance = open_provider(account(kind, sandbox, "TRY")).balance()
    assert (balance.amount, balance.currency) == (Decimal("123.4567"), "TRY")


def test_a_negative_balance_is_told(kind: str, run: Run) -> None:
    assert opened(kind, run(balance="-0.05")).balance().amount == Decimal("-0.05")


def test_wrong_credentials_are_refused_everywhere_and_never_shown(
    kind: str, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    user = next(iter(settings_of(kind, "EUR").values()), "any")
    sandbox = run(credentials={kind: (user, "another-secret")})
    provider = opened(kind, sandbox)
    calls: list[Callable[[], object]] = [provider.balance]
    if provider.capabilities.lists_costs:
        calls.append(lambda: list(provider.list_costs(ignore)))
    if provider.capabilities.finds_sent:
        calls.append(lambda: list(provider.find_sent("+491510000000", "ACME", datetime.now(UTC))))
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


def test_costs_of_the_world_are_positive_exact_and_the_same_again(listing_kind: str, run: Run) -> None:
    provider = opened(listing_kind, run(currency="USD", prices={"DE": "0.1234"}), "USD")
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
    assert provider.capabilities.network_ranges is bool(germany.ranges)
    assert list(provider.list_costs(ignore)) == listed


def test_listing_costs_can_be_cancelled(listing_kind: str, run: Run) -> None:
    def cancel(done: int, total: int, country: str) -> None:
        if done == 5:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        list(opened(listing_kind, run()).list_costs(cancel))


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
    expected = expected_of(mode)
    outcomes = {result.outcome for result in results}
    # Partly accepted is accepted where a message has several ids, and odd where it has one (decisions.md 10).
    assert outcomes == expected or (mode is FaultMode.MIXED_PARTS and outcomes == {SendOutcome.ACCEPTED})
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
    assert [len(result.parts) for result in results] == [1] * 4
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
    assert delivered.raw
    assert delivered.segments in (None, 1)
    charged = results[0].parts[0] if provider.capabilities.cost_in_send_answer else delivered
    assert charged.cost is not None
    assert Decimal(charged.cost) > 0
    assert charged.currency == "EUR"


def test_many_statuses_are_asked_for_at_once_and_none_is_lost(kind: str, run: Run) -> None:
    provider = opened(kind, run())
    results = send(provider, [message(number) for number in range(230)])
    ids = [result.parts[0].provider_message_id for result in results]
    reports = [report.provider_message_id for report in provider.fetch_statuses(ids)]
    assert sorted(reports) == sorted(ids)
    assert list(provider.fetch_statuses([])) == []


def test_a_message_whose_answer_was_lost_is_found_by_number_and_text(finding_kind: str, run: Run) -> None:
    sandbox = run(faults=(Fault(FaultMode.RESET_AFTER_ACCEPT),))
    provider = opened(finding_kind, sandbox)
    since = datetime.now(UTC)
    lost = message(1)
    assert [result.outcome for result in send(provider, [lost, message(2)])] == [SendOutcome.UNKNOWN] * 2
    (record,) = provider.find_sent(lost.to, lost.sender, since)
    assert (record.to, record.sender, record.text) == (lost.to, lost.sender, lost.text)
    assert [record.provider_message_id] == [sent["id"] for sent in accepted_by(sandbox) if sent["to"] == lost.to]
    assert abs(record.created_at - since) < timedelta(minutes=5)
    assert list(provider.find_sent(lost.to, "OTHER", since)) == []
    assert list(provider.find_sent(lost.to, lost.sender, since + timedelta(hours=1))) == []


def test_a_message_that_never_arrived_is_not_found(finding_kind: str, run: Run) -> None:
    provider = opened(finding_kind, run(faults=(Fault(FaultMode.RESET_BEFORE_ACCEPT),)))
    assert send(provider, [message(1)])[0].outcome is SendOutcome.UNKNOWN
    assert list(provider.find_sent(message(1).to, "ACME", datetime.now(UTC) - timedelta(minutes=1))) == []


def test_identical_messages_are_all_found_or_refused_as_the_driver_says(finding_kind: str, run: Run) -> None:
    sandbox = run()
    provider = opened(finding_kind, sandbox)
    since = datetime.now(UTC)
    results = send(provider, [message(1)] * 30)
    outcomes = Counter(result.outcome for result in results)
    records = list(provider.find_sent(message(1).to, "ACME", since))
    assert len({record.provider_message_id for record in records}) == len(records) == len(accepted_by(sandbox))
    if provider.capabilities.deduplicates_seconds:
        # What is refused as a repetition may be the very message whose answer was lost: a look-up decides.
        assert outcomes == {SendOutcome.ACCEPTED: 1, SendOutcome.UNKNOWN: 29}
        assert len(records) == 1
    else:
        assert outcomes == {SendOutcome.ACCEPTED: 30}
        assert len(records) == 30


def test_a_lookup_that_is_down_proves_nothing(finding_kind: str, run: Run) -> None:
    fault = Fault(FaultMode.LOOKUP_DOWN, on=RequestKind.LOOKUP)
    provider = opened(finding_kind, run(faults=(fault,)))
    (result,) = send(provider, [message(1)])
    with pytest.raises(ProviderError) as caught:
        list(provider.find_sent(message(1).to, "ACME", datetime.now(UTC)))
    assert caught.value.retryable
    with pytest.raises(ProviderError):
        list(provider.fetch_statuses([result.parts[0].provider_message_id]))


def test_rows_of_somebody_else_in_a_listing_are_left_out(finding_kind: str, run: Run) -> None:
    fault = Fault(FaultMode.LOOKUP_FOREIGN_ROWS, on=RequestKind.LOOKUP)
    provider = opened(finding_kind, run(faults=(fault,)))
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


def send_together(
    provider: Provider, messages: list[OutgoingMessage], deadline_seconds: float = 20.0
) -> list[SendResult]:
    """Send all of one text in one request."""
    several = cast("BatchProvider", provider)
    transport = RequestsTransport(1, deadline_seconds)
    transport.submit(0, several.build_batch(messages), lambda: True)
    ((_, result),) = transport.collect(30)
    transport.close()
    return several.read_batch(messages, result)


def same_text(count: int) -> list[OutgoingMessage]:
    return [message(number)._replace(text="One text for all: ünï") for number in range(count)]


def test_one_request_reaches_many_numbers_each_with_an_id_and_a_price_of_its_own(batch_kind: str, run: Run) -> None:
    sandbox = run(prices={"DE": "0.1234"})
    provider = opened(batch_kind, sandbox)
    messages = same_text(provider.capabilities.max_recipients)
    results = send_together(provider, messages)
    by_id = {accepted["id"]: accepted for accepted in accepted_by(sandbox)}
    assert len(by_id) == len(messages)
    for outgoing, result in zip(messages, results, strict=True):
        (part,) = result.parts
        assert (by_id[part.provider_message_id]["to"], part.cost, part.currency) == (outgoing.to, "0.1234", "EUR")


@pytest.mark.parametrize("mode", sorted(set(FaultMode) - LOOKUPS - {FaultMode.MIXED_PARTS}))
def test_each_fault_of_a_batch_has_the_class_of_a_single_send(batch_kind: str, run: Run, mode: FaultMode) -> None:
    slow = {FaultMode.LATENCY: 0.05, FaultMode.LATE_ACCEPT: 5.0}
    sandbox = run(faults=(Fault(mode, seconds=slow.get(mode)),))
    messages = same_text(3)
    results = send_together(opened(batch_kind, sandbox), messages, 0.8 if mode in ENDLESS else 20.0)
    arrived = Counter(accepted["to"] for accepted in accepted_by(sandbox))
    assert set(arrived.values()) <= {1}
    assert [{result.outcome} for result in results] == [expected_of(mode)] * 3
    assert len(arrived) == (3 if mode.accepts else 0)


def test_messages_that_cannot_share_a_request_are_not_sent_together(batch_kind: str, run: Run) -> None:
    several = cast("BatchProvider", opened(batch_kind, run()))
    one, two = same_text(2)
    for wrong in ([one, two._replace(text="Another")], [one, two._replace(sender="OTHER")], [one, one]):
        with pytest.raises(ValueError, match="messages of one request"):
            several.build_batch(wrong)
    with pytest.raises(ValueError, match="messages of one request"):
        several.build_batch(same_text(several.capabilities.max_recipients + 1))
