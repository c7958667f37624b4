"""Each trap of seven.io (providers.md 2.3) by name, over real sockets: against the sandbox, and against hand-written answers."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from desktop_app.domain.errors import ProviderAnswerError, ProviderAuthError, ProviderError
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.base import (
    AcceptedPart,
    Cost,
    HTTPRequest,
    HTTPResult,
    OutgoingMessage,
    ProviderAccount,
    SendOutcome,
    SendResult,
    SentRecord,
)
from desktop_app.providers.channel import Channel
from desktop_app.providers.drivers.seven import SevenProvider
from desktop_app.providers.hosts import origin_of
from desktop_app.providers.http import HTTPClient
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox
from tests.fixtures.raw_server import RawServer, Talk, reply

KEY = "the-key-that-must-never-be-shown"
TOKEN = "T" * 40
MESSAGE = OutgoingMessage("+4915112345678", "ACME", "Grüße + 100 % & https://example.com/a", unicode=True, token=TOKEN)
SECOND = MESSAGE._replace(to="+4915112345679")
BALANCE = {"amount": 12.5, "currency": "EUR"}
Serve = Callable[..., RawServer]


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve JSON documents, or exact bytes, by path: ``serve(balance=..., sms=..., status=function of the query)``."""
    with ExitStack() as stack:

        def start(status_line: str = "200 OK", header: str = "Vary: Accept", **answers: Any) -> RawServer:
            def behave(talk: Talk) -> None:
                while (request := talk.read_request()) is not None:
                    target = urlsplit(request.split(b" ", 2)[1].decode())
                    answer = answers[target.path.strip("/").replace("/", "_")]
                    query = {name: values[0] for name, values in parse_qs(target.query).items()}
                    document = answer(query) if callable(answer) else answer
                    body = document if isinstance(document, bytes) else json.dumps(document).encode()
                    talk.send(reply(body, header, status=status_line))

            return stack.enter_context(RawServer(behave))

        yield start


def provider(url: str, currency: str | None = "EUR") -> SevenProvider:
    account = ProviderAccount("main", "seven", url, {}, KEY, currency)
    client = HTTPClient("main", [origin_of(url) or ""], deadline_seconds=10, pause=lambda seconds: None)
    return SevenProvider(account, client)


def carry(request: HTTPRequest) -> HTTPResult:
    with closing(Channel()) as channel:
        return channel.exchange(request, deadline_seconds=10, max_bytes=10**6)


def send(url: str, *messages: OutgoingMessage, currency: str | None = "EUR") -> list[SendResult]:
    driver = provider(url, currency)
    together = messages or (MESSAGE,)
    return driver.read_batch(together, carry(driver.build_batch(together)))


def costs_of(serve: Serve, *networks: object, code: str = "de", balance: object = BALANCE) -> tuple[Cost, ...]:
    country = {"countryCode": code, "countryName": "Germany", "countryPrefix": "49", "networks": list(networks)}
    listed = {"countCountries": 1, "countNetworks": len(networks), "countries": [country]}
    (costs,) = provider(serve(balance=balance, pricing=listed).url).list_costs(lambda *_: None)
    assert costs.country == "DE"
    return costs.costs


def network(price: object, *mncs: object, mcc: object = "262", name: str = "Telekom") -> dict[str, object]:
    return {"mcc": mcc, "mncs": list(mncs), "networkName": name, "price": price, "features": [], "comment": ""}


def row(to: str = "4915112345678", **changes: object) -> dict[str, object]:
    usual = {
        "id": "77231715575",
        "recipient": to,
        "parts": 2,
        "price": 0.15,
        "success": True,
        "error": None,
        "error_text": None,
    }
    return {**usual, **changes}


def answer(*rows: object, success: str = "100", **more: object) -> dict[str, object]:
    return {"success": success, "total_price": 0.15, "balance": 3.1, "debug": "false", "messages": list(rows), **more}


# Prices.


def test_the_currency_of_the_prices_comes_from_the_balance(serve: Serve) -> None:
    (cost,) = costs_of(serve, network(0.075, "01"), balance={"amount": 3, "currency": "TRY"})
    assert (cost.currency, cost.price_text) == ("TRY", "0.075")


@pytest.mark.parametrize("balance", [{"amount": 3}, {"amount": 3, "currency": "QQQ"}, {"currency": "EUR"}, b"290.67"])
def test_without_a_balance_and_its_currency_there_are_no_prices_at_all(serve: Serve, balance: object) -> None:
    with pytest.raises(ProviderAnswerError):
        costs_of(serve, network(0.075, "01"), balance=balance)


