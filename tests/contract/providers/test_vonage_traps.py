"""Vonage's traps (providers.md 2.2), each by name and over real sockets: scripted answers, or the sandbox's Vonage."""

import json
import queue
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from desktop_app.domain.errors import InvalidInput, ProviderAnswerError, ProviderAuthError, ProviderError
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.base import (
    CountryCosts,
    HTTPReply,
    HTTPRequest,
    NumberRange,
    OutgoingMessage,
    Provider,
    ProviderAccount,
    SendOutcome,
    SendResult,
)
from desktop_app.providers.channel import Channel
from desktop_app.providers.registry import checked_account, driver_of, open_provider
from desktop_app.providers.transport import RequestsTransport
from desktop_app.sandbox.faults import Fault, FaultMode
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox
from tests.fixtures.raw_server import RawServer, Talk, reply

SECRET = "a-secret-that-stays"
MESSAGE = OutgoingMessage("+4915112345670", "AURORA", "Hello", unicode=False, token="t" * 40)
Open = Callable[..., tuple[Provider, RawServer]]
Connect = Callable[..., tuple[Provider, Sandbox]]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as running:
        yield running


@pytest.fixture
def scripted(stack: ExitStack) -> Open:
    """Open the driver on a server that gives these answers in turn, the last one for ever: (body, status line, headers)."""

    def start(*answers: object, status: str = "200 OK", headers: tuple[str, ...] = ()) -> tuple[Provider, RawServer]:
        left = list(answers)

        def behave(talk: Talk) -> None:
            while talk.read_request() is not None:
                body = left.pop(0) if len(left) > 1 else left[0]
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                talk.send(reply(data, *headers, status=status))

        server = stack.enter_context(RawServer(behave))
        return _opened(f"http://127.0.0.1:{server.port}"), server

    return start


@pytest.fixture
def sandboxed(stack: ExitStack) -> Connect:
    """Open the driver on the sandbox's Vonage."""

    def start(**scenario: Any) -> tuple[Provider, Sandbox]:
        sandbox = stack.enter_context(Sandbox(Scenario(**{"latency_ms": 0, "delivery_ms": 0, **scenario})))
        return _opened(f"{sandbox.url}/vonage"), sandbox

    return start


def _opened(base_url: str, currency: str = "") -> Provider:
    settings = {"api_key": "abcd1234", "currency": currency}
    return open_provider(ProviderAccount("main", "vonage", base_url, settings, SECRET))


def _send(provider: Provider, message: OutgoingMessage = MESSAGE) -> SendResult:
    transport = RequestsTransport(1, 5.0)
    transport.submit(1, provider.build_send(message), lambda: True)
    ((_key, result),) = transport.collect(10)
    transport.close()
    return provider.read_send(message, result)


def _row(message_id: str = "", status: str = "0", **more: Any) -> dict[str, object]:
    return {"to": "4915112345670", "message-id": message_id, "status": status, "message-price": "0.0333", **more}


def _answer(*rows: dict[str, object]) -> dict[str, object]:
    return {"message-count": str(len(rows)), "messages": list(rows)}


def _costs(provider: Provider) -> dict[str, CountryCosts]:
    return {one.country: one for one in provider.list_costs(lambda done, total, country: None)}


def _table(*countries: Mapping[str, object], count: object = None) -> dict[str, object]:
    return {"count": len(countries) if count is None else count, "countries": list(countries)}


ITALY: dict[str, object] = {
    "dialingPrefix": "39", "defaultPrice": "0.08270000", "currency": "EUR", "countryCode": "IT", "countryName": "Italy",
}  # fmt: skip


def _network(code: str, price: object = "0.05", **more: object) -> dict[str, object]:
    return {
        "type": "mobile", "price": price, "currency": "EUR", "mcc": code[:3], "mnc": code[3:], "networkCode": code,
        "networkName": f"Network {code}", **more,
    }  # fmt: skip


# --- sending -----------------------------------------------------------------------------------------------------------


def test_each_segment_has_its_id_and_its_price(sandboxed: Connect) -> None:
    provider, _sandbox = sandboxed(prices={"DE": "0.0333"})
    result = _send(provider, MESSAGE._replace(text="x" * 400))
    assert result.outcome is SendOutcome.ACCEPTED
    assert len({part.provider_message_id for part in result.parts}) == 3
    assert {(Decimal(part.cost or ""), part.currency) for part in result.parts} == {(Decimal("0.0333"), "EUR")}


