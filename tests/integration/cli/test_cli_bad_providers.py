"""Providers that refuse, lie or keep silent: exit 1 with the right code, and the costs from before stay."""

import gzip
import json
from collections.abc import Callable, Collection
from typing import Final

import pytest

from desktop_app.providers.http import HTTPClient
from desktop_app.sandbox.server import Sandbox
from tests.fixtures.command_line import CommandLine, change_scenario, rows
from tests.fixtures.raw_server import RawServer, Talk, reply

COSTS: Final = "SELECT * FROM provider_cost"
JSON: Final = "Content-Type: application/json"
HTML: Final = b"<html><body><h1>502 Bad Gateway</h1><a href='http://evil.example'>update now</a></body></html>"
BALANCE: Final = b'{"account_sid":"AC%s","balance":"12.5","currency":"EUR"}' % (b"5" * 32)
FAULTS: Final = {
    "unauthorized": "provider_auth",
    "bad_gateway_html": "provider_error",
    "unavailable_not_accepted": "provider_error",
    "too_many_requests": "provider_error",
    "created_not_json": "provider_answer",
    "created_empty": "provider_answer",
    "created_empty_object": "provider_answer",
    "created_truncated": "provider_unreachable",
    "invalid_utf8": "provider_answer",
    "temporary_redirect": "provider_answer",
    "redirect_other_host": "provider_answer",
    "wrong_content_length": "provider_answer",
    "huge_body": "provider_unreachable",
    "gzip_bomb": "provider_unreachable",
    "both_cl_and_te": "provider_unreachable",
    "reset_before_accept": "provider_unreachable",
    "close_after_accept": "provider_unreachable",
    "hang": "provider_unreachable",
}
ANSWERS: Final = {
    "html": (reply(HTML, "Content-Type: text/html"), "provider_answer"),
    "cut": (reply(BALANCE[:20], JSON), "provider_answer"),
    "list": (reply(b"[]", JSON), "provider_answer"),
    "null": (reply(b"null", JSON), "provider_answer"),
    "text": (reply(b'"x"', JSON), "provider_answer"),
    "deep": (reply(b"[" * 100_000, JSON), "provider_answer"),
    "NaN": (reply(b'{"balance":NaN,"currency":"EUR"}', JSON), "provider_answer"),
    "text NaN": (reply(b'{"balance":"NaN","currency":"EUR"}', JSON), "provider_answer"),
    "infinite": (reply(b'{"balance":"Infinity","currency":"EUR"}', JSON), "provider_answer"),
    "comma": (reply(b'{"balance":"1,5","currency":"EUR"}', JSON), "provider_answer"),
    "object": (reply(b'{"balance":{"x":1},"currency":"EUR"}', JSON), "provider_answer"),
    "currency": (reply(b'{"balance":"1.5","currency":"euro"}', JSON), "provider_answer"),
    "no currency": (reply(b'{"balance":"1.5"}', JSON), "provider_answer"),
    "no balance": (reply(b'{"currency":"EUR"}', JSON), "provider_answer"),
    "garbage behind": (reply(BALANCE + b"garbage", JSON), "provider_answer"),
    "not UTF-8": (reply(b"\xff\xfe" + BALANCE, JSON), "provider_answer"),
    "unasked gzip": (reply(gzip.compress(BALANCE), JSON), "provider_answer"),
    "no HTTP": (b"no HTTP at all\r\n\r\n", "provider_unreachable"),
    "long header": (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n", "provider_unreachable"),
    "many headers": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n", "provider_unreachable"),
}
PAGE: Final = {
    "countries": [{"country": "Germany", "iso_country": "DE", "url": "x"}],
    "meta": {"next_page_url": None},
}


def _country(**changes: object) -> bytes:
    price = {"number_type": "mobile", "base_price": "0.1", "current_price": "0.1"}
    network = {"mcc": "262", "mnc": "01", "carrier": "One", "prices": [price | changes]}
    country = {"country": "Germany", "iso_country": "DE", "price_unit": "EUR", "outbound_sms_prices": [network]}
    return json.dumps(country | changes).encode()


TABLES: Final = {
    "html": HTML,
    "empty": b"",
    "list": b"[]",
    "object": b"{}",
    "cut": _country()[:100],
    "negative": _country(current_price="-0.1", base_price="-0.1"),
    "NaN": _country(current_price="NaN"),
    "null": _country(current_price=None),
    "huge": _country(current_price="1e300"),
    "zero": _country(current_price="0"),
    "currency": _country(price_unit="euro"),
    "no currency": _country(price_unit=None),
    "no list": _country(outbound_sms_prices={}),
    "null network": _country(outbound_sms_prices=[None]),
    "odd network": _country(outbound_sms_prices=[{"mcc": "x", "mnc": "y", "carrier": "z", "prices": []}]),
    "another country": _country(iso_country="FR"),
    "no country": _country(iso_country="XX"),
}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait half a second instead of thirty, and not at all between two tries."""

    def hasty(name: str, origins: Collection[str], **_longer: float) -> HTTPClient:
        return HTTPClient(name, origins, deadline_seconds=0.5, pause=lambda _seconds: None)

    monkeypatch.setattr("desktop_app.providers.http.HTTPClient", hasty)


@pytest.fixture
def deal(shop: CommandLine, provider_arguments: tuple[str, ...], provider_secret: str) -> Callable[[str], CommandLine]:
    """Gives a profile that buys from "bad" at an address, and has its costs already."""
    add = ("providers", "add", "bad", *provider_arguments, "--default")

    def at(address: str) -> CommandLine:
        shop.ok(*add, "--base-url", f"{address}/twilio", stdin=provider_secret)
        sheet = shop.profile / "costs.csv"
        sheet.write_text("country,mccmnc,network,price,currency\nDE,,,0.2,EUR\nFR,,,0.3,EUR\n", "utf-8")
        shop.ok("prices", "import", sheet, "--provider", "bad")
        return shop

    return at


def _refusal(desk: CommandLine, command: str = "test") -> str:
    """Run a command on "bad" and return its code, having seen that no cost changed and the sentence is ours."""
    before = rows(desk.database, COSTS)
    error = desk.refused("providers", command, "bad")
    assert rows(desk.database, COSTS) == before
    assert error["message"].endswith(".")
    assert "<" not in error["message"], "no word of the provider's page"
    return error["code"]


def test_a_refused_port(deal: Callable[[str], CommandLine], own_sandbox: Sandbox) -> None:
    desk = deal(own_sandbox.url)
    own_sandbox.stop()

    codes = [_refusal(desk, command) for command in ("test", "balance", "sync-costs")]

    assert codes == ["provider_unreachable"] * 3
    (row,) = [row for row in desk.ok("providers", "list")["rows"] if row["name"] == "bad"]
    assert row["last_error"] == "“bad”: There is no connection to 127.0.0.1."
    assert desk.ok("prices", "list", "--country", "DE")["rows"][0]["cost"] == "0.200000"


def test_every_fault_of_the_account_pages(deal: Callable[[str], CommandLine], own_sandbox: Sandbox) -> None:
    desk = deal(own_sandbox.url)
    codes = {}

    for mode in FAULTS:
        change_scenario(own_sandbox.url, {"faults": [{"mode": mode, "on": "account", "rate": 1.0}]})
        codes[mode] = _refusal(desk)

    assert codes == FAULTS
    change_scenario(own_sandbox.url, {"faults": []})
    assert desk.ok("providers", "test", "bad")["balance"] == "123.450000"
    assert [row["last_error"] for row in desk.ok("providers", "list")["rows"]] == [None, None]


def test_every_odd_answer(deal: Callable[[str], CommandLine]) -> None:
    answers = iter(ANSWERS.values())
    current = [b""]
    codes = {}

    def behave(talk: Talk) -> None:
        while talk.read_request() is not None:
            talk.send(current[0])

    with RawServer(behave) as server:
        desk = deal(server.url)
        for name in ANSWERS:
            current[0] = next(answers)[0]
            codes[name] = _refusal(desk)

    assert codes == {name: code for name, (_, code) in ANSWERS.items()}
    assert desk.ok("credit", "verify")["ok"]


def test_a_slow_answer_is_given_up(deal: Callable[[str], CommandLine]) -> None:
    def drip(talk: Talk) -> None:
        talk.read_request()
        talk.drip(reply(BALANCE, JSON))

    with RawServer(drip) as server:
        assert _refusal(deal(server.url)) == "provider_unreachable"


def test_an_endless_answer_is_cut_off(deal: Callable[[str], CommandLine]) -> None:
    def pour(talk: Talk) -> None:
        talk.read_request()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\nContent-Type: application/json\r\n\r\n[")
        while True:
            talk.send(b'"x",' * 16_384)

    with RawServer(pour) as server:
        assert _refusal(deal(server.url)) == "provider_unreachable"
        assert server.bytes_sent < 64 * 1024 * 1024


def test_price_tables_that_cannot_be_used_leave_the_old_costs(deal: Callable[[str], CommandLine]) -> None:
    current = [b""]
    codes = {}

    def behave(talk: Talk) -> None:
        while (request := talk.read_request()) is not None:
            one = b"/Countries/DE" in request.split(b"\r\n", 1)[0]
            talk.send(reply(current[0] if one else json.dumps(PAGE).encode(), JSON))

    with RawServer(behave) as server:
        desk = deal(server.url)
        for name, table in TABLES.items():
            current[0] = table
            codes[name] = _refusal(desk, "sync-costs")

        assert set(codes.values()) == {"provider_answer", "provider_error"}
        current[0] = _country(current_price="0.15")
        assert desk.ok("providers", "sync-costs", "bad")["countries"] == 1, "the table is right but for the fault"


@pytest.mark.parametrize("meta", [{}, {"meta": {"next_page_url": "https://evil.example/x"}}])
def test_a_listing_that_leads_elsewhere_leaves_the_old_costs(
    deal: Callable[[str], CommandLine], meta: dict[str, object]
) -> None:
    def behave(talk: Talk) -> None:
        while talk.read_request() is not None:
            talk.send(reply(json.dumps({"countries": [], **meta}).encode(), JSON))

    with RawServer(behave) as server:
        assert _refusal(deal(server.url), "sync-costs") == "provider_answer"


def test_costs_that_break_off_half_way_leave_the_old_costs(deal: Callable[[str], CommandLine]) -> None:
    """The first page comes, then the line goes dead."""
    served: list[bytes] = []

    def behave(talk: Talk) -> None:
        while (request := talk.read_request()) is not None:
            served.append(request)
            if len(served) > 1:
                talk.reset()
                return
            talk.send(reply(json.dumps(PAGE).encode(), JSON))

    with RawServer(behave) as server:
        assert _refusal(deal(server.url), "sync-costs") == "provider_unreachable"