@pytest.mark.parametrize("code", ["de", "DE", "De"])
def test_country_codes_are_taken_in_lower_and_upper_case(serve: Serve, code: str) -> None:
    assert len(costs_of(serve, network(0.075, "01"), code=code)) == 1


def test_one_network_has_several_mncs_and_01_is_not_001(serve: Serve) -> None:
    costs = costs_of(serve, network(0.075, "01", "06", "001"), network(0.09, "02", name="Vodafone"))
    assert {(cost.mccmnc, cost.network, cost.price) for cost in costs} == {
        ("26201", "Telekom", Decimal("0.075")),
        ("26206", "Telekom", Decimal("0.075")),
        ("262001", "Telekom", Decimal("0.075")),
        ("26202", "Vodafone", Decimal("0.09")),
    }


def test_the_dearest_price_of_a_network_counts(serve: Serve) -> None:
    costs = costs_of(serve, network(0.075, "01"), network(0.08, "01", "02"), network(0.07, "02"))
    assert {(cost.mccmnc, cost.price_text) for cost in costs} == {("26201", "0.08"), ("26202", "0.08")}


@pytest.mark.parametrize("mncs", [(), (1, 6), ("",)])
def test_a_network_without_usable_codes_stands_for_the_country(serve: Serve, mncs: Sequence[object]) -> None:
    (whole,) = costs_of(serve, network(0.075, *mncs))
    assert (whole.mccmnc, whole.network, whole.price) == (None, "", Decimal("0.075"))


@pytest.mark.parametrize("price", [None, 0, 0.0, "0", -0.075, "", "free", True, 10**9])
def test_a_network_without_a_price_is_not_sold_and_never_free(serve: Serve, price: object) -> None:
    assert costs_of(serve, network(price, "01")) == ()
    (sold,) = costs_of(serve, network(price, "01"), network(0.075, "02"))
    assert sold.mccmnc == "26202"


def test_an_absent_price_is_not_sold(serve: Serve) -> None:
    nameless = network(0.075, "01")
    del nameless["price"]
    assert costs_of(serve, nameless) == ()


def test_a_price_is_read_digit_for_digit(serve: Serve) -> None:
    country = (
        b'{"countryCode":"de","networks":[{"mcc":"262","mncs":["01"],"networkName":"T","price":0.07500000000000001}]}'
    )
    listed = b'{"countCountries":1,"countNetworks":1,"countries":[' + country + b"]}"
    (costs,) = provider(serve(balance=BALANCE, pricing=listed).url).list_costs(lambda *_: None)
    assert costs.costs[0].price_text == "0.07500000000000001"


@pytest.mark.parametrize("count", [2, "2", None, "many"])
def test_a_list_that_is_shorter_than_it_says_is_an_error_and_closes_no_country(serve: Serve, count: object) -> None:
    listed = {"countCountries": count, "countries": [{"countryCode": "de", "networks": []}]}
    with pytest.raises(ProviderAnswerError):
        list(provider(serve(balance=BALANCE, pricing=listed).url).list_costs(lambda *_: None))


def test_a_country_in_two_rows_is_one_country(serve: Serve) -> None:
    rows = [
        {"countryCode": "de", "networks": [network(0.1, "01")]},
        {"countryCode": "DE", "networks": [network(0.2, "02")]},
    ]
    listed = {"countCountries": 2, "countries": rows}
    (costs,) = provider(serve(balance=BALANCE, pricing=listed).url).list_costs(lambda *_: None)
    assert {cost.mccmnc for cost in costs.costs} == {"26201", "26202"}


# Sends.


def test_the_key_travels_in_a_header_and_links_stay_as_they_are(serve: Serve) -> None:
    server = serve(sms=answer(row()))
    send(server.url)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /sms HTTP/1.1\r\n")
    assert (KEY.encode() in head, KEY.encode() in body) == (True, False)
    assert b"accept: application/json" in head.lower()
    assert {name: values[0] for name, values in parse_qs(body.decode()).items()} == {
        "to": MESSAGE.to,
        "from": "ACME",
        "text": MESSAGE.text,
        "foreign_id": TOKEN,
        "performance_tracking": "0",
    }