def test_a_price_is_kept_digit_for_digit_and_absurd_ones_are_left_out(scripted: Open) -> None:
    told = ("0.03330000", "-1", "NaN", None)
    rows = [{**_row(f"0A0000000123ABC{n}"), "message-price": price} for n, price in enumerate(told)]
    result = _send(scripted(_answer(*rows))[0])
    assert [part.cost for part in result.parts] == ["0.03330000", None, None, None]


def test_the_currency_of_a_charge_is_the_accounts(scripted: Open) -> None:
    _provider, server = scripted(_answer(_row("0A0000000123ABC1")))
    result = _send(_opened(f"http://127.0.0.1:{server.port}", "USD"))
    assert result.parts[0].currency == "USD"


def test_a_message_accepted_in_part_is_accepted_with_the_parts_that_are(scripted: Open) -> None:
    result = _send(scripted(_answer(_row("0A0000000123ABC1"), _row(status="5"), _row("0A0000000123ABC3")))[0])
    assert result.outcome is SendOutcome.ACCEPTED
    assert [part.provider_message_id for part in result.parts] == ["0A0000000123ABC1", "0A0000000123ABC3"]
    assert (result.code, result.detail) == ("5", "Vonage accepted only a part of it.")


def test_an_id_told_twice_is_one_part(scripted: Open) -> None:
    result = _send(scripted(_answer(_row("0A0000000123ABC1"), _row("0A0000000123ABC1")))[0])
    assert len(result.parts) == 1


@pytest.mark.parametrize("code", ["2", "3", "6", "7", "12", "15", "22", "23", "29", "33"])
def test_a_documented_refusal_comes_with_status_200_and_is_one(scripted: Open, code: str) -> None:
    result = _send(scripted(_answer(_row(status=code, **{"error-text": "Not <b>this</b> one"})))[0])
    assert (result.outcome, result.code) == (SendOutcome.REJECTED, code)
    assert result.detail == "Vonage refused it: Not <b>this</b> one"


@pytest.mark.parametrize("code", ["1", "10"])
def test_throttled_is_not_sent_and_waits(scripted: Open, code: str) -> None:
    result = _send(scripted(_answer(_row(status=code)))[0])
    assert (result.outcome, result.retry_after_seconds) == (SendOutcome.NOT_SENT, 1.0)
    asked = _send(scripted(_answer(_row(status=code)), headers=("Retry-After: 7",))[0])
    assert (asked.outcome, asked.retry_after_seconds) == (SendOutcome.NOT_SENT, 7.0)


@pytest.mark.parametrize("code", ["4", "8", "9", "11", "14", "32"])
def test_what_is_wrong_with_the_account_pauses_the_route(scripted: Open, code: str) -> None:
    result = _send(scripted(_answer(_row(status=code)))[0])
    assert (result.outcome, result.pause_route) == (SendOutcome.NOT_SENT, True)


def test_without_credit_nothing_is_sent_and_the_sentence_says_why(sandboxed: Connect) -> None:
    result = _send(sandboxed(balance="0")[0])
    assert (result.outcome, result.code, result.pause_route) == (SendOutcome.NOT_SENT, "9", True)
    assert "credit" in result.detail


@pytest.mark.parametrize("code", ["5", "99", "", None, 1.5])
def test_an_internal_error_or_an_unknown_code_proves_nothing(scripted: Open, code: object) -> None:
    result = _send(scripted(_answer({"status": code}))[0])
    assert result.outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b'{"messages":{}}', b'{"message-count":"0","messages":[]}',
        b'{"messages":[{"status":"0"}]}', b'{"messages":[{"status":"0","message-id":"../x"}]}',
    ],
)  # fmt: skip
def test_an_answer_without_a_usable_id_proves_nothing(scripted: Open, body: bytes) -> None:
    assert _send(scripted(body)[0]).outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize("count", ["2", 3, None, "x"])
@pytest.mark.parametrize("code", ["9", "7", "1"])
def test_refusals_of_fewer_segments_than_it_says_are_doubt(scripted: Open, code: str, count: object) -> None:
    result = _send(scripted({"message-count": count, "messages": [_row(status=code)]})[0])
    assert (result.outcome, result.code, result.pause_route) == (SendOutcome.UNKNOWN, code, False)


