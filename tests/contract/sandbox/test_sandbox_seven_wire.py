"""seven.io's face on the wire: the shapes of its specification and samples, and the oddities that its clients have to bear."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import requests

from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox

WAIT_SECONDS = 10.0
NUMBER, OTHER = "+4915112345670", "+4915112345679"
Start = Callable[..., "Client"]


class Client:
    """A client of one sandbox, with a key."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = f"{sandbox.url}/seven"
        self.control = f"{sandbox.url}/_sandbox"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"X-Api-Key": "key", "Accept": "application/json"})

    def send(self, **form: str) -> Any:
        fields = {"to": NUMBER, "from": "AURORA", "text": "Hello", **form}
        reply = self.session.post(f"{self.url}/sms", data=fields, timeout=WAIT_SECONDS)
        assert reply.status_code == 200
        return json.loads(reply.text, parse_float=Decimal)

    def get(self, path: str, **query: object) -> Any:
        reply = self.session.get(f"{self.url}/{path}", params=query, timeout=WAIT_SECONDS)  # type: ignore[arg-type]
        assert reply.status_code == 200
        return json.loads(reply.text, parse_float=Decimal)

    def accepted(self) -> list[str]:
        return [one["to"] for one in self.session.get(f"{self.control}/messages", timeout=WAIT_SECONDS).json()]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[tuple[Sandbox, Client]] = []

    def run(clock: Callable[[], datetime] | None = None, **scenario: object) -> Client:
        options: dict[str, Any] = {} if clock is None else {"clock": clock}
        sandbox = Sandbox(Scenario.from_json({"latency_ms": 0, "delivery_ms": 0, **scenario}), **options)
        sandbox.start()
        running.append((sandbox, Client(sandbox)))
        return running[-1][1]

    yield run
    for sandbox, client in running:
        client.session.close()
        sandbox.stop()


@pytest.fixture
def client(start: Start) -> Client:
    return start(prices={"DE": "0.0750"}, balance="12.50")


def test_an_accepted_send_has_the_documented_fields(client: Client) -> None:
    answer = client.send(text="Grüße ж")
    (row,) = answer["messages"]
    assert {name: answer[name] for name in answer if name != "messages"} == {
        "success": "100", "total_price": Decimal("0.0750"), "balance": Decimal("12.50"), "debug": "false",
        "sms_type": "direct",
    }  # fmt: skip
    assert row.pop("id").isdigit()
    assert row == {
        "sender": "AURORA", "recipient": NUMBER[1:], "text": "Grüße ж", "encoding": "ucs2", "label": None, "parts": 1,
        "udh": None, "is_binary": False, "price": Decimal("0.0750"), "success": True, "error": None, "error_text": None,
    }  # fmt: skip


def test_the_price_of_a_message_is_that_of_all_its_segments(client: Client) -> None:
    (row,) = client.send(text="x" * 161)["messages"]
    assert (row["parts"], row["price"], row["encoding"]) == (2, Decimal("0.1500"), "gsm")


@pytest.mark.parametrize("to", ["+4915112345670", "4915112345670", "004915112345670"])
def test_numbers_are_taken_in_every_usual_form(client: Client, to: str) -> None:
    client.send(to=to)
    assert client.accepted() == [NUMBER]


def test_a_list_of_numbers_is_answered_row_by_row(client: Client) -> None:
    answer = client.send(to=f"{NUMBER},12,{OTHER}")
    assert (answer["success"], answer["total_price"]) == ("101", Decimal("0.1500"))
    assert [(row["success"], row["error"], row["id"] is None) for row in answer["messages"]] == [
        (True, None, False),
        (False, "202", True),
        (True, None, False),
    ]
    assert client.accepted() == [NUMBER, OTHER]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": ""}, "301"),
        ({"text": ""}, "305"),
        ({"text": "x" * 1521}, "401"),
        ({"from": "TWELVELETTERS"}, "201"),
        ({"from": "12345678901234567"}, "201"),
        ({"foreign_id": "not allowed"}, "201"),
        ({"to": "12"}, 202),
        ({"to": "+999123456789"}, 202),
    ],
)
def test_a_refusal_is_a_bare_code_as_text_or_number(client: Client, form: dict[str, str], code: object) -> None:
    assert client.send(**form) == code
    assert client.accepted() == []


@pytest.mark.parametrize("form", [{"text": "x" * 1520}, {"from": "ELEVENCHARS"}, {"from": "1234567890123456"}])
def test_what_is_at_the_limit_is_taken(client: Client, form: dict[str, str]) -> None:
    assert client.send(**form)["success"] == "100"


