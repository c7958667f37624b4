"""The sandbox's Vonage on the wire: shapes, refusals, credentials and reports as the vendor documents them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests

from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox

KEY, SECRET = "abcd1234", "a secret"
FORM = {"from": "AURORA", "to": "4915112345670", "text": "Hello"}
REPORT = {"account_id": KEY, "product": "SMS", "direction": "outbound"}
DAY = {"date_start": "2000-01-01T00:00:00Z", "date_end": "2000-01-02T00:00:00Z"}


class Client:
    """A client of one sandbox's Vonage."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (KEY, SECRET)

    def send(self, **form: str) -> dict[str, Any]:
        answer = self.session.post(f"{self.sandbox.url}/vonage/sms/json", data={**FORM, **form}, timeout=10)
        assert answer.status_code == 200
        return dict(answer.json())

    def get(self, path: str, **query: str) -> requests.Response:
        return self.session.get(f"{self.sandbox.url}/vonage{path}", params=query, timeout=10)


@pytest.fixture
def client() -> Iterator[Client]:
    scenario = {"latency_ms": 0, "delivery_ms": 0, "prices": {"FR": "0.05"}, "credentials": {"vonage": [KEY, SECRET]}}
    with Sandbox(Scenario.from_json(scenario)) as sandbox:
        made = Client(sandbox)
        yield made
        made.session.close()


def test_a_send_is_answered_segment_by_segment(client: Client) -> None:
    answer = client.send(to="33612345678", text="x" * 200, **{"client-ref": "label"})
    assert answer["message-count"] == "2"
    assert [row["status"] for row in answer["messages"]] == ["0", "0"]
    assert {row["message-price"] for row in answer["messages"]} == {"0.05000000"}
    assert {row["client-ref"] for row in answer["messages"]} == {"label"}
    assert len({row["message-id"] for row in answer["messages"]}) == 2


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": ""}, "2"), ({"from": ""}, "2"), ({"text": ""}, "2"), ({"to": "12"}, "6"), ({"from": "TWELVE CHARS"}, "15"),
        ({"text": "x" * 3201}, "12"), ({"type": "wap"}, "3"), ({"client-ref": "x" * 101}, "3"),
    ],
)  # fmt: skip
def test_a_refusal_comes_with_status_200(client: Client, form: dict[str, str], code: str) -> None:
    (row,) = client.send(**form)["messages"]
    assert (row["status"], bool(row["error-text"])) == (code, True)


def test_letters_outside_gsm_7_are_lost_without_type_unicode(client: Client) -> None:
    client.send(text="Aж€")
    client.send(text="Aж€", type="unicode")
    assert [one["body"] for one in client.session.get(f"{client.sandbox.url}/_sandbox/messages", timeout=10).json()] == [
        "A?€", "Aж€",
    ]  # fmt: skip


def test_credentials_may_stand_among_the_fields_and_are_checked(client: Client) -> None:
    client.session.auth = None
    assert client.send(api_key=KEY, api_secret=SECRET)["messages"][0]["status"] == "0"
    assert client.send(api_key=KEY, api_secret="other")["messages"][0]["status"] == "4"
    assert client.get("/account/get-balance").status_code == 401
    assert client.get("/account/get-balance", api_key=KEY, api_secret=SECRET).json() == {
        "value": 100,
        "autoReload": False,
    }


def test_prices_of_one_country_are_those_of_the_table(client: Client) -> None:
    table = client.get("/account/get-full-pricing/outbound/sms").json()
    assert table["count"] == str(len(table["countries"]))
    germany = client.get("/account/get-pricing/outbound/sms", country="de").json()
    assert germany in table["countries"]
    assert germany["dialingPrefix"] == "49"
    assert all(str(prefix).startswith("49") for one in germany["networks"] for prefix in one.get("ranges", ()))
    assert client.get("/account/get-pricing/outbound/sms", country="ZZ").status_code == 404


def test_what_a_message_costs_is_the_price_of_its_network(client: Client) -> None:
    networks = {
        one.get("mnc"): one for one in client.get("/account/get-pricing/outbound/sms", country="DE").json()["networks"]
    }
    for number, mnc in (("4915212345670", "02"), ("4915112345670", "03"), ("4915121345670", "01")):
        (row,) = client.send(to=number)["messages"]
        assert Decimal(row["message-price"]) == Decimal(networks[mnc]["price"])
        assert row["network"] == "262" + mnc


def test_records_are_found_by_id_and_by_time_with_their_text(client: Client) -> None:
    first, second = (row["message-id"] for row in client.send(text="x" * 200)["messages"])
    found = client.get("/v2/reports/records", **REPORT, id=f"{second},0A0000000123ABC1").json()
    assert [row["message_id"] for row in found["records"]] == [second]
    assert found["items_count"] == 1
    assert "message_body" not in found["records"][0]
    assert client.get("/v2/reports/records", **REPORT, **DAY).json()["records"] == []
    assert first != second


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({**REPORT, "account_id": "other123", "id": "x"}, 403), ({**REPORT, "product": "VOICE-CALL", "id": "x"}, 422),
        (REPORT, 422), ({**REPORT, **DAY, "date_end": "2000-01-02T00:00:01Z"}, 422),
    ],
)  # fmt: skip
def test_a_report_that_asks_wrongly_is_refused(client: Client, query: dict[str, str], status: int) -> None:
    assert client.get("/v2/reports/records", **query).status_code == status


def test_an_unknown_page_is_not_found(client: Client) -> None:
    assert client.get("/account/elsewhere").status_code == 404