def test_one_doubtful_segment_among_refused_ones_is_doubt(scripted: Open) -> None:
    assert _send(scripted(_answer(_row(status="7"), _row(status="5")))[0]).outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("401 Unauthorized", SendOutcome.NOT_SENT),
        ("429 Too Many Requests", SendOutcome.NOT_SENT),
        ("420 Odd", SendOutcome.UNKNOWN),
        ("503 Service Unavailable", SendOutcome.UNKNOWN),
    ],
)
def test_http_errors_have_their_classes_whatever_the_body_says(
    scripted: Open, status: str, outcome: SendOutcome
) -> None:
    assert _send(scripted(_answer(_row("0A0000000123ABC1")), status=status)[0]).outcome is outcome


def test_the_caller_chooses_unicode_else_letters_would_be_lost(sandboxed: Connect) -> None:
    provider, sandbox = sandboxed()
    _send(provider, MESSAGE._replace(text="Çağrı ₺ 🙂", unicode=True))
    _send(provider, MESSAGE._replace(text="plain", unicode=False))
    assert [one["body"] for one in _accepted(sandbox)] == ["Çağrı ₺ 🙂", "plain"]


def test_the_form_has_bare_numbers_our_label_and_no_secret(scripted: Open) -> None:
    provider, server = scripted(_answer(_row("0A0000000123ABC1")))
    _send(provider, MESSAGE._replace(sender="+4915100000000", callback_url="https://example.org/dlr"))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert dict(parse_qsl(body.decode())) == {
        "to": "4915112345670", "from": "4915100000000", "text": "Hello", "type": "text", "client-ref": "t" * 40,
        "status-report-req": "1", "callback": "https://example.org/dlr",
    }  # fmt: skip
    assert SECRET.encode() not in head + body
    assert b"authorization: basic " in head.lower()


def test_a_callback_too_long_for_vonage_is_left_out(scripted: Open) -> None:
    provider, _server = scripted({})
    request = provider.build_send(MESSAGE._replace(callback_url="https://example.org/" + "x" * 90))
    assert b"callback" not in request.body


# --- prices ------------------------------------------------------------------------------------------------------------


def test_absent_prices_are_not_for_sale_and_never_zero(scripted: Open) -> None:
    vatican = {"dialingPrefix": "39", "currency": "EUR", "countryCode": "VA", "countryName": "Vatican City"}
    free = {**ITALY, "countryCode": "SM", "defaultPrice": "0.00000000", "networks": [_network("29201", "0"), {}]}
    found = _costs(scripted(_table(ITALY, vatican, free))[0])
    assert [cost.price_text for cost in found["IT"].costs] == ["0.08270000"]
    assert found["VA"].costs == found["SM"].costs == ()


def test_networks_that_are_no_mobile_ones_have_no_code_and_no_say(scripted: Open) -> None:
    premium = {
        "type": "landline_premium",
        "price": "9",
        "currency": "EUR",
        "networkCode": "IT-PREMIUM",
        "networkName": "P",
    }
    found = _costs(scripted(_table({**ITALY, "networks": [_network("22207"), premium]}))[0])
    assert {(cost.mccmnc, cost.price_text) for cost in found["IT"].costs} == {(None, "0.08270000"), ("22207", "0.05")}


def test_a_default_price_below_a_networks_is_no_country_price(scripted: Open) -> None:
    found = _costs(scripted(_table({**ITALY, "networks": [_network("22207", "0.09")]}))[0])
    assert {cost.mccmnc for cost in found["IT"].costs} == {"22207"}


def test_a_price_table_is_read_whole_or_not_at_all(scripted: Open) -> None:
    for broken in (_table(ITALY, count="2"), _table(ITALY, count="x"), {"countries": [ITALY]}, {"count": 0}):
        with pytest.raises(ProviderAnswerError):
            _costs(scripted(broken)[0])
    assert set(_costs(scripted(_table(ITALY, count="1"))[0])) == {"IT"}


@pytest.mark.parametrize("told", [[39330, 393311], ["39330", "393311"], "39330, 393311"])
def test_ranges_come_as_numbers_texts_or_one_text(scripted: Open, told: object) -> None:
    found = _costs(scripted(_table({**ITALY, "networks": [_network("22201", ranges=told)]}))[0])
    assert found["IT"].ranges == (NumberRange("39330", "22201"), NumberRange("393311", "22201"))


def test_ranges_that_do_not_begin_with_the_calling_code_are_no_evidence(scripted: Open) -> None:
    networks = [_network("22201", ranges=[39330]), _network("22202", ranges=[334])]
    for prefix in ("39", None):
        assert _costs(scripted(_table({**ITALY, "dialingPrefix": prefix, "networks": networks}))[0])["IT"].ranges == ()


