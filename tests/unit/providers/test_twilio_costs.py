"""Twilio's prices and balance: each trap of providers.md 2.1 by name. The HTTP side is a table of answers."""

import base64
import json
import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from desktop_app.domain.errors import (
    Cancelled,
    ProviderAnswerError,
    ProviderAuthError,
    ProviderError,
    ProviderUnreachable,
)
from desktop_app.providers.base import Cost, CountryCosts, HTTPReply, HTTPRequest, ProviderAccount
from desktop_app.providers.drivers.twilio import TwilioProvider

SID = "AC" + "0123456789abcdef" * 2
ROOT = "http://127.0.0.1:5/twilio"
COUNTRIES = ROOT + "/v1/Messaging/Countries"
FIRST_PAGE = COUNTRIES + "?PageSize=1000"


class Answers:
    """A ``Fetch`` that knows its answers by address."""

    def __init__(self, answers: Mapping[str, object]) -> None:
        self.answers = answers
        self.requests: list[HTTPRequest] = []

    def __call__(self, request: HTTPRequest) -> HTTPReply:
        self.requests.append(request)
        answer = self.answers[request.url]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, HTTPReply):
            return answer
        return HTTPReply(200, {}, answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def provider(answers: Mapping[str, object], base_url: str = ROOT) -> TwilioProvider:
    account = ProviderAccount("main", "twilio", base_url, {"account_sid": SID}, "the-auth-token")
    return TwilioProvider(account, Answers(answers))


def ignore(done: int, total: int, country: str) -> None:
    pass


def listing(*codes: object, next_page_url: object = None) -> dict[str, object]:
    rows = [{"country": "name", "iso_country": code, "url": "http://elsewhere/"} for code in codes]
    return {"countries": rows, "meta": {"next_page_url": next_page_url}}


def entry(mcc: object, mnc: object, *prices: object, carrier: object = "Carrier") -> dict[str, object]:
    return {
        "carrier": carrier,
        "mcc": mcc,
        "mnc": mnc,
        "prices": [{"number_type": "mobile", "base_price": "9", "current_price": price} for price in prices],
    }


def priced(*rows: object, country: str = "DE", price_unit: object = "USD") -> dict[str, object]:
    return {"country": "name", "iso_country": country, "price_unit": price_unit, "outbound_sms_prices": list(rows)}


def costs_of(*rows: object, **details: Any) -> tuple[Cost, ...]:
    return costs_of_document(priced(*rows, **details))


def costs_of_document(document: object) -> tuple[Cost, ...]:
    answers = {FIRST_PAGE: listing("DE"), COUNTRIES + "/DE": document}
    (costs,) = provider(answers).list_costs(ignore)
    assert costs.country == "DE"
    return costs.costs


def test_a_network_costs_its_current_price_exactly() -> None:
    assert costs_of(entry("262", "01", "0.0850", carrier="Telekom")) == (
        Cost("DE", "26201", "Telekom", Decimal("0.0850"), "0.0850", "USD"),
    )


@pytest.mark.parametrize("spelling", [b"0.05", b'"0.05"', b'"0.0500"', b"0.0500", b"5e-2", b'"5E-2"'])
def test_the_price_may_be_text_or_a_number(spelling: bytes) -> None:
    document = json.dumps(priced(entry("262", "01", "@"))).encode().replace(b'"@"', spelling)
    (cost,) = costs_of_document(document)
    assert cost.price == Decimal("0.05")


def test_a_number_of_many_digits_keeps_every_digit() -> None:
    document = json.dumps(priced(entry("262", "01", "@"))).encode().replace(b'"@"', b"0.033300000000000001")
    (cost,) = costs_of_document(document)
    assert cost.price == Decimal("0.033300000000000001")
    assert cost.price_text == "0.033300000000000001"


def test_the_current_price_counts_and_not_the_base_price() -> None:
    row = entry("262", "01")
    row["prices"] = [{"number_type": "mobile", "base_price": "0.09", "current_price": "0.07"}]
    assert costs_of(row)[0].price == Decimal("0.07")


def test_the_price_of_mobile_senders_is_preferred() -> None:
    row = entry("262", "01")
    row["prices"] = [
        {"number_type": "local", "current_price": "0.20"},
        {"number_type": "mobile", "current_price": "0.07"},
        {"number_type": "shortcode", "current_price": "0.30"},
    ]
    assert costs_of(row)[0].price == Decimal("0.07")


def test_without_a_mobile_price_the_dearest_counts() -> None:
    row = entry("262", "01")
    row["prices"] = [
        {"number_type": "local", "current_price": "0.20"},
        {"number_type": "shortcode", "current_price": "0.30"},
        {"number_type": "mobile", "current_price": None},
    ]
    assert costs_of(row)[0].price == Decimal("0.30")


def test_several_entries_of_one_network_cost_the_dearest() -> None:
    costs = costs_of(entry("262", "01", "0.05"), entry("262", "01", "0.09", carrier="Dear"), entry("262", "01", "0.07"))
    assert [(cost.mccmnc, cost.price, cost.network) for cost in costs] == [("26201", Decimal("0.09"), "Dear")]


def test_leading_zeros_of_an_mnc_are_kept_and_01_differs_from_001() -> None:
    assert [cost.mccmnc for cost in costs_of(entry("310", "01", "1"), entry("310", "001", "1"))] == ["31001", "310001"]


@pytest.mark.parametrize(
    "price",
    [
        None,
        "0",
        0,
        "0.0000",
        "-0.05",
        -1,
        "",
        "0,05",
        "NaN",
        "Infinity",
        "free",
        True,
        [],
        {},
        "1000000.000001",
        10**9,
        "9" * 99,
    ],
)
def test_a_price_that_is_null_zero_negative_or_odd_is_not_for_sale_and_never_zero(price: object) -> None:
    assert costs_of(entry("262", "01", price)) == ()


def test_an_absent_price_is_not_for_sale() -> None:
    row = entry("262", "01")
    row["prices"] = [{"number_type": "mobile", "base_price": "0.05"}]
    assert costs_of(row) == ()
    assert costs_of(entry("262", "02")) == ()


def test_a_country_without_any_price_is_listed_without_costs() -> None:
    assert costs_of() == ()


@pytest.mark.parametrize(
    ("mcc", "mnc"),
    [
        (None, None),
        ("262", None),
        (None, "01"),
        ("foo", "bar"),
        (262, 1),
        ("26", "01"),
        ("262", "1"),
        ("٢٦٢", "٠١"),
        ("", ""),
    ],
)
def test_an_entry_without_mcc_and_mnc_is_the_price_of_the_country(mcc: object, mnc: object) -> None:
    assert costs_of(entry(mcc, mnc, "0.06", carrier="Other")) == (Cost("DE", None, "", Decimal("0.06"), "0.06", "USD"),)


def test_beside_networks_such_an_entry_is_left_out() -> None:
    costs = costs_of(entry(None, None, "0.06"), entry("262", "01", "0.07"), entry(None, None, "0.07"))
    assert [cost.mccmnc for cost in costs] == ["26201"]


def test_unless_it_is_dearer_than_every_network_so_that_nothing_is_sold_below_cost() -> None:
    costs = costs_of(entry("262", "01", "0.07"), entry(None, None, "0.09"), entry(None, None, "0.08"))
    assert [(cost.mccmnc, cost.price) for cost in costs] == [(None, Decimal("0.09")), ("26201", Decimal("0.07"))]


def test_the_currency_is_the_price_unit_of_the_country() -> None:
    assert costs_of(entry("262", "01", "1"), price_unit="eur")[0].currency == "EUR"


@pytest.mark.parametrize("price_unit", [None, "", "$", "XXX", "USDX", 840])
def test_a_price_in_no_currency_is_no_price(price_unit: object) -> None:
    assert costs_of(entry("262", "01", "1"), price_unit=price_unit) == ()


@pytest.mark.parametrize(
    "document",
    [
        b"<html>",
        b"[]",
        {},
        priced(country="FR"),
        {"iso_country": "DE", "price_unit": "USD"},
        {"iso_country": "DE", "price_unit": "USD", "outbound_sms_prices": None},
        {"iso_country": "DE", "price_unit": "USD", "outbound_sms_prices": [1]},
        {"iso_country": "DE", "price_unit": "USD", "outbound_sms_prices": [{"mcc": "262", "mnc": "01"}]},
        b'{"iso_country":"DE","iso_country":"FR","price_unit":"USD","outbound_sms_prices":[]}',
    ],
)
def test_an_answer_of_another_shape_is_an_error_and_not_a_country_without_prices(document: object) -> None:
    with pytest.raises(ProviderAnswerError):
        costs_of_document(document)


def test_country_codes_that_are_none_are_skipped_and_repeated_ones_asked_once() -> None:
    answers = {
        FIRST_PAGE: listing("DE", "XX", "", None, "D", "DEU", "d3", 5, "../x", "de", "FR"),
        COUNTRIES + "/DE": priced(),
        COUNTRIES + "/FR": priced(country="FR"),
    }
    assert list(provider(answers).list_costs(ignore)) == [CountryCosts("DE", ()), CountryCosts("FR", ())]


def test_every_page_of_countries_is_read_and_progress_is_told() -> None:
    second = COUNTRIES + "?PageSize=1000&Page=1&PageToken=x"
    answers = {
        FIRST_PAGE: listing("DE", next_page_url=second),
        second: listing("FR"),
        COUNTRIES + "/DE": priced(entry("262", "01", "0.05")),
        COUNTRIES + "/FR": priced(country="FR"),
    }
    told: list[tuple[int, int, str]] = []
    countries = [costs.country for costs in provider(answers).list_costs(lambda *step: told.append(step))]
    assert countries == ["DE", "FR"]
    assert [step for step in told if step[2] in ("", "DE", "FR")][:1] == [(0, 2, "")]
    assert told[-1] == (2, 2, "FR")


@pytest.mark.parametrize(
    "link", ["http://evil.io/v1/Messaging/Countries", "https://pricing.twilio.com/x", FIRST_PAGE, 7]
)
def test_a_next_page_on_another_host_or_in_a_circle_is_refused(link: object) -> None:
    answers = Answers({FIRST_PAGE: listing("DE", next_page_url=link)})
    account = ProviderAccount("main", "twilio", ROOT, {"account_sid": SID}, "the-auth-token")
    with pytest.raises(ProviderAnswerError):
        list(TwilioProvider(account, answers).list_costs(ignore))
    assert [request.url for request in answers.requests] == [FIRST_PAGE]


@pytest.mark.parametrize("document", [{"countries": []}, {"countries": [], "meta": {}}, {"countries": [], "meta": []}])
def test_a_list_of_countries_that_does_not_say_whether_it_goes_on_is_not_complete(document: object) -> None:
    with pytest.raises(ProviderAnswerError):
        list(provider({FIRST_PAGE: document}).list_costs(ignore))


def test_cancelling_stops_asking() -> None:
    codes = [a + b for a in "ABCDEFGH" for b in "ABCDEFGHIJKLMNOPQRSTUVW"]
    answers = Answers({FIRST_PAGE: listing(*codes)} | {f"{COUNTRIES}/{code}": priced(country=code) for code in codes})

    def cancel(done: int, total: int, country: str) -> None:
        if done == 3:
            raise Cancelled("Stopped.")

    account = ProviderAccount("main", "twilio", ROOT, {"account_sid": SID}, "the-auth-token")
    seen: list[CountryCosts] = []
    with pytest.raises(Cancelled):
        seen.extend(TwilioProvider(account, answers).list_costs(cancel))
    assert len(answers.requests) < len(codes) / 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("provider-lookup")]


