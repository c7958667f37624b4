"""The server itself: connections, the control pages, starting and stopping."""

import socket
import threading
import time
from typing import Any

import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox

# Threads that ran before the test: other suites keep a sandbox for a whole session.
OTHERS: set[threading.Thread] = set()


@pytest.fixture(autouse=True)
def _other_sandboxes() -> None:
    OTHERS.clear()
    OTHERS.update(threading.enumerate())


def sandbox_threads() -> list[str]:
    """Return the names of the threads that this test's sandboxes have running."""
    return [one.name for one in threading.enumerate() if one.name.startswith("sandbox-") and one not in OTHERS]


def test_many_requests_share_one_connection(client: Any) -> None:
    connection = client.raw(client.send_bytes() * 3)
    client.wait_for_accepted(3)
    heads = []
    for _ in range(3):
        heads.append(client.read_head(connection))
        client.read_exactly(connection, int(heads[-1].partition(b"Content-Length: ")[2].partition(b"\r\n")[0]))

    assert all(head.startswith(b"HTTP/1.1 201 Created\r\nDate: ") for head in heads)


@pytest.mark.parametrize(("version", "header"), [("1.0", ""), ("1.1", "Connection: close\r\n")])
def test_the_connection_ends_where_the_client_asks_for_it(client: Any, version: str, header: str) -> None:
    request = client.send_bytes().replace(b"HTTP/1.1\r\n", f"HTTP/{version}\r\n{header}".encode())

    answer = client.read_all(client.raw(request))

    assert b"\r\nConnection: close\r\n" in answer


def test_a_request_may_come_in_pieces(client: Any) -> None:
    connection = client.raw()
    for byte in client.send_bytes():
        connection.sendall(bytes([byte]))

    assert client.read_head(connection).startswith(b"HTTP/1.1 201 ")


def test_a_client_that_asks_whether_to_go_on_is_told_to(client: Any) -> None:
    head, _, body = client.send_bytes().partition(b"\r\n\r\n")
    connection = client.raw(head + b"\r\nExpect: 100-continue\r\n\r\n")

    assert client.read_head(connection) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(body)
    assert client.read_head(connection).startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET noslash HTTP/1.1\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 70000,
    ],
)
def test_what_is_no_request_gets_400_and_the_end(client: Any, request_bytes: bytes) -> None:
    answer = client.read_all(client.raw(request_bytes))

    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b'"code":"bad_request"' in answer


def test_a_client_that_leaves_in_the_middle_harms_nobody(client: Any) -> None:
    client.raw(client.send_bytes()[:-3]).close()
    client.raw(b"POST /twilio").close()

    assert client.send().status_code == 201
    assert len(client.accepted()) == 1


def test_a_place_where_nobody_lives_says_who_does(client: Any) -> None:
    reply = client.session.get(client.sandbox.url + "/nowhere", timeout=10)

    assert reply.status_code == 404
    assert "/twilio" in reply.json()["error"]["message"]
    assert client.session.get(client.sandbox.url + "/_sandbox/nothing", timeout=10).status_code == 404


def test_the_scenario_is_merged_while_it_runs_and_messages_stay(client: Any) -> None:
    client.send()
    answer = client.change(balance="7.5", prices={"DE": "0.5"})

    assert answer.status_code == 200
    assert answer.json()["balance"] == "7.5"
    assert client.session.get(client.sandbox.url + "/_sandbox/scenario", timeout=10).json() == answer.json()
    assert client.get(f"/2010-04-01/Accounts/{client.account}/Balance.json").json()["balance"] == "7.5"
    germany = client.get("/v1/Messaging/Countries/DE").json()["outbound_sms_prices"]
    assert {price["current_price"] for row in germany for price in row["prices"]} == {"0.5"}
    assert len(client.accepted()) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{", None),
        ("[" * 100000, None),
        (b"\xff", None),
        ("[]", "scenario"),
        ('{"faults":[{"mode":"x"}]}', "faults[0].mode"),
        ('{"prices":{"XX":"0.1"}}', "prices.XX"),
    ],
)
def test_a_scenario_that_cannot_be_used_changes_nothing(client: Any, body: str, field: str | None) -> None:
    url = client.sandbox.url + "/_sandbox/scenario"
    before = client.session.get(url, timeout=10).json()

    reply = client.session.post(url, data=body, timeout=10)

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "invalid_input")
    assert list(reply.json()["error"]["fields"]) == ([field] if field else [])
    assert client.session.get(url, timeout=10).json() == before


def test_stopping_leaves_no_thread_whatever_the_clients_do(start: Any) -> None:
    client = start(latency_ms=3600_000)
    client.raw()
    client.raw(b"POST /twilio/2010-04-01 HT")
    client.raw(client.send_bytes())
    client.wait_for_accepted(1)
    for count, mode in enumerate(
        ("huge_body", "slow_body", "half_close", "informational_flood", "late_accept"), start=2
    ):
        client.change(faults=[{"mode": mode, "seconds": 3600}])
        client.raw(client.send_bytes())
        client.wait_for_accepted(count)
    client.change(faults=[{"mode": "hang"}])
    client.raw(client.send_bytes())
    client.accepted()
    assert len(sandbox_threads()) > 10

    client.sandbox.stop()

    assert sandbox_threads() == []


def test_stopping_twice_and_before_starting_is_fine() -> None:
    sandbox = Sandbox()
    sandbox.stop()
    with sandbox:
        pass
    sandbox.stop()

    assert sandbox_threads() == []


def test_it_comes_back_on_the_same_port_with_what_it_had(client: Any) -> None:
    url = client.sandbox.url
    client.send()
    client.sandbox.stop()
    with pytest.raises(ConnectionRefusedError):
        client.raw()

    client.sandbox.start()

    assert client.sandbox.url == url
    assert len(client.accepted()) == 1


def test_two_run_side_by_side(start: Any) -> None:
    first, second = start(), start()
    first.send()

    assert first.sandbox.url != second.sandbox.url
    assert second.accepted() == []


def test_serving_for_ever_ends_with_stop_in_another_thread() -> None:
    sandbox = Sandbox()
    serving = threading.Thread(target=sandbox.serve_forever)
    serving.start()
    deadline = time.monotonic() + 10
    while sandbox.url.endswith(":0"):
        assert time.monotonic() < deadline, "it does not start"

    sandbox.stop()
    serving.join()

    assert sandbox_threads() == []


def test_serving_for_ever_ends_with_an_exception_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox()

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sandbox._stopping, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sandbox.serve_forever()

    assert sandbox_threads() == []


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InvalidInput) as caught:
            Sandbox(port=port).start()

    assert caught.value.fields == {"port": str(port)}
    assert sandbox_threads() == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "example.com", ""])
def test_it_listens_on_this_machine_only(host: str) -> None:
    with pytest.raises(InvalidInput):
        Sandbox(host=host)


def test_the_address_may_be_of_the_newer_kind() -> None:
    assert Sandbox(host="::1", port=8080).url == "http://[::1]:8080"


def test_a_scenario_for_a_country_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput):
        Sandbox(Scenario.from_json({"prices": {"XX": "0.1"}}))


def test_many_clients_at_once_lose_nothing(start: Any) -> None:
    client = start(latency_ms=1)
    connections = [client.raw(client.send_bytes(f"+49151{number:08}")) for number in range(100)]
    for connection in connections:
        assert client.read_head(connection).startswith(b"HTTP/1.1 201 ")

    assert len({message["id"] for message in client.accepted()}) == 100