def test_many_numbers_travel_in_one_request_and_each_has_its_own_id_price_and_error(serve: Serve) -> None:
    refused = row("4915112345680", id=None, price=0, success=False, error="202", error_text="Number is wrong")
    # In another order than asked, numbers without "+", the id once as a number.
    server = serve(sms=answer(refused, row("4915112345679", id=99, price=0.3), row(), success="101"))
    results = send(server.url, MESSAGE, SECOND, MESSAGE._replace(to="+4915112345680"))
    assert parse_qs(server.requests[0].partition(b"\r\n\r\n")[2].decode())["to"] == [
        "+4915112345678,+4915112345679,+4915112345680"
    ]
    assert [result.parts for result in results] == [
        (AcceptedPart("77231715575", "0.15", "EUR"),),
        (AcceptedPart("99", "0.3", "EUR"),),
        (),
    ]
    assert (results[2].outcome, results[2].code) == (SendOutcome.REJECTED, "202")
    assert "Number is wrong" in results[2].detail


def test_one_id_stands_for_all_segments_of_a_message(serve: Serve) -> None:
    (result,) = send(serve(sms=answer(row(parts=4, price=0.3))).url)
    assert result.parts == (AcceptedPart("77231715575", "0.3", "EUR"),)


def test_a_price_without_a_known_currency_is_no_price_until_the_balance_tells_it(serve: Serve) -> None:
    server = serve(sms=answer(row()), balance={"amount": 3, "currency": "USD"})
    assert send(server.url, currency=None)[0].parts == (AcceptedPart("77231715575", None, None),)
    driver = provider(server.url, None)
    driver.balance()
    result = driver.read_send(MESSAGE, carry(driver.build_send(MESSAGE)))
    assert result.parts == (AcceptedPart("77231715575", "0.15", "USD"),)


CODES = {
    "201": SendOutcome.REJECTED,
    "202": SendOutcome.REJECTED,
    "301": SendOutcome.REJECTED,
    "305": SendOutcome.REJECTED,
    "401": SendOutcome.REJECTED,
    "402": SendOutcome.UNKNOWN,  # the same text to the same number within three minutes: perhaps this very message
    "403": SendOutcome.NOT_SENT,
    "500": SendOutcome.NOT_SENT,
    "900": SendOutcome.NOT_SENT,
    "901": SendOutcome.NOT_SENT,
    "902": SendOutcome.NOT_SENT,
    "903": SendOutcome.NOT_SENT,
    "100": SendOutcome.UNKNOWN,  # accepted, but under which id?
    "101": SendOutcome.UNKNOWN,
    "600": SendOutcome.UNKNOWN,
    "700": SendOutcome.UNKNOWN,
    "302": SendOutcome.UNKNOWN,  # the vendor's own tables disagree
    "999": SendOutcome.UNKNOWN,
}


@pytest.mark.parametrize(("code", "outcome"), CODES.items())
def test_a_code_comes_with_status_200_as_number_text_or_field(serve: Serve, code: str, outcome: SendOutcome) -> None:
    forms: list[object] = [int(code), code, f"{code}\r\n".encode(), {"code": int(code)}, {"error_code": code}]
    forms.append(answer(success=code))
    for form in forms:
        (result,) = send(serve(sms=form).url)
        assert (result.outcome, result.parts, result.code) == (outcome, (), code), form
        assert result.pause_route is (code in {"500", "900", "901", "902", "903"})
        assert result.retry_after_seconds == (60.0 if code == "403" else None)
        assert KEY not in repr(result)


def test_a_bare_refusal_is_explained_in_words(serve: Serve) -> None:
    assert send(serve(sms="202").url)[0].detail == "seven.io refused it: the number is not valid"


@pytest.mark.parametrize(("code", "outcome"), CODES.items())
def test_a_code_of_one_number_is_that_numbers_alone(serve: Serve, code: str, outcome: SendOutcome) -> None:
    refused = row("4915112345679", id=None, price=0, success=False, error=code)
    first, second = send(serve(sms=answer(row(), refused, success="101")).url, MESSAGE, SECOND)
    assert first.outcome is SendOutcome.ACCEPTED
    assert (second.outcome, second.code) == (outcome, code)


@pytest.mark.parametrize(
    "rows",
    [
        (row("4915112345679"),),
        (row(), row()),
        (row(id=None),),
        (row(id=""),),
        (row(id="abc"),),
        (row(id=0),),
        (row(id=True),),
        (row(id="7" * 20),),
        (row(success="true"),),
        (row(success=None),),
        (row(error="600"),),
        (row(success=False),),
        (row(success=False, error="202"),),
        (row(success=False, id=None),),
    ],
)
def test_whatever_does_not_name_this_number_once_with_an_id_or_a_refusal_is_in_doubt(
    serve: Serve, rows: Sequence[object]
) -> None:
    (result,) = send(serve(sms=answer(*rows)).url)
    assert (result.outcome, result.parts) == (SendOutcome.UNKNOWN, ())