def test_a_range_of_two_networks_or_of_an_unsold_one_stands_for_the_country(scripted: Open) -> None:
    networks = [
        _network("22201", ranges=[39330, 39331]),
        _network("22202", ranges=[39331, 39332]),
        _network("22203", None, ranges=[39333]),
    ]
    assert _costs(scripted(_table({**ITALY, "networks": networks}))[0])["IT"].ranges == (
        NumberRange("39330", "22201"), NumberRange("39331", None), NumberRange("39332", "22202"), NumberRange("39333", None),
    )  # fmt: skip


def test_the_sandbox_lists_ranges_and_a_country_without_a_price(sandboxed: Connect) -> None:
    found = _costs(sandboxed()[0])
    assert NumberRange("491511", "26203") in found["DE"].ranges
    assert (found["AQ"].costs, found["AQ"].ranges) == ((), ())


# --- balance and credentials -------------------------------------------------------------------------------------------


def test_the_balance_is_exact_though_it_is_a_float(scripted: Open) -> None:
    balance = scripted(b'{"value":10.171275,"autoReload":false}')[0].balance()
    assert (balance.amount, balance.currency) == (Decimal("10.171275"), "EUR")
    with pytest.raises(ProviderAnswerError, match="no balance"):
        scripted({"value": "much"})[0].balance()


def test_wrong_credentials_are_told_with_status_200_for_a_send_and_401_for_the_rest(sandboxed: Connect) -> None:
    provider, sandbox = sandboxed(credentials={"vonage": ("abcd1234", "another")})
    result = _send(provider)
    assert (result.outcome, result.code, result.pause_route) == (SendOutcome.NOT_SENT, "4", True)
    with pytest.raises(ProviderAuthError):
        provider.balance()
    assert _accepted(sandbox) == []


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"api_key": "short"}, "api_key"), ({"api_key": "abcd1234", "currency": "EURO"}, "currency")],
)
def test_settings_are_checked_by_field(settings: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked_account(ProviderAccount("main", "vonage", "", settings, SECRET))
    assert set(caught.value.fields) == {field}


def test_secrets_travel_to_vonages_own_hosts_only() -> None:
    assert driver_of("vonage").roots("https://rest.nexmo.com") == ("https://rest.nexmo.com", "https://api.nexmo.com")
    with pytest.raises(InvalidInput):
        checked_account(
            ProviderAccount("main", "vonage", "https://nexmo.com.evil.example", {"api_key": "abcd1234"}, SECRET)
        )


# --- receipts and look-ups ---------------------------------------------------------------------------------------------


def test_every_segment_has_its_own_report(sandboxed: Connect) -> None:
    provider, _sandbox = sandboxed(prices={"DE": "0.0333"})
    ids = [part.provider_message_id for part in _send(provider, MESSAGE._replace(text="x" * 400)).parts]
    reports = list(provider.fetch_statuses(ids))
    assert [one.provider_message_id for one in reports] == ids
    assert {(one.status, one.segments, one.currency) for one in reports} == {(MessageStatus.DELIVERED, 1, "EUR")}
    assert {Decimal(one.cost or "") for one in reports} == {Decimal("0.0333")}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", MessageStatus.SENT), ("buffered", MessageStatus.SENT), ("delivered", MessageStatus.DELIVERED),
        ("expired", MessageStatus.EXPIRED), ("failed", MessageStatus.UNDELIVERED), ("rejected", MessageStatus.UNDELIVERED),
        ("deleted", MessageStatus.UNDELIVERED), ("unknown", None), ("surprise", None),
    ],
)  # fmt: skip
def test_words_of_a_report_have_their_status_and_unknown_ones_change_nothing(
    scripted: Open, word: str, status: MessageStatus | None
) -> None:
    record = {
        "message_id": "0A0000000123ABC1",
        "status": word,
        "error_code": "6",
        "total_price": "0.05",
        "currency": "EUR",
    }
    page = {"request_status": "SUCCESS", "items_count": 1, "records": [record]}
    (report,) = scripted(page)[0].fetch_statuses(["0A0000000123ABC1"])
    assert (report.status, report.provider_status, report.error_code, report.cost) == (status, word, "6", "0.05")