def test_costs_before_a_failure_stay_valid() -> None:
    answers = {
        FIRST_PAGE: listing("DE", "FR"),
        COUNTRIES + "/DE": priced(entry("262", "01", "0.05")),
        COUNTRIES + "/FR": ProviderUnreachable("“main”: There is no connection to 127.0.0.1."),
    }
    steps = provider(answers).list_costs(ignore)
    assert next(steps).country == "DE"
    with pytest.raises(ProviderUnreachable):
        next(steps)


def test_the_real_service_has_its_prices_on_a_host_of_their_own() -> None:
    root = "https://pricing.twilio.com/v1/Messaging/Countries"
    answers = {root + "?PageSize=1000": listing("DE"), root + "/DE": priced()}
    assert list(provider(answers, "https://api.twilio.com").list_costs(ignore)) == [CountryCosts("DE", ())]


# --- balance -----------------------------------------------------------------------------------------------------------

BALANCE = f"{ROOT}/2010-04-01/Accounts/{SID}/Balance.json"


@pytest.mark.parametrize(
    ("body", "amount"),
    [
        (b'{"balance":"123.45","currency":"USD"}', "123.45"),
        (b'{"balance":123.45,"currency":"usd"}', "123.45"),
        (b'{"balance":5,"currency":"USD"}', "5"),
        (b'{"balance":"-0.0550","currency":"USD"}', "-0.0550"),
        (b'{"balance":"0","currency":"USD","new_field":[{}]}', "0"),
    ],
)
def test_a_balance_may_be_text_or_number_and_negative(body: bytes, amount: str) -> None:
    balance = provider({BALANCE: body}).balance()
    assert (str(balance.amount), balance.currency) == (amount, "USD")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"balance":null,"currency":"USD"}',
        b'{"balance":"","currency":"USD"}',
        b'{"balance":"1,5","currency":"USD"}',
        b'{"balance":"NaN","currency":"USD"}',
        b'{"balance":NaN,"currency":"USD"}',
        b'{"balance":true,"currency":"USD"}',
        b'{"balance":"1"}',
        b'{"balance":"1","currency":"$"}',
        b'{"balance":"1","balance":"2","currency":"USD"}',
        b'{"balance":' + b"9" * 5000 + b',"currency":"USD"}',
        b"Internal error",
        b"",
        b"\xff\xfe",
    ],
)
def test_a_missing_or_odd_balance_is_an_error_and_never_zero(body: bytes) -> None:
    with pytest.raises(ProviderAnswerError):
        provider({BALANCE: body}).balance()


