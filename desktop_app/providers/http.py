"""Short calls to one provider account: balance, prices, statuses, look-ups. Sends take the transport instead."""

import threading
import time
from collections.abc import Callable, Collection
from typing import Final

from desktop_app.domain.errors import ProviderAnswerError, ProviderUnreachable
from desktop_app.domain.language import tr
from desktop_app.providers.answers import bounded_wait
from desktop_app.providers.base import LOOKUP_SECONDS, HTTPFailure, HTTPReply, HTTPRequest, HTTPResult
from desktop_app.providers.channel import Channel
from desktop_app.providers.hosts import origin_of

LOOKUP_BYTES: Final = 4 * 1024 * 1024
# Waits before the second and the third try of a GET.
_BACKOFFS: Final = (0.5, 1.0)
_TRY_AGAIN: Final = frozenset({429, 500, 502, 503, 504})


class HTTPClient:
    """The ``Fetch`` of one provider account. May be called from several threads at once.

    Args:
        account_name: ours, for the sentences.
        origins: where the account's secret may travel, as ``hosts.origin_of`` spells it; anything else is refused.
        deadline_seconds: for one call with all its tries.
        max_bytes: of one answer's body.
        open_channel: makes a channel when none is idle.
        pause: waits between two tries.
    """

    def __init__(
        self,
        account_name: str,
        origins: Collection[str],
        *,
        deadline_seconds: float = LOOKUP_SECONDS,
        max_bytes: int = LOOKUP_BYTES,
        open_channel: Callable[[], Channel] = Channel,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._account_name = account_name
        self._origins = frozenset(origins)
        self._deadline_seconds = deadline_seconds
        self._max_bytes = max_bytes
        self._open_channel = open_channel
        self._pause = threading.Event().wait if pause is None else pause
        self._idle: list[Channel] = []

    def __call__(self, request: HTTPRequest) -> HTTPReply:
        """Return the complete answer; a GET is tried up to three times while the deadline allows.

        Raises:
            ProviderAnswerError: the address is not on the account's own hosts; nothing was sent.
            ProviderUnreachable: no complete answer in time.
        """
        if origin_of(request.url) not in self._origins:
            raise ProviderAnswerError(
                tr(
                    "The provider of “{name}” pointed to a foreign address. Nothing was sent there.",
                    name=self._account_name,
                )
            )
        try:
            channel = self._idle.pop()
        except IndexError:
            channel = self._open_channel()
        try:
            result = self._tried(channel, request)
        finally:
            self._idle.append(channel)
        if isinstance(result, HTTPFailure):
            raise ProviderUnreachable(f"“{self._account_name}”: {result.detail}", retryable=True)
        return result

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _tried(self, channel: Channel, request: HTTPRequest) -> HTTPResult:
        end = time.monotonic() + self._deadline_seconds
        result = channel.exchange(request, deadline_seconds=self._deadline_seconds, max_bytes=self._max_bytes)
        for backoff in _BACKOFFS if request.method == "GET" else ():
            wait = _wait_before_next_try(result, backoff)
            if wait is None or time.monotonic() + wait >= end:
                break
            self._pause(wait)
            left = end - time.monotonic()
            result = channel.exchange(request, deadline_seconds=left, max_bytes=self._max_bytes)
        return result


def _wait_before_next_try(result: HTTPResult, backoff: float) -> float | None:
    if isinstance(result, HTTPFailure):
        return backoff
    return bounded_wait(result.headers, backoff) if result.status in _TRY_AGAIN else None
