"""One exchange over real loopback sockets: deadline, limits, and what is certain about the first byte."""

import gzip
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.providers import wire
from desktop_app.providers.base import HTTPFailure, HTTPReply, HTTPRequest, HTTPResult
from desktop_app.providers.channel import Channel
from tests.fixtures.raw_server import BODY, RawServer, Talk, answering, reply

SECRET = "c2VjcmV0LXRoYXQtbXVzdC1ub3QtbGVhaw"
TEXT = b"Body=private-text"
CAP = 256 * 1024
Serve = Callable[..., RawServer]


def post(url: str) -> HTTPRequest:
    return HTTPRequest("POST", url + "/send", {"Authorization": "Basic " + SECRET}, TEXT)


def exchange(channel: Channel, url: str, seconds: float = 5.0, cap: int = CAP, **options: Any) -> HTTPResult:
    return channel.exchange(post(url), deadline_seconds=seconds, max_bytes=cap, **options)


def failure(result: HTTPResult) -> HTTPFailure:
    assert isinstance(result, HTTPFailure)
    assert SECRET not in repr(result)
    assert "private-text" not in repr(result)
    return result


def once(answer: bytes, *, then_close: bool = True) -> Callable[[Talk], None]:
    def behave(talk: Talk) -> None:
        talk.read_request()
        talk.send(answer)
        if not then_close:
            talk.wait_until_client_leaves()

    return behave


def test_a_good_answer_is_complete_and_the_request_arrived_exactly_as_built(serve: Serve, channel: Channel) -> None:
    server = serve(answering(reply(BODY, "X-Name: Value", status="201 Created")))
    result = exchange(channel, server.url)
    assert isinstance(result, HTTPReply)
    assert (result.status, result.headers["x-name"], result.body) == (201, "Value", BODY)
    (request,) = server.requests
    head, body = request.split(b"\r\n\r\n")
    assert head.startswith(b"POST /send HTTP/1.1\r\n")
    assert b"Accept-Encoding: identity" in head
    assert f"Content-Length: {len(TEXT)}".encode() in head
    assert f"Authorization: Basic {SECRET}".encode() in head
    assert body == TEXT


def test_a_get_has_no_body_and_keeps_its_query(serve: Serve, channel: Channel) -> None:
    server = serve(answering(reply()))
    channel.exchange(HTTPRequest("GET", server.url + "/a?To=%2B49"), deadline_seconds=5, max_bytes=CAP)
    assert server.requests[0].startswith(b"GET /a?To=%2B49 HTTP/1.1\r\n")
    assert b"content-length" not in server.requests[0].lower()


def test_the_connection_is_kept_for_the_next_exchange(serve: Serve, channel: Channel) -> None:
    server = serve(answering(reply()))
    for _ in range(5):
        assert isinstance(exchange(channel, server.url), HTTPReply)
    assert server.connections == 1


def test_a_connection_dropped_while_idle_is_replaced_and_the_request_is_sent_once(
    serve: Serve, channel: Channel
) -> None:
    closed = threading.Event()

    def behave(talk: Talk) -> None:
        talk.read_request()
        talk.send(reply())
        talk.sock.close()
        closed.set()

    server = serve(behave)
    assert isinstance(exchange(channel, server.url), HTTPReply)
    assert closed.wait(5)
    assert isinstance(exchange(channel, server.url), HTTPReply)
    assert len(server.requests) == 2


def test_a_reset_on_a_reused_connection_is_in_doubt_and_never_repeated(serve: Serve, channel: Channel) -> None:
    def behave(talk: Talk) -> None:
        talk.read_request()
        talk.send(reply())
        talk.read_request()
        talk.reset()

    server = serve(behave)
    assert isinstance(exchange(channel, server.url), HTTPReply)
    assert failure(exchange(channel, server.url)).sent
    assert len(server.requests) == 2
    assert server.connections == 1


def drip_headers(talk: Talk) -> None:
    talk.read_request()
    talk.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 5000)


def drip_body(talk: Talk) -> None:
    talk.read_request()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    talk.drip(b"a" * 5000)


def hang(talk: Talk) -> None:
    talk.read_request()
    talk.wait_until_client_leaves()