@pytest.mark.parametrize("recipient", ["4915112345678", "+4915112345678", "004915112345678", "+49 151 12345678"])
def test_a_number_is_the_same_in_every_way_it_may_be_written(serve: Serve, recipient: str) -> None:
    assert send(serve(sms=answer(row(recipient))).url)[0].outcome is SendOutcome.ACCEPTED


@pytest.mark.parametrize("debug", ["true", True])
def test_a_key_for_tests_stops_the_route_because_nothing_may_have_been_sent(serve: Serve, debug: object) -> None:
    (result,) = send(serve(sms=answer(row(), debug=debug)).url)
    assert (result.outcome, result.parts, result.pause_route) == (SendOutcome.UNKNOWN, (), True)


@pytest.mark.parametrize(
    ("status_line", "body", "outcome"),
    [
        ("400 Bad Request", "202", SendOutcome.REJECTED),
        ("400 Bad Request", {"message": "no"}, SendOutcome.UNKNOWN),
        ("400 Bad Request", answer(row(), success="202"), SendOutcome.UNKNOWN),
        ("401 Unauthorized", "900", SendOutcome.NOT_SENT),
        ("403 Forbidden", b"<html>", SendOutcome.NOT_SENT),
        ("408 Request Timeout", "202", SendOutcome.UNKNOWN),
        ("429 Too Many Requests", b"", SendOutcome.NOT_SENT),
        ("500 Internal Server Error", "202", SendOutcome.UNKNOWN),
        ("500 Internal Server Error", answer(row()), SendOutcome.UNKNOWN),
        ("302 Found", answer(row()), SendOutcome.UNKNOWN),
    ],
)
def test_the_http_status_goes_before_the_body(
    serve: Serve, status_line: str, body: object, outcome: SendOutcome
) -> None:
    (result,) = send(serve(status_line, "Retry-After: 7", sms=body).url)
    assert result.outcome is outcome
    assert result.retry_after_seconds == (7.0 if status_line.startswith("429") else None)


def test_the_same_text_goes_to_a_number_once_in_180_seconds_and_again_after_them() -> None:
    clock = Clock()
    with Sandbox(Scenario(latency_ms=0), clock=clock) as sandbox:
        url = f"{sandbox.url}/seven"
        window = SevenProvider.capabilities.deduplicates_seconds
        results = []
        for seconds in (0, window - 1, 1):
            clock.now += timedelta(seconds=seconds)
            results += send(url, MESSAGE)
        results += send(url, SECOND) + send(url, MESSAGE._replace(text="Another text"))
    assert window == 180
    accepted, refused = SendOutcome.ACCEPTED, SendOutcome.UNKNOWN
    assert [result.outcome for result in results] == [accepted, refused, accepted, accepted, accepted]
    assert (results[1].code, "three minutes" in results[1].detail) == ("402", True)


def test_a_repeated_batch_reaches_only_the_numbers_it_did_not_reach() -> None:
    with Sandbox(Scenario(latency_ms=0)) as sandbox:
        url = f"{sandbox.url}/seven"
        send(url, MESSAGE)
        first, second = send(url, MESSAGE, SECOND)
    assert (first.outcome, first.code, second.outcome) == (SendOutcome.UNKNOWN, "402", SendOutcome.ACCEPTED)


# Statuses.


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("as_number", [False, True])
def test_statuses_come_for_many_ids_in_one_call_flat_or_as_lists_in_a_list(
    serve: Serve, nested: bool, as_number: bool
) -> None:
    words = ["DELIVERED", "NOTDELIVERED", "BUFFERED", "TRANSMITTED", "ACCEPTED", "EXPIRED", "REJECTED", "FAILED"]
    words += ["UNKNOWN", "NEW"]
    rows: list[dict[str, object]] = [
        {"id": n if as_number else str(n), "status": word} for n, word in enumerate(words, start=1)
    ]
    rows.append({"id": 11 if as_number else "11", "status": None})
    server = serve(status=[rows] if nested else rows)
    ids = [str(n) for n in range(1, 12)]
    reports = list(provider(server.url).fetch_statuses([*ids, "abc", ""]))
    assert len(server.requests) == 1
    assert b"GET /status?msg_id=1%2C2%2C3%2C4%2C5%2C6%2C7%2C8%2C9%2C10%2C11 " in server.requests[0]
    assert {report.provider_message_id: report.status for report in reports} == {
        "1": MessageStatus.DELIVERED,
        "2": MessageStatus.UNDELIVERED,
        "3": MessageStatus.SENT,
        "4": MessageStatus.SENT,
        "5": MessageStatus.ACCEPTED,
        "6": MessageStatus.EXPIRED,
        "7": MessageStatus.REJECTED,
        "8": MessageStatus.UNDELIVERED,
        "9": None,
        "10": None,
        "11": MessageStatus.ACCEPTED,
    }


