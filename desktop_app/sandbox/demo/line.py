"""The short way to the sandbox: what a driver asks is answered in this process, by the same face that answers over HTTP."""

from collections import deque
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from desktop_app.domain.language import tr
from desktop_app.providers.base import HTTPFailure, HTTPReply, HTTPRequest, HTTPResult, Provider, ProviderAccount
from desktop_app.providers.registry import driver_of
from desktop_app.sandbox.server import Sandbox
from desktop_app.sandbox.wire import Reply, Request

_REFUSED: Final = 400


class DirectLine:
    """Connects drivers to a sandbox, and carries their sends.

    Args:
        sandbox: who answers.

    Attributes:
        refused: numbers that the provider does not take.
        lost: numbers whose answer never comes back.
        is_dead: nothing sent is answered any more, as when this process had ended.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._answers: deque[tuple[int, HTTPResult]] = deque()
        self.refused: frozenset[str] = frozenset()
        self.lost: frozenset[str] = frozenset()
        self.is_dead = False

    def connect(self, account: ProviderAccount) -> Provider:
        """Return the account's driver on this line."""
        return driver_of(account.kind).factory(account, self.fetch)

    def fetch(self, request: HTTPRequest) -> HTTPReply:
        """Return the sandbox's answer to a driver's request."""
        return _carried(self._sandbox.ask(_asked(request)))

    @property
    def in_flight(self) -> int:
        """How many sends have an answer that was not collected yet."""
        return len(self._answers)

    def submit(self, key: int, request: HTTPRequest, may_send: Callable[[], bool]) -> None:
        """Send at once; the answer waits to be collected."""
        if self.is_dead:
            return
        if not may_send():
            self._answers.append((key, HTTPFailure(sent=False, detail=tr("It was stopped before anything was sent."))))
            return
        asked = _asked(request)
        number = asked.form().get("To", "")
        answer = self._sandbox.refuse(_name_of(asked), _REFUSED) if number in self.refused else self._sandbox.ask(asked)
        lost = number in self.lost
        detail = tr("No complete answer within 10 seconds.")
        self._answers.append((key, HTTPFailure(sent=True, detail=detail) if lost else _carried(answer)))

    def collect(self, timeout_seconds: float) -> list[tuple[int, HTTPResult]]:  # noqa: ARG002 - the protocol's shape
        """Return the answers that are there; nothing is waited for."""
        answers = list(self._answers)
        self._answers.clear()
        return answers

    def close(self) -> None:
        """Nothing is open."""


def _asked(request: HTTPRequest) -> Request:
    place = urlsplit(request.url)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, place.path, place.query, {**headers, "host": place.netloc}, request.body)


def _name_of(request: Request) -> str:
    return request.path.split("/", 2)[1]


def _carried(reply: Reply) -> HTTPReply:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return HTTPReply(reply.status, headers, reply.body)