def flood_of_interim_answers(talk: Talk) -> None:
    talk.read_request()
    while not talk_stopped(talk):
        talk.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def slow_flood_of_interim_answers(talk: Talk) -> None:
    talk.read_request()
    talk.drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 200)


def talk_stopped(talk: Talk) -> bool:
    return talk._server.stopping.is_set()


@pytest.mark.parametrize("behave", [drip_headers, drip_body, hang, slow_flood_of_interim_answers])
def test_the_total_deadline_holds_against_a_server_that_drips(
    serve: Serve, channel: Channel, behave: Callable[[Talk], None]
) -> None:
    server = serve(behave)
    result = failure(exchange(channel, server.url, seconds=0.4))
    assert result.sent
    assert "0.4 seconds" in result.detail
    assert server.bytes_sent < 1000  # it left long before the drip was over


def test_a_fast_flood_of_interim_answers_ends_at_the_byte_limit(serve: Serve, channel: Channel) -> None:
    server = serve(flood_of_interim_answers)
    result = failure(exchange(channel, server.url, seconds=30))
    assert result.sent
    assert "too large" in result.detail


def test_a_huge_body_is_dropped_at_the_cap_and_not_read_to_its_end(serve: Serve, channel: Channel) -> None:
    def behave(talk: Talk) -> None:
        talk.read_request()
        talk.send(b"HTTP/1.1 201 Created\r\nContent-Length: 400000000\r\n\r\n")
        for _ in range(400):
            talk.send(b"x" * 1_000_000)

    server = serve(behave)
    assert failure(exchange(channel, server.url)).sent
    channel.close()
    assert server.bytes_sent < 40_000_000  # what socket buffers hold, not the body


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
def test_the_cap_is_exact(serve: Serve, channel: Channel, size: int, fits: bool) -> None:
    server = serve(answering(reply(b"x" * size)))
    assert isinstance(exchange(channel, server.url, cap=1000), HTTPReply) is fits


def test_a_head_without_end_is_dropped(serve: Serve, channel: Channel) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"a" * 60_000) for i in range(90))
    server = serve(once(head + b"Content-Length: 0\r\n\r\n"))
    assert failure(exchange(channel, server.url)).sent


def test_a_compressed_answer_is_refused_unread(serve: Serve, channel: Channel) -> None:
    bomb = gzip.compress(b"0" * 30_000_000)
    server = serve(answering(reply(bomb, "Content-Encoding: gzip", status="201 Created")))
    result = failure(exchange(channel, server.url))
    assert result.sent
    assert "compressed" in result.detail


def test_a_redirect_is_an_answer_and_is_not_followed(serve: Serve, channel: Channel) -> None:
    other = serve(answering(reply()))
    server = serve(answering(reply(b"", f"Location: {other.url}/steal", status="307 Temporary Redirect")))
    result = exchange(channel, server.url)
    assert isinstance(result, HTTPReply)
    assert result.status == 307
    assert len(server.requests) == 1
    assert other.connections == 0


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="closed without answer"),
        pytest.param(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{", id="body cut"),
        pytest.param(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", id="chunk cut"),
        pytest.param(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}", id="chunk size no number"),
        pytest.param(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}", id="chunk size negative"),
        pytest.param(
            b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}", id="chunk huge"
        ),
        pytest.param(
            b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            id="length and chunks",
        ),
        pytest.param(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}", id="two lengths"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\n\r\n" + reply(), id="early hints"),
        pytest.param(b"HTTP/1.1 200 OK\r\nbroken header line\r\nContent-Length: 2\r\n\r\n{}", id="broken header"),
        pytest.param(b"not HTTP at all\r\n\r\n", id="no HTTP"),
        pytest.param(b"HTTP/1.1 99999 Odd\r\n\r\n", id="status out of range"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200 + b"\r\n", id="too many headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", id="header line too long"),
    ],
)
def test_an_answer_that_is_not_certainly_whole_is_in_doubt(serve: Serve, channel: Channel, answer: bytes) -> None:
    server = serve(once(answer))
    result = failure(exchange(channel, server.url))
    assert result.sent
    assert len(server.requests) == 1