@pytest.mark.parametrize(
    "reply",
    [
        HTTPReply(401, {}, b'{"code":20003,"message":"Authenticate","status":401}'),
        HTTPReply(401, {}, b""),
        HTTPReply(403, {}, b"<html>"),
        HTTPReply(200, {}, b'{"code":20003,"message":"Authenticate","status":401}'),
    ],
)
def test_wrong_credentials_are_said_in_plain_words_with_the_account(reply: HTTPReply) -> None:
    with pytest.raises(ProviderAuthError) as caught:
        provider({BALANCE: reply}).balance()
    assert caught.value.user_message.startswith("Twilio does not accept the credentials of “main”.")
    assert "the-auth-token" not in str(caught.value)


@pytest.mark.parametrize(("status", "retryable"), [(429, True), (500, True), (503, True), (404, False), (302, False)])
def test_other_troubles_tell_whether_asking_again_helps(status: int, retryable: bool) -> None:
    with pytest.raises(ProviderError) as caught:
        provider({BALANCE: HTTPReply(status, {}, b"")}).balance()
    assert caught.value.retryable is retryable


def test_the_credentials_travel_as_basic_authentication() -> None:
    answers = Answers({BALANCE: {"balance": "1", "currency": "USD"}})
    account = ProviderAccount("main", "twilio", ROOT, {"account_sid": SID}, "the-auth-token")
    TwilioProvider(account, answers).balance()
    expected = base64.b64encode(f"{SID}:the-auth-token".encode()).decode()
    assert answers.requests[0].headers["Authorization"] == "Basic " + expected
