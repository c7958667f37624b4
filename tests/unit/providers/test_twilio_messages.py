"""Twilio's sends, statuses and look-ups: each trap of providers.md 2.1 and each class of reliability.md 3.2 by name."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import ProviderAnswerError, ProviderAuthError, ProviderError, ProviderUnreachable
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.base import (
    AcceptedPart,
    HTTPFailure,
    HTTPReply,
    HTTPRequest,
    OutgoingMessage,
    ProviderAccount,
    SendOutcome,
    SendResult,
    StatusReport,
)
from desktop_app.providers.drivers.twilio import TwilioProvider

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
ROOT = "http://127.0.0.1:5/twilio"
MESSAGES = f"{ROOT}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"
SID = "SM" + "0123456789abcdef" * 2
MESSAGE = OutgoingMessage("+4915112345678", "ACME & Söhne", "Grüße + 100 % 🙂\nab", unicode=True, token="t" * 40)


class Answers:
    """A ``Fetch`` that knows its answers by address."""

    def __init__(self, answers: Mapping[str, object]) -> None:
        self.answers = answers
        self.urls: list[str] = []

    def __call__(self, request: HTTPRequest) -> HTTPReply:
        self.urls.append(request.url)
        answer = self.answers[request.url]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, HTTPReply):
            return answer
        return HTTPReply(200, {}, answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def provider(answers: Mapping[str, object] | None = None) -> TwilioProvider:
    account = ProviderAccount("main", "twilio", ROOT, {"account_sid": ACCOUNT_SID}, "the-auth-token")
    return TwilioProvider(account, Answers(answers or {}))


def read(status: int, body: object = b"", **headers: str) -> SendResult:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return provider().read_send(MESSAGE, HTTPReply(status, names, data))


# --- building a send ---------------------------------------------------------------------------------------------------


def test_a_send_is_one_form_with_smart_encoding_off_and_the_default_validity() -> None:
    request = provider().build_send(MESSAGE)
    assert (request.method, request.url) == ("POST", MESSAGES + ".json")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.decode("ascii"), strict_parsing=True)) == {
        "To": MESSAGE.to,
        "From": MESSAGE.sender,
        "Body": MESSAGE.text,
        "SmartEncoded": "false",
    }


@pytest.mark.parametrize(
    ("sender", "sent"),
    [
        ("4915112345670", "+4915112345670"),
        ("+4915112345670", "+4915112345670"),
        ("12345", "12345"),
        ("AURORA", "AURORA"),
    ],
)
def test_a_number_as_sender_has_its_plus_and_short_codes_and_names_stay(sender: str, sent: str) -> None:
    message = OutgoingMessage("+4915112345670", sender, "x", unicode=False, token="t")
    assert dict(parse_qsl(provider().build_send(message).body.decode()))["From"] == sent


def test_a_callback_is_asked_for_when_there_is_an_address() -> None:
    message = OutgoingMessage(
        "+1", "A", "x", unicode=False, token="t", callback_url="https://example.org/dlr/tw/t?a=b&c"
    )
    form = dict(parse_qsl(provider().build_send(message).body.decode()))
    assert form["StatusCallback"] == "https://example.org/dlr/tw/t?a=b&c"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_any_text_arrives_as_it_is(text: str) -> None:
    request = provider().build_send(OutgoingMessage("+1", "A", text, unicode=True, token="t"))
    assert dict(parse_qsl(request.body.decode("ascii"), keep_blank_values=True))["Body"] == text


# --- reading the answer to a send --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sid", [SID, "MM" + SID[2:]])
@pytest.mark.parametrize("status", [201, 200])
def test_an_answer_with_an_id_is_accepted(status: int, sid: str) -> None:
    result = read(status, {"sid": sid, "status": "queued", "price": None, "price_unit": "USD", "num_segments": "0"})
    assert result == SendResult(SendOutcome.ACCEPTED, parts=(AcceptedPart(sid),))


def test_a_price_in_the_answer_is_the_cost() -> None:
    result = read(201, {"sid": SID, "price": "-0.00750", "price_unit": "USD"})
    assert result.parts == (AcceptedPart(SID, "0.00750", "USD"),)


@pytest.mark.parametrize("status", [200, 201, 204, 206])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="empty object"),
        pytest.param(b"<html>Created</html>", id="html"),
        pytest.param(json.dumps({"sid": SID}).encode()[:-3], id="cut"),
        pytest.param(json.dumps({"sid": SID}).encode() + b"x", id="trailing garbage"),
        pytest.param(b'{"sid":"' + SID.encode() + b'","sid":"SM' + b"f" * 32 + b'"}', id="two ids"),
        pytest.param(b'{"sid":12345}', id="number"),
        pytest.param(b'{"sid":null}', id="null"),
        pytest.param(b'{"sid":""}', id="empty text"),
        pytest.param(json.dumps({"sid": [SID]}).encode(), id="list"),
        pytest.param(json.dumps({"sid": SID.upper()}).encode(), id="upper case"),
        pytest.param(json.dumps({"sid": SID + "0"}).encode(), id="too long"),
        pytest.param(json.dumps({"sid": SID[:-1]}).encode(), id="too short"),
        pytest.param(json.dumps({"sid": SID + "\n"}).encode(), id="line end"),
        pytest.param(json.dumps({"sid": SID[:-1] + "\x00"}).encode(), id="nul"),
        pytest.param(json.dumps({"sid": "AC" + SID[2:]}).encode(), id="id of something else"),
        pytest.param(json.dumps({"sid": "x" * 10_000}).encode(), id="10 kB"),
        pytest.param(b'{"sid":"\xff"}', id="invalid utf-8"),
        pytest.param(b'{"code":21211,"status":400}', id="error with status 2xx"),
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_an_answer_without_one_usable_id_is_in_doubt(status: int, body: bytes) -> None:
    result = read(status, body)
    assert (result.outcome, result.parts, result.pause_route) == (SendOutcome.UNKNOWN, (), False)


@pytest.mark.parametrize(
    "status", [100, 301, 302, 307, 308, 400, 402, 404, 405, 408, 409, 413, 499, 500, 502, 503, 504, 599]
)
@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"code":99999}', b'{"code":20500}', b'{"sid":"x"}'])
def test_any_other_status_is_in_doubt(status: int, body: bytes) -> None:
    assert read(status, body).outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize("status", [307, 408, 500, 503])
def test_a_documented_code_with_an_undecided_status_is_in_doubt(status: int) -> None:
    assert read(status, {"code": 21211}).outcome is SendOutcome.UNKNOWN


@pytest.mark.parametrize("code", [21211, 21212, 21408, 21602, 21606, 21610, 21612, 21614, 21617, "21211"])
@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_documented_refusal_is_rejected_with_its_code(status: int, code: object) -> None:
    result = read(status, {"code": code, "message": "The number is <b>wrong</b>.", "status": status})
    assert (result.outcome, result.code, result.pause_route) == (SendOutcome.REJECTED, str(code), False)
    assert "The number is <b>wrong</b>." in result.detail


def test_the_reason_of_a_refusal_is_bounded_and_storable() -> None:
    result = read(400, {"code": 21211, "message": "a\x00\ud800" + "x" * 10_000})
    assert len(result.detail) < 300
    result.detail.encode("utf-8")
    assert "\x00" not in result.detail


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"code":20429,"status":429}'])
def test_throttling_is_certainly_not_sent_and_tells_how_long(body: bytes) -> None:
    result = read(429, body, retry_after="7")
    assert (result.outcome, result.retry_after_seconds, result.pause_route) == (SendOutcome.NOT_SENT, 7.0, False)


@pytest.mark.parametrize(
    ("header", "seconds"), [("1000000000", 900.0), ("-1", None), ("NaN", None), ("soon", None), ("", None), ("0", 0.0)]
)
def test_an_insane_retry_after_is_bounded(header: str, seconds: float | None) -> None:
    assert read(429, b"", retry_after=header).retry_after_seconds == seconds


def test_a_full_queue_is_not_sent_and_tried_again_slowly() -> None:
    result = read(400, {"code": 21611, "message": "queue full"})
    assert (result.outcome, result.code, result.retry_after_seconds) == (SendOutcome.NOT_SENT, "21611", 60.0)
    assert read(400, {"code": 21611}, retry_after="300").retry_after_seconds == 300.0


@pytest.mark.parametrize(
    ("status", "body"), [(401, b'{"code":20003}'), (401, b""), (403, b"<html>"), (400, b'{"code":20003}')]
)
def test_refused_credentials_are_not_sent_and_pause_the_route(status: int, body: bytes) -> None:
    result = read(status, body)
    assert (result.outcome, result.pause_route) == (SendOutcome.NOT_SENT, True)
    assert "“main”" in result.detail
    assert "the-auth-token" not in repr(result)


@pytest.mark.parametrize(("sent", "outcome"), [(False, SendOutcome.NOT_SENT), (True, SendOutcome.UNKNOWN)])
def test_no_answer_is_in_doubt_only_when_the_first_byte_may_have_left(sent: bool, outcome: SendOutcome) -> None:
    result = provider().read_send(MESSAGE, HTTPFailure(sent, "No connection."))
    assert (result.outcome, result.detail, result.pause_route) == (outcome, "No connection.", False)


@given(st.integers(100, 599), st.binary(max_size=300), st.text(max_size=20))
def test_reading_an_answer_never_raises(status: int, body: bytes, retry_after: str) -> None:
    result = provider().read_send(MESSAGE, HTTPReply(status, {"retry-after": retry_after}, body))
    assert bool(result.parts) is (result.outcome is SendOutcome.ACCEPTED)


@given(
    st.integers(100, 599),
    st.dictionaries(
        st.sampled_from(["sid", "code", "message", "price", "price_unit", "status"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=40), st.lists(st.none(), max_size=2)),
    ),
)
def test_nothing_is_accepted_without_an_id(status: int, document: dict[str, Any]) -> None:
    assert read(status, document).outcome is not SendOutcome.ACCEPTED


# --- statuses ----------------------------------------------------------------------------------------------------------


def status_of(**fields: object) -> StatusReport:
    body = json.dumps({"sid": SID, "status": "sent"} | fields).encode()
    (report,) = provider({f"{MESSAGES}/{SID}.json": body}).fetch_statuses([SID])
    assert report.provider_message_id == SID
    assert report.raw == body
    return report


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", MessageStatus.ACCEPTED),
        ("scheduled", MessageStatus.ACCEPTED),
        ("queued", MessageStatus.ACCEPTED),
        ("sending", MessageStatus.ACCEPTED),
        ("sent", MessageStatus.SENT),
        ("partially_delivered", MessageStatus.SENT),
        ("delivered", MessageStatus.DELIVERED),
        ("read", MessageStatus.DELIVERED),
        ("undelivered", MessageStatus.UNDELIVERED),
        ("failed", MessageStatus.UNDELIVERED),
        ("canceled", MessageStatus.REJECTED),
        ("received", None),
        ("teleported", None),
        ("DELIVERED", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_each_word_has_its_status_and_an_unknown_one_changes_nothing(
    word: object, status: MessageStatus | None
) -> None:
    report = status_of(status=word)
    assert report.status is status
    assert report.provider_status == (word if isinstance(word, str) else "")


@pytest.mark.parametrize("word", ["undelivered", "failed"])
@pytest.mark.parametrize("code", [30036, "30036"])
def test_an_expired_validity_is_expired(word: str, code: object) -> None:
    report = status_of(status=word, error_code=code)
    assert (report.status, report.error_code) == (MessageStatus.EXPIRED, "30036")


def test_an_expiry_code_beside_a_delivery_changes_nothing() -> None:
    assert status_of(status="delivered", error_code=30036).status is MessageStatus.DELIVERED


@pytest.mark.parametrize(("code", "text"), [(30003, "30003"), ("30003", "30003"), (None, ""), ("x", ""), (True, "")])
def test_an_error_code_may_be_number_or_text(code: object, text: str) -> None:
    assert status_of(error_code=code).error_code == text


@pytest.mark.parametrize(
    ("price", "cost"),
    [
        ("-0.00750", "0.00750"),
        ("0.00750", "0.00750"),
        ("-0", "0"),
        ("-1e-9", "0.000000001"),
        (None, None),
        ("", None),
        ("0,03", None),
        ("NaN", None),
        (True, None),
        ("9" * 60, None),
    ],
)
def test_a_charge_is_a_negative_price_and_odd_ones_are_not_told(price: object, cost: str | None) -> None:
    report = status_of(price=price, price_unit="USD")
    assert (report.cost, report.currency) == (cost, None if cost is None else "USD")


def test_a_price_as_json_number_keeps_its_digits() -> None:
    body = b'{"sid":"' + SID.encode() + b'","status":"sent","price":-0.0333000,"price_unit":"USD"}'
    (report,) = provider({f"{MESSAGES}/{SID}.json": body}).fetch_statuses([SID])
    assert report.cost == "0.0333000"


@pytest.mark.parametrize("currency", [None, "", "$", "US", 840])
def test_a_charge_in_no_currency_is_not_told(currency: object) -> None:
    report = status_of(price="-0.0075", price_unit=currency)
    assert (report.cost, report.currency) == (None, None)


@pytest.mark.parametrize(
    ("value", "segments"),
    [
        ("0", None),
        (0, None),
        ("3", 3),
        (3, 3),
        ("-1", None),
        ("1.5", None),
        ("x", None),
        (None, None),
        (True, None),
        ("٣", None),
        ("99999", None),
    ],
)
def test_segments_0_means_not_known_yet(value: object, segments: int | None) -> None:
    assert status_of(num_segments=value).segments == segments


def test_unknown_ids_are_left_out_and_odd_ones_never_asked_for() -> None:
    other = "SM" + "f" * 32
    answers = Answers(
        {
            f"{MESSAGES}/{SID}.json": {"sid": SID, "status": "sent"},
            f"{MESSAGES}/{other}.json": HTTPReply(404, {}, b'{"code":20404}'),
        }
    )
    account = ProviderAccount("main", "twilio", ROOT, {"account_sid": ACCOUNT_SID}, "the-auth-token")
    ids = [SID, other, "", "SM../../Balance", "SM" + "g" * 32, SID + "\n"]
    reports = list(TwilioProvider(account, answers).fetch_statuses(ids))
    assert [report.provider_message_id for report in reports] == [SID]
    assert len(answers.urls) == 2


def test_one_unreadable_answer_does_not_hide_the_others() -> None:
    sids = [f"SM{number:032x}" for number in range(20)]
    answers: dict[str, object] = {f"{MESSAGES}/{sid}.json": {"sid": sid, "status": "sent"} for sid in sids}
    answers[f"{MESSAGES}/{sids[3]}.json"] = b"<html>"
    answers[f"{MESSAGES}/{sids[4]}.json"] = {"sid": sids[5], "status": "delivered"}
    seen: list[str] = []
    reports = provider(answers).fetch_statuses(sids)
    with pytest.raises(ProviderAnswerError):
        seen.extend(report.provider_message_id for report in reports)
    assert seen == [sid for sid in sids if sid not in sids[3:5]]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (HTTPReply(401, {}, b""), ProviderAuthError),
        (HTTPReply(503, {}, b""), ProviderError),
        (ProviderUnreachable("x"), ProviderUnreachable),
    ],
)
def test_a_provider_that_is_down_is_an_error(trouble: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        list(provider({f"{MESSAGES}/{SID}.json": trouble}).fetch_statuses([SID]))


# --- finding a message whose outcome is unknown ------------------------------------------------------------------------

SINCE = datetime(2026, 3, 1, 12, 0, 0, 700_000, tzinfo=UTC)
LIST = f"{MESSAGES}.json?To=%2B4915112345678&From=ACME+%26+S%C3%B6hne&PageSize=1000"


def row(number: int, created: str = "Sun, 01 Mar 2026 12:00:05 +0000", **changes: object) -> dict[str, object]:
    return {
        "sid": f"SM{number:032x}",
        "to": MESSAGE.to,
        "from": MESSAGE.sender,
        "body": MESSAGE.text,
        "status": "delivered",
        "date_created": created,
        "price": "-0.0075",
        "price_unit": "USD",
        "num_segments": "2",
    } | changes


def found(answers: Mapping[str, object]) -> list[int]:
    return [
        int(record.provider_message_id.removeprefix("SM"), base=16)
        for record in provider(answers).find_sent(MESSAGE.to, MESSAGE.sender, SINCE)
    ]


def page(*rows: object, next_page_uri: object = None) -> dict[str, object]:
    return {"messages": list(rows), "next_page_uri": next_page_uri}


def test_a_found_message_carries_its_text_time_and_report() -> None:
    (record,) = provider({LIST: page(row(1))}).find_sent(MESSAGE.to, MESSAGE.sender, SINCE)
    assert (record.to, record.sender, record.text) == (MESSAGE.to, MESSAGE.sender, MESSAGE.text)
    assert record.created_at == datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
    assert (record.report.status, record.report.cost, record.report.segments) == (MessageStatus.DELIVERED, "0.0075", 2)
    assert json.loads(record.report.raw)["sid"] == record.provider_message_id


def test_the_listing_is_asked_by_number_and_sender_without_a_date() -> None:
    assert "DateSent" not in LIST
    assert found({LIST: page()}) == []


def test_all_pages_are_read_and_a_message_that_moved_to_the_next_page_counts_once() -> None:
    second = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json?Page=1"
    answers = {LIST: page(row(1), row(2), next_page_uri=second), ROOT + second: page(row(2), row(3))}
    assert found(answers) == [1, 2, 3]


def test_only_what_was_created_at_or_after_the_time_matches_to_the_whole_second() -> None:
    rows = [
        row(1, "Sun, 01 Mar 2026 11:59:59 +0000"),
        row(2, "Sun, 01 Mar 2026 12:00:00 +0000"),
        row(3, "Sun, 01 Mar 2026 14:00:00 +0200"),
        row(4, "Sun, 01 Mar 2026 13:59:59 +0200"),
    ]
    assert found({LIST: page(*rows)}) == [2, 3]


def test_rows_of_others_are_left_out() -> None:
    rows = [row(1, to="+4915100000000"), row(2, **{"from": "OTHER"}), row(3)]
    assert found({LIST: page(*rows)}) == [3]


@pytest.mark.parametrize(
    "document",
    [
        {"messages": []},
        {"next_page_uri": None},
        {"messages": None, "next_page_uri": None},
        page(row(1, sid=None)),
        page(row(1, sid="SM1")),
        page(row(1, created="yesterday")),
        page(row(1, date_created=None)),
        page("row"),
        page(next_page_uri="http://evil.io/2010-04-01/x"),
        page(next_page_uri=7),
        b"<html>",
        b"{",
        HTTPReply(404, {}, b""),
        HTTPReply(204, {}, b""),
    ],
)
def test_a_listing_that_is_not_whole_is_an_error_and_never_proof_of_absence(document: object) -> None:
    with pytest.raises(ProviderAnswerError):
        found({LIST: document})


def test_an_error_on_the_second_page_is_an_error() -> None:
    second = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json?Page=1"
    with pytest.raises(ProviderError):
        found({LIST: page(row(1), next_page_uri=second), ROOT + second: HTTPReply(503, {}, b"")})


def test_a_circle_of_pages_is_an_error() -> None:
    with pytest.raises(ProviderAnswerError):
        found({LIST: page(row(1), next_page_uri=LIST.removeprefix(ROOT))})


def test_texts_that_no_database_takes_are_made_storable() -> None:
    (record,) = provider({LIST: page(row(1, body="a\x00\ud800"))}).find_sent(MESSAGE.to, MESSAGE.sender, SINCE)
    assert record.text == "a\ufffd\ufffd"
    record.report.raw.decode("ascii")