def test_what_follows_a_doubtful_answer_is_never_the_answer_to_the_next_request(serve: Serve, channel: Channel) -> None:
    numbers = iter(range(1, 100))

    def behave(talk: Talk) -> None:
        first = next(numbers)
        talk.read_request()
        if first == 1:
            talk.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" + reply(b"to the first"))
            talk.wait_until_client_leaves()
        else:
            talk.send(reply(b"to the second"))

    server = serve(behave)
    assert failure(exchange(channel, server.url)).sent
    result = exchange(channel, server.url)
    assert isinstance(result, HTTPReply)
    assert result.body == b"to the second"


def test_a_second_answer_to_one_request_is_never_taken_for_the_answer_to_the_next(
    serve: Serve, channel: Channel
) -> None:
    server = serve(answering(reply(b"asked for") + reply(b"smuggled")))
    for _ in range(20):
        result = exchange(channel, server.url)
        assert isinstance(result, HTTPReply)
        assert result.body == b"asked for"


def test_reset_before_and_after_the_provider_accepted_look_the_same(serve: Serve, channel: Channel) -> None:
    before = serve(lambda talk: (talk.read_request(), talk.reset()))

    def after(talk: Talk) -> None:
        talk.read_request()
        talk.send(b"HTTP/1.1 201 Created\r\n")
        talk.reset()

    results = [failure(exchange(channel, server.url)) for server in (before, serve(after))]
    assert [result.sent for result in results] == [True, True]
    assert results[0] == results[1]


# --- certain that nothing was sent -------------------------------------------------------------------------------------