def test_the_reload_lock_can_be_lifted_by_the_sender_and_knows_no_other_key(client: Client) -> None:
    client.send()
    assert client.send() == 402
    assert client.send(no_reload="1")["success"] == "100"
    client.session.headers["X-Api-Key"] = "another key"
    assert client.send()["success"] == "100"
    assert client.accepted() == [NUMBER] * 3


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_missing_or_wrong_key_is_answered_900_with_status_200_everywhere(start: Start, key: str) -> None:
    client = start(credentials={"seven": ["any", "right"]})
    client.session.headers["X-Api-Key"] = key
    assert client.send() == "900"
    assert [client.get(path) for path in ("balance", "pricing", "status", "journal/outbound")] == ["900"] * 4
    assert client.accepted() == []
    client.session.headers["X-Api-Key"] = "right"
    assert client.send()["success"] == "100"


def test_the_balance_is_plain_text_for_who_does_not_ask_for_json(client: Client) -> None:
    assert client.get("balance") == {"amount": Decimal("12.50"), "currency": "EUR"}
    plain = client.session.get(f"{client.url}/balance", headers={"Accept": "*/*"}, timeout=WAIT_SECONDS)
    assert (plain.text, plain.headers["Content-Type"]) == ("12.50", "text/plain; charset=utf-8")


def test_prices_are_mixed_as_in_the_real_answers_and_name_no_currency(client: Client) -> None:
    prices = client.get("pricing", format="json")
    countries = prices["countries"]
    networks = [network for country in countries for network in country["networks"]]
    codes = {country["countryCode"] for country in countries}
    assert (prices["countCountries"], prices["countNetworks"]) == (len(countries), len(networks))
    assert len(codes) == len(countries) >= 200
    assert {code.islower() for code in codes} == {True, False}
    assert max(len(network["mncs"]) for network in networks) > 1
    assert {type(network["price"]) for network in networks} == {Decimal, int, type(None)}
    assert "EUR" not in json.dumps(prices, default=str)
    (germany,) = client.get("pricing", country="de")["countries"]
    assert {network["price"] for network in germany["networks"]} - {None, 0} == {Decimal("0.0750")}


def test_statuses_are_a_list_for_one_id_and_lists_in_a_list_for_several(client: Client) -> None:
    ids = [client.send(to=f"+491511234567{digit}")["messages"][0]["id"] for digit in range(4)]
    (one,) = client.get("status", msg_id=ids[0])
    assert (one["id"], one["status"]) == (ids[0], "DELIVERED")
    (rows,) = client.get("status", msg_id=",".join([*ids, "77"]))
    words = {row["id"]: row["status"] for row in rows}
    assert words == dict(zip(ids, ("DELIVERED", "NOTDELIVERED", "EXPIRED", "TRANSMITTED"), strict=True))
    assert client.get("status", msg_id="77") == "901"


def test_a_message_in_the_queue_has_no_status_yet(start: Start) -> None:
    client = start(delivery_ms=3_600_000)
    (row,) = client.send()["messages"]
    assert client.get("status", msg_id=row["id"]) == [{"id": row["id"], "status": None, "status_time": None}]


def test_the_journal_has_the_newest_first_in_pages_and_local_times_without_a_zone(start: Start) -> None:
    client = start(lambda: datetime.fromisoformat("2030-07-06T22:08:09.120+00:00"), prices={"DE": "0.0750"})
    ids = [client.send(text=f"{n}", foreign_id=f"label-{n}")["messages"][0]["id"] for n in range(5)]
    client.send(to=OTHER)
    rows = client.get("journal/outbound", to=NUMBER[1:], date_from="2030-07-07", limit=2, offset=1)
    assert [row["id"] for row in rows] == [ids[3], ids[2]]
    assert (rows[0]["to"], rows[0]["from"], rows[0]["text"], rows[0]["price"]) == (NUMBER[1:], "AURORA", "3", "0.0750")
    assert (rows[0]["timestamp"], rows[0]["dlr"], rows[0]["foreign_id"]) == (
        "2030-07-07 00:08:09.120", "DELIVERED", "label-3",
    )  # fmt: skip
    assert len(client.get("journal/outbound", limit=1000)) == 6
    assert client.get("journal/outbound", date_from="2030-07-08") == []
    assert [row["id"] for row in client.get("journal/outbound", id=ids[0])] == [ids[0]]


def test_keys_do_not_see_each_others_messages(client: Client) -> None:
    (row,) = client.send()["messages"]
    client.session.headers["X-Api-Key"] = "another key"
    assert client.get("journal/outbound") == []
    assert client.get("status", msg_id=row["id"]) == "901"


def test_what_is_not_there_is_a_page_of_html(client: Client) -> None:
    reply = client.session.get(f"{client.url}/voice", timeout=WAIT_SECONDS)
    assert (reply.status_code, reply.text[:6]) == (404, "<html>")