def test_a_status_of_somebody_elses_message_is_left_out(serve: Serve) -> None:
    rows = [{"id": "1", "status": "DELIVERED"}, {"id": "2", "status": "DELIVERED"}, {"status": "DELIVERED"}]
    assert [one.provider_message_id for one in provider(serve(status=rows).url).fetch_statuses(["1"])] == ["1"]


@pytest.mark.parametrize("code", [901, "901", 400, "400"])
def test_one_unknown_id_that_spoils_the_answer_hides_no_other_message(serve: Serve, code: object) -> None:
    def status(query: Mapping[str, str]) -> object:
        ids = query["msg_id"].split(",")
        return code if "5" in ids else [{"id": one, "status": "DELIVERED"} for one in ids]

    ids = [str(n) for n in range(1, 10)]
    reports = list(provider(serve(status=status).url).fetch_statuses(ids))
    assert [one.provider_message_id for one in reports] == [one for one in ids if one != "5"]


def test_an_unreadable_answer_is_an_error_after_the_readable_ones(serve: Serve) -> None:
    def status(query: Mapping[str, str]) -> object:
        ids = query["msg_id"].split(",")
        return b"<html>" if "1" in ids else [{"id": one, "status": "DELIVERED"} for one in ids]

    reports = provider(serve(status=status).url).fetch_statuses([str(n) for n in range(1, 151)])
    assert [next(reports).provider_message_id for _ in range(50)] == [str(n) for n in range(101, 151)]
    with pytest.raises(ProviderAnswerError):
        next(reports)


@pytest.mark.parametrize("status_line", ["404 Not Found", "410 Gone"])
def test_when_the_call_for_many_statuses_is_switched_off_the_journal_is_asked(status_line: str) -> None:
    def behave(talk: Talk) -> None:
        while (request := talk.read_request()) is not None:
            target = request.split(b" ", 2)[1].decode()
            sid = target.rpartition("=")[2]
            rows = [] if sid == "2" else [entry(sid, "2026-07-01 14:00:03"), entry("77", "2026-07-01 14:00:03")]
            gone = target.startswith("/status")
            talk.send(reply(b"", status=status_line) if gone else reply(json.dumps(rows).encode()))

    with RawServer(behave) as server:
        reports = list(provider(server.url).fetch_statuses(["1", "2", "3"]))
    assert [(one.provider_message_id, one.status, one.cost) for one in reports] == [
        ("1", MessageStatus.DELIVERED, "0.0750"),
        ("3", MessageStatus.DELIVERED, "0.0750"),
    ]


@pytest.mark.parametrize("code", [900, "900", "902", {"code": 903}])
def test_a_refused_key_with_status_200_is_an_error_of_the_credentials(serve: Serve, code: object) -> None:
    driver = provider(serve(balance=code, status=code, journal_outbound=code).url)
    calls: list[Callable[[], object]] = [
        driver.balance,
        lambda: list(driver.fetch_statuses(["1"])),
        lambda: list(driver.find_sent(MESSAGE.to, "ACME", datetime.now(UTC))),
    ]
    for call in calls:
        with pytest.raises(ProviderAuthError) as caught:
            call()
        assert KEY not in repr(caught.value)


@pytest.mark.parametrize("code", [600, "700", {"code": 305}])
def test_another_code_with_status_200_is_an_error_and_not_an_empty_list(serve: Serve, code: object) -> None:
    driver = provider(serve(balance=code, status=code, journal_outbound=code).url)
    calls: list[Callable[[], object]] = [
        driver.balance,
        lambda: list(driver.fetch_statuses(["1"])),
        lambda: list(driver.find_sent(MESSAGE.to, "ACME", datetime.now(UTC))),
    ]
    for call in calls:
        with pytest.raises(ProviderError):
            call()


# The journal.