def test_a_refused_port_is_not_sent(serve: Serve, channel: Channel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert not failure(exchange(channel, f"http://127.0.0.1:{port}")).sent


def test_an_unknown_name_is_not_sent(monkeypatch: pytest.MonkeyPatch, channel: Channel) -> None:
    def unknown(*args: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = failure(exchange(channel, "http://nonexistent.invalid"))
    assert not result.sent
    assert result.detail == "The name nonexistent.invalid was not found."


def test_a_full_backlog_ends_at_the_connect_timeout_and_is_not_sent() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    fillers = [socket.socket() for _ in range(4)]
    channel = Channel(connect_seconds=0.2)
    try:
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        assert not failure(exchange(channel, f"http://127.0.0.1:{port}", seconds=1)).sent
    finally:
        for sock in (*fillers, listener):
            sock.close()


def test_a_deadline_that_passed_while_the_name_was_looked_up_sends_nothing(
    serve: Serve, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(answering(reply()))
    found = socket.getaddrinfo("127.0.0.1", server.port, type=socket.SOCK_STREAM)
    passed = threading.Event()

    def slow(*args: object, **options: object) -> object:
        passed.wait(0.2)
        return found

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    assert not failure(exchange(channel, server.url, seconds=0.1)).sent
    assert server.requests == []


def test_a_no_from_may_send_sends_nothing_and_is_asked_with_the_connection_open(serve: Serve, channel: Channel) -> None:
    accepted = threading.Event()

    def behave(talk: Talk) -> None:
        accepted.set()
        talk.read_request()

    server = serve(behave)
    asked: list[bool] = []

    def may_send() -> bool:
        asked.append(accepted.wait(5))
        return False

    assert not failure(exchange(channel, server.url, may_send=may_send)).sent
    assert asked == [True]
    assert server.requests == []


def test_may_send_is_asked_once_for_each_exchange_also_on_a_kept_connection(serve: Serve, channel: Channel) -> None:
    server = serve(answering(reply()))
    answers = iter([True, True, False])
    results = [exchange(channel, server.url, may_send=lambda: next(answers)) for _ in range(3)]
    assert [isinstance(result, HTTPReply) for result in results] == [True, True, False]
    assert len(server.requests) == 2


def test_an_error_in_may_send_sends_nothing_and_is_not_swallowed(serve: Serve, channel: Channel) -> None:
    server = serve(answering(reply()))
    with pytest.raises(ZeroDivisionError):
        exchange(channel, server.url, may_send=lambda: bool(1 // 0))
    assert server.requests == []


@pytest.mark.parametrize("header", ["a\r\nX-Injected: 1", "é\u0100"])
def test_a_header_that_cannot_be_sent_sends_nothing(serve: Serve, channel: Channel, header: str) -> None:
    server = serve(answering(reply()))
    request = HTTPRequest("POST", server.url, {"X-Odd": header}, b"")
    result = channel.exchange(request, deadline_seconds=5, max_bytes=CAP)
    assert not failure(result).sent
    assert server.requests == []


# --- TLS and addresses -------------------------------------------------------------------------------------------------


def anywhere(scheme: str, address: str) -> bool:
    return True


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_tls_with_the_right_certificate_works_and_keeps_the_limits(
    serve: Serve, make_certificate: Callable[..., Path]
) -> None:
    certificate = make_certificate()
    channel = Channel(tls=wire.tls_context(str(certificate)), may_connect=anywhere)
    good = serve(answering(reply()), server_context(certificate))
    slow = serve(drip_body, server_context(certificate))
    assert isinstance(exchange(channel, good.url), HTTPReply)
    assert isinstance(exchange(channel, good.url), HTTPReply)
    assert good.connections == 1
    assert failure(exchange(channel, slow.url, seconds=0.5)).sent
    assert slow.bytes_sent < 1000
    channel.close()


@pytest.mark.parametrize(
    ("name", "days", "trusted"), [("127.0.0.1", 1, False), ("other.example", 1, True), ("127.0.0.1", -1, True)]
)
def test_a_certificate_that_is_foreign_wrong_or_expired_is_not_sent(
    serve: Serve, make_certificate: Callable[..., Path], name: str, days: int, trusted: bool
) -> None:
    certificate = make_certificate(name, days)
    authority = certificate if trusted else make_certificate("authority.example")
    server = serve(answering(reply()), server_context(certificate))
    channel = Channel(tls=wire.tls_context(str(authority)), may_connect=anywhere)
    result = failure(exchange(channel, server.url))
    assert not result.sent
    assert "secure" in result.detail
    assert server.requests == []


def test_tls_to_a_plain_port_is_not_sent(serve: Serve) -> None:
    server = serve(answering(reply()))
    channel = Channel(may_connect=anywhere)
    assert not failure(exchange(channel, server.url.replace("http:", "https:"))).sent


def test_a_tls_handshake_that_hangs_ends_at_the_deadline_and_is_not_sent(serve: Serve) -> None:
    server = serve(lambda talk: talk.wait_until_client_leaves())
    channel = Channel(may_connect=anywhere)
    assert not failure(exchange(channel, server.url.replace("http:", "https:"), seconds=0.3)).sent


def test_tls_is_never_older_than_1_2(serve: Serve, make_certificate: Callable[..., Path]) -> None:
    certificate = make_certificate()
    context = wire.tls_context(str(certificate))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("url", ["https://127.0.0.1", "http://10.1.2.3", "https://169.254.169.254"])
def test_an_address_that_the_scheme_may_not_reach_gets_no_connection(channel: Channel, url: str) -> None:
    assert not failure(exchange(channel, url)).sent


def test_nothing_secret_is_logged_whatever_happens(
    serve: Serve, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    behaviours = [
        answering(reply(b'{"body":"private-text"}')),
        once(b"HTTP/1.1 200 OK\r\nsecret answer\r\n\r\n"),
        drip_body,
    ]
    for behave in behaviours:
        exchange(channel, serve(behave).url, seconds=0.5)
    assert SECRET not in caplog.text
    assert "private-text" not in caplog.text
    assert "secret answer" not in caplog.text


def test_the_request_and_a_failure_do_not_show_their_secrets() -> None:
    assert SECRET not in repr(post("http://127.0.0.1"))
    assert "private-text" not in repr(post("http://127.0.0.1"))


def test_netrc_and_proxies_of_the_environment_are_ignored(
    serve: Serve, channel: Channel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    trap = serve(answering(reply()))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, trap.url)
    server = serve(answering(reply()))
    assert isinstance(exchange(channel, server.url), HTTPReply)
    assert f"Authorization: Basic {SECRET}".encode() in server.requests[0]
    assert trap.connections == 0
