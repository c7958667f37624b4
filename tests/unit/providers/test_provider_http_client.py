"""Short calls of one account: retries of GET only, the secret on its own host only."""

import threading
from collections.abc import Callable, Iterator

import pytest

from desktop_app.domain.errors import ProviderAnswerError, ProviderUnreachable
from desktop_app.providers.base import HTTPRequest
from desktop_app.providers.hosts import origin_of
from desktop_app.providers.http import HTTPClient
from tests.fixtures.raw_server import RawServer, Talk, answering, reply

SECRET = "c2VjcmV0LXRoYXQtbXVzdC1ub3QtbGVhaw"
Serve = Callable[..., RawServer]


class Pauses(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def open_client() -> Iterator[Callable[..., HTTPClient]]:
    clients: list[HTTPClient] = []

    def start(server: RawServer, **options: object) -> HTTPClient:
        options.setdefault("pause", Pauses())
        client = HTTPClient("main", [origin_of(server.url) or ""], **options)  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield start
    for client in clients:
        client.close()


def get(server: RawServer, path: str = "/x") -> HTTPRequest:
    return HTTPRequest("GET", server.url + path, {"Authorization": "Basic " + SECRET})


def in_turn(*answers: bytes | None) -> Callable[[Talk], None]:
    """Give each request the next answer; None resets the connection."""
    left = iter(answers)

    def behave(talk: Talk) -> None:
        while talk.read_request() is not None:
            answer = next(left)
            if answer is None:
                talk.reset()
                return
            talk.send(answer)

    return behave


DOWN = reply(status="503 Service Unavailable")
THROTTLED = reply(b"", "Retry-After: 3", status="429 Too Many Requests")


def test_a_get_is_tried_again_and_the_waits_are_kept(serve: Serve, open_client: Callable[..., HTTPClient]) -> None:
    server = serve(in_turn(None, THROTTLED, reply()))
    pauses = Pauses()
    assert open_client(server, pause=pauses)(get(server)).status == 200
    assert pauses == [0.5, 3.0]
    assert len(server.requests) == 3


def test_after_three_tries_the_last_answer_stands(serve: Serve, open_client: Callable[..., HTTPClient]) -> None:
    server = serve(answering(DOWN))
    assert open_client(server)(get(server)).status == 503
    assert len(server.requests) == 3


def test_a_wait_beyond_the_deadline_is_not_begun(serve: Serve, open_client: Callable[..., HTTPClient]) -> None:
    server = serve(answering(reply(b"", "Retry-After: 1000000000", status="429 Too Many Requests")))
    pauses = Pauses()
    assert open_client(server, pause=pauses)(get(server)).status == 429
    assert pauses == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "404 Not Found", "302 Found", "501 No"])
def test_a_decided_answer_is_not_asked_for_again(
    serve: Serve, open_client: Callable[..., HTTPClient], status: str
) -> None:
    server = serve(answering(reply(status=status)))
    open_client(server)(get(server))
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [None, DOWN, THROTTLED])
def test_only_a_get_is_tried_again(serve: Serve, open_client: Callable[..., HTTPClient], answer: bytes | None) -> None:
    server = serve(in_turn(answer))
    client = open_client(server)
    request = HTTPRequest("POST", server.url, {}, b"x")
    if answer is None:
        with pytest.raises(ProviderUnreachable):
            client(request)
    else:
        client(request)
    assert len(server.requests) == 1


def test_no_answer_at_all_is_one_sentence_with_the_account(
    serve: Serve, open_client: Callable[..., HTTPClient]
) -> None:
    server = serve(lambda talk: (talk.read_request(), talk.reset()))
    with pytest.raises(ProviderUnreachable) as caught:
        open_client(server)(get(server))
    assert caught.value.retryable
    assert caught.value.user_message.startswith("“main”: ")
    assert SECRET not in caught.value.user_message
    assert len(server.requests) == 3


def test_the_deadline_holds_for_all_tries_together(serve: Serve, open_client: Callable[..., HTTPClient]) -> None:
    def hang(talk: Talk) -> None:
        talk.read_request()
        talk.wait_until_client_leaves()

    server = serve(hang)
    with pytest.raises(ProviderUnreachable, match=r"0\.3 seconds"):
        open_client(server, deadline_seconds=0.3)(get(server))
    assert len(server.requests) == 1


@pytest.mark.parametrize("path", ["http://127.0.0.1:1/x", "https://evil.io/x", "http://localhost/x", "/x", ""])
def test_the_secret_goes_to_no_other_host(serve: Serve, open_client: Callable[..., HTTPClient], path: str) -> None:
    server = serve(answering(reply()))
    with pytest.raises(ProviderAnswerError, match="foreign address"):
        open_client(server)(HTTPRequest("GET", path, {"Authorization": SECRET}))
    assert server.connections == 0


def test_a_body_over_the_cap_is_no_answer(serve: Serve, open_client: Callable[..., HTTPClient]) -> None:
    server = serve(answering(reply(b"x" * 5000)))
    with pytest.raises(ProviderUnreachable, match="too large"):
        open_client(server, max_bytes=4000)(get(server))


def test_several_threads_share_a_client_each_with_its_own_answer(
    serve: Serve, open_client: Callable[..., HTTPClient]
) -> None:
    def echo(talk: Talk) -> None:
        while (request := talk.read_request()) is not None:
            talk.send(reply(request.split(b" ")[1]))

    server = serve(echo)
    client = open_client(server)
    answers: dict[str, bytes] = {}

    def work(start: int) -> None:
        for number in range(start, start + 25):
            answers[f"/{number}"] = client(get(server, f"/{number}")).body

    threads = [threading.Thread(target=work, args=(start,)) for start in range(0, 200, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 200
    assert all(path.encode() == body for path, body in answers.items())
    assert server.connections <= 8