def entry(sid: str, timestamp: str, **changes: object) -> dict[str, object]:
    usual = {"id": sid, "to": "4915112345678", "from": "ACME", "text": "Hi", "timestamp": timestamp, "price": "0.0750"}
    return {**usual, "dlr": "DELIVERED", **changes}


def journal(*entries: object, page: int = 100) -> Callable[[Mapping[str, str]], object]:
    def serve_page(query: Mapping[str, str]) -> object:
        offset, limit = int(query["offset"]), min(int(query["limit"]), page)
        return list(entries[offset : offset + limit])

    return serve_page


def found(serve: Serve, since: datetime, *entries: object, page: int = 100) -> list[SentRecord]:
    server = serve(journal_outbound=journal(*entries, page=page))
    return list(provider(server.url).find_sent(MESSAGE.to, "ACME", since))


SUMMER = datetime(2026, 7, 1, 12, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize("shown", ["2026-07-01 14:00:03.250", "2026-07-01 12:00:03.250", "2026-07-01T12:00:03.250Z"])
def test_a_journal_without_a_time_zone_never_hides_the_message_that_is_looked_for(serve: Serve, shown: str) -> None:
    (record,) = found(serve, SUMMER, entry("1", shown))
    assert record.created_at == datetime(2026, 7, 1, 12, 0, 3, 250_000, tzinfo=UTC)


def test_the_second_in_which_the_look_up_begins_belongs_to_it(serve: Serve) -> None:
    assert len(found(serve, SUMMER, entry("1", "2026-07-01 12:00:00"))) == 1


def test_the_hour_that_is_there_twice_in_autumn_is_read_both_ways(serve: Serve) -> None:
    since = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    (record,) = found(serve, since, entry("1", "2026-10-25 02:10:30"))
    assert record.created_at == datetime(2026, 10, 25, 1, 10, 30, tzinfo=UTC)


def test_what_was_sent_before_is_left_out(serve: Serve) -> None:
    assert found(serve, SUMMER, entry("1", "2026-07-01 11:59:59"), entry("2", "2026-06-30 23:00:00")) == []


@pytest.mark.parametrize("page", [1, 2, 100])
def test_a_short_page_is_not_the_last_one(serve: Serve, page: int) -> None:
    entries = [entry(str(n), "2026-07-01 14:00:03") for n in range(1, 6)]
    assert [one.provider_message_id for one in found(serve, SUMMER, *entries, page=page)] == list("12345")


def test_an_entry_that_slides_to_the_next_page_is_told_once(serve: Serve) -> None:
    entries = [entry(sid, "2026-07-01 14:00:03") for sid in ("3", "2", "2", "1")]
    assert [one.provider_message_id for one in found(serve, SUMMER, *entries)] == ["3", "2", "1"]


def test_only_this_number_and_this_sender_are_told_however_the_number_is_written(serve: Serve) -> None:
    shown = "2026-07-01 14:00:03"
    entries = [entry("1", shown, to="+4915112345678"), entry("2", shown, to="4915100000000")]
    entries.append(entry("3", shown, **{"from": "OTHER"}))
    (record,) = found(serve, SUMMER, *entries)
    assert (record.provider_message_id, record.to, record.text) == ("1", MESSAGE.to, "Hi")
    report = record.report
    assert (report.status, report.cost, report.currency) == (MessageStatus.DELIVERED, "0.0750", "EUR")


@pytest.mark.parametrize("broken", [{"id": None}, {"id": "x"}, {"timestamp": None}, {"timestamp": "yesterday"}])
def test_an_entry_that_cannot_be_read_is_an_error_because_it_may_be_the_one(
    serve: Serve, broken: dict[str, object]
) -> None:
    with pytest.raises(ProviderAnswerError):
        found(serve, SUMMER, {**entry("1", "2026-07-01 14:00:03"), **broken})


@pytest.mark.parametrize("listing", [{}, None, "no", [1], b"", {"journal": []}])
def test_a_journal_of_another_shape_is_an_error_and_not_empty(serve: Serve, listing: object) -> None:
    with pytest.raises(ProviderAnswerError):
        list(provider(serve(journal_outbound=listing).url).find_sent(MESSAGE.to, "ACME", SUMMER))


def test_a_journal_without_end_is_given_up(serve: Serve) -> None:
    server = serve(journal_outbound=[entry("1", "2026-07-01 14:00:03")])
    with pytest.raises(ProviderAnswerError, match="does not end"):
        list(provider(server.url).find_sent(MESSAGE.to, "ACME", SUMMER))