def test_many_ids_are_asked_for_in_few_calls(scripted: Open) -> None:
    provider, server = scripted({"request_status": "SUCCESS", "items_count": 0, "records": []})
    assert list(provider.fetch_statuses([f"{n:016X}" for n in range(200)])) == []
    asked = [parse_qs(urlsplit(request.split(b" ")[1].decode()).query)["id"][0] for request in server.requests]
    assert [len(one.split(",")) for one in asked] == [90, 90, 20]


@pytest.mark.parametrize(
    "page",
    [
        {"request_status": "TRUNCATED", "items_count": 0, "records": []},
        {"request_status": "SUCCESS", "items_count": 2, "records": []},
        {"request_status": "SUCCESS", "items_count": 0},
        {"items_count": 1, "records": [{"to": "4915112345670", "from": "AURORA"}]},
    ],
)
def test_a_report_that_is_not_complete_proves_nothing(scripted: Open, page: dict[str, object]) -> None:
    with pytest.raises(ProviderError):
        list(scripted(page)[0].find_sent(MESSAGE.to, MESSAGE.sender, datetime.now(UTC)))


def test_a_long_message_whose_answer_was_lost_is_found_as_one_with_all_its_segments(sandboxed: Connect) -> None:
    provider, _sandbox = sandboxed(faults=(Fault(FaultMode.RESET_AFTER_ACCEPT),))
    long = MESSAGE._replace(text="x" * 400)
    assert _send(provider, long).outcome is SendOutcome.UNKNOWN
    assert _send(provider, long._replace(token="u" * 40)).outcome is SendOutcome.UNKNOWN
    records = list(provider.find_sent(long.to, long.sender, datetime.now(UTC) - timedelta(minutes=1)))
    assert [(record.text, len(record.more)) for record in records] == [(long.text, 2), (long.text, 2)]


def test_segments_that_each_have_their_piece_of_the_text_are_put_together(scripted: Open) -> None:
    when = "2026-01-02T03:04:05+0000"
    records = [
        {"message_id": f"0A0000000123AB{n:02}", "client_ref": "label", "concatenated": True, "to": "4915112345670",
         "from": "AURORA", "message_body": piece, "date_received": when, "status": "delivered"}
        for n, piece in enumerate(("Hello ", "world"))
    ]  # fmt: skip
    provider, _server = scripted({"items_count": 2, "records": records})
    (found,) = provider.find_sent(MESSAGE.to, MESSAGE.sender, datetime(2026, 1, 2, 3, tzinfo=UTC))
    assert (found.text, found.created_at) == ("Hello world", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_a_report_spans_at_most_a_day_and_reaches_until_now(scripted: Open) -> None:
    provider, server = scripted({"items_count": 0, "records": []})
    since = datetime.now(UTC) - timedelta(hours=30)
    assert list(provider.find_sent(MESSAGE.to, MESSAGE.sender, since)) == []
    spans = [parse_qs(urlsplit(request.split(b" ")[1].decode()).query) for request in server.requests]
    times = [[datetime.fromisoformat(span[name][0]) for name in ("date_start", "date_end")] for span in spans]
    assert [end - start for start, end in times] == [timedelta(hours=24)] * 2
    assert times[0][1] == times[1][0]
    assert times[-1][1] > datetime.now(UTC)


def test_receipts_are_posted_for_each_segment_where_they_are_asked_for(stack: ExitStack, sandboxed: Connect) -> None:
    came: queue.Queue[bytes] = queue.Queue()

    def behave(talk: Talk) -> None:
        while (request := talk.read_request()) is not None:
            came.put(request)
            talk.send(reply())

    receiver = stack.enter_context(RawServer(behave))
    provider, _sandbox = sandboxed()
    url = f"http://127.0.0.1:{receiver.port}/dlr"
    result = _send(provider, MESSAGE._replace(text="x" * 200, callback_url=url))
    posted = [came.get(timeout=10) for _ in range(4)]
    forms = [dict(parse_qsl(request.partition(b"\r\n\r\n")[2].decode())) for request in posted]
    assert {form["messageId"] for form in forms} == {part.provider_message_id for part in result.parts}
    assert {form["status"] for form in forms} == {"accepted", "delivered"}


def _accepted(sandbox: Sandbox) -> list[dict[str, str]]:
    channel = Channel()
    page = HTTPRequest("GET", sandbox.url + "/_sandbox/messages")
    answer = channel.exchange(page, deadline_seconds=10, max_bytes=10**6)
    channel.close()
    assert isinstance(answer, HTTPReply)
    return list(json.loads(answer.body))
