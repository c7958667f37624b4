"""The send path: each request once, any order, all limits."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from desktop_app.providers.base import HTTPFailure, HTTPReply, HTTPRequest, HTTPResult, SendTransport
from desktop_app.providers.transport import RequestsTransport
from tests.fixtures.raw_server import RawServer, Talk, answering, reply

Serve = Callable[..., RawServer]


@pytest.fixture
def open_transport() -> Iterator[Callable[..., RequestsTransport]]:
    transports: list[RequestsTransport] = []

    def start(*args: int, **options: float) -> RequestsTransport:
        transport = RequestsTransport(*args, **options)  # type: ignore[arg-type]
        transports.append(transport)
        return transport

    yield start
    for transport in transports:
        transport.close()


def yes() -> bool:
    return True


def post(server: RawServer, number: int) -> HTTPRequest:
    return HTTPRequest("POST", f"{server.url}/{number}", {}, b"number=%d" % number)


def collect_all(transport: SendTransport, count: int) -> dict[int, HTTPResult]:
    results: dict[int, HTTPResult] = {}
    while len(results) < count:
        batch = transport.collect(10)
        assert batch, "no result for ten seconds"
        for key, result in batch:
            assert key not in results
            results[key] = result
    return results


def echo(talk: Talk) -> None:
    while (request := talk.read_request()) is not None:
        talk.send(reply(request.split(b"\r\n\r\n")[1], status="201 Created"))


def test_two_hundred_sends_over_eight_connections_are_posted_exactly_once(
    serve: Serve, open_transport: Callable[..., RequestsTransport]
) -> None:
    server = serve(echo)
    transport = open_transport(8)
    for number in range(200):
        transport.submit(number, post(server, number), yes)
    results = collect_all(transport, 200)
    for number, result in results.items():
        assert isinstance(result, HTTPReply)
        assert result.body == b"number=%d" % number
    posted = Counter(request.split(b"\r\n\r\n")[1] for request in server.requests)
    assert posted == {b"number=%d" % number: 1 for number in range(200)}
    assert server.connections <= 8
    assert transport.in_flight == 0


def test_a_slow_send_does_not_hold_up_the_others(
    serve: Serve, open_transport: Callable[..., RequestsTransport]
) -> None:
    release = threading.Event()

    def behave(talk: Talk) -> None:
        while (request := talk.read_request()) is not None:
            if b"number=0" in request:
                release.wait(10)
            talk.send(reply())

    server = serve(behave)
    transport = open_transport(2)
    for number in range(20):
        transport.submit(number, post(server, number), yes)
    fast = collect_all(transport, 19)
    assert set(fast) == set(range(1, 20))
    assert transport.in_flight == 1
    release.set()
    assert set(collect_all(transport, 1)) == {0}


def test_may_send_decides_immediately_before_the_first_byte(
    serve: Serve, open_transport: Callable[..., RequestsTransport]
) -> None:
    server = serve(answering(reply()))
    transport = open_transport(4)
    for number in range(40):
        transport.submit(number, post(server, number), lambda number=number: number % 2 == 0)  # type: ignore[misc]
    results = collect_all(transport, 40)
    for number, result in results.items():
        if number % 2:
            assert result == HTTPFailure(sent=False, detail="It was stopped before anything was sent.")
        else:
            assert isinstance(result, HTTPReply)
    assert len(server.requests) == 20


def test_each_send_has_its_deadline_and_is_then_in_doubt(
    serve: Serve, open_transport: Callable[..., RequestsTransport]
) -> None:
    def hang(talk: Talk) -> None:
        talk.read_request()
        talk.wait_until_client_leaves()

    server = serve(hang)
    transport = open_transport(4, deadline_seconds=0.3)
    for number in range(8):
        transport.submit(number, post(server, number), yes)
    for result in collect_all(transport, 8).values():
        assert isinstance(result, HTTPFailure)
        assert result.sent
    assert len(server.requests) == 8


@pytest.mark.parametrize(
    "answer", [b"", reply(status="500 Oops"), reply(status="429 Slow"), reply(b"", "Location: /x", status="307 There")]
)
def test_a_send_is_never_repeated(
    serve: Serve, open_transport: Callable[..., RequestsTransport], answer: bytes
) -> None:
    def behave(talk: Talk) -> None:
        while talk.read_request() is not None and answer:
            talk.send(answer)

    server = serve(behave)
    transport = open_transport(4)
    for number in range(20):
        transport.submit(number, post(server, number), yes)
    collect_all(transport, 20)
    assert len(server.requests) == 20


def test_nobody_listening_is_certain_not_to_be_sent(open_transport: Callable[..., RequestsTransport]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    transport = open_transport(2)
    transport.submit(1, HTTPRequest("POST", url, {}, b"x"), yes)
    result = collect_all(transport, 1)[1]
    assert isinstance(result, HTTPFailure)
    assert not result.sent


def test_an_answer_over_the_cap_is_in_doubt(serve: Serve, open_transport: Callable[..., RequestsTransport]) -> None:
    server = serve(answering(reply(b"x" * (256 * 1024 + 1))))
    transport = open_transport(1)
    transport.submit(1, post(server, 1), yes)
    result = collect_all(transport, 1)[1]
    assert isinstance(result, HTTPFailure)
    assert result.sent


def test_collect_without_anything_returns_empty(open_transport: Callable[..., RequestsTransport]) -> None:
    transport = open_transport(1)
    assert transport.collect(0) == []
    assert transport.collect(-1) == []
    assert transport.in_flight == 0


def test_close_lets_running_sends_end_and_sends_no_queued_one(serve: Serve) -> None:
    began, release = threading.Event(), threading.Event()

    def behave(talk: Talk) -> None:
        talk.read_request()
        began.set()
        release.wait(10)
        talk.send(reply())

    server = serve(behave)
    transport = RequestsTransport(1)
    workers = [thread for thread in threading.enumerate() if thread.name.startswith("send-transport-")]
    for number in range(5):
        transport.submit(number, post(server, number), yes)
    assert began.wait(5)
    closer = threading.Thread(target=transport.close)
    closer.start()
    assert transport._closing.wait(5)
    release.set()
    closer.join(10)
    assert not any(worker.is_alive() for worker in workers)
    results = collect_all(transport, 5)
    assert isinstance(results[0], HTTPReply)
    assert [isinstance(results[n], HTTPFailure) for n in range(1, 5)] == [True] * 4
    assert len(server.requests) == 1


def test_the_workers_are_named_and_gone_after_close() -> None:
    transport = RequestsTransport(3)
    names = {thread.name for thread in threading.enumerate()}
    assert {"send-transport-1", "send-transport-2", "send-transport-3"} <= names
    transport.close()
    assert not any(thread.name.startswith("send-transport-") for thread in threading.enumerate())
