"""The local stages of sending: everything from pasted numbers to stored provider ids, without a provider."""

import secrets
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from desktop_app.app import Application, open_application
from desktop_app.config import load_settings
from desktop_app.engine.dispatch import Dispatcher
from desktop_app.engine.lease import SendingLease
from desktop_app.providers.base import HTTPReply, HTTPRequest, HTTPResult
from desktop_app.services.sending import SendOrder
from desktop_app.storage.repositories.costs import CostRow
from tests.bench.harness import Row, measured, several


class InstantTransport:
    """Answers at once as the provider would: what is left is our own work."""

    def __init__(self, count: int) -> None:
        # Made beforehand: making up answers is no work of ours.
        self._replies = [_reply(secrets.token_hex(16)) for _ in range(count)]
        self._results: list[tuple[int, HTTPResult]] = []

    @property
    def in_flight(self) -> int:
        """How many answers were not collected yet."""
        return len(self._results)

    def submit(self, key: int, request: HTTPRequest, may_send: Callable[[], bool]) -> None:
        """Answer ``request``."""
        assert may_send()
        assert request.body
        self._results.append((key, self._replies.pop()))

    def collect(self, timeout_seconds: float) -> list[tuple[int, HTTPResult]]:
        """Hand out the answers."""
        results, self._results = self._results, []
        return results

    def close(self) -> None:
        """Nothing to close."""


def _reply(sid: str) -> HTTPReply:
    body = b'{"sid":"SM%s","status":"queued","num_segments":"1","price":null}' % sid.encode()
    return HTTPReply(201, {"content-type": "application/json"}, body)


def run(folder: Path, *, size: int = 20_000, runs: int = 5) -> list[Row]:
    """Measure ``size`` messages and a tenth of it: the cost per message must not grow."""
    per_message = {count: _measure(folder / str(count), count, runs) for count in (size // 10, size)}
    rows = []
    for count, (queued, sent) in per_message.items():
        total = (queued + sent) / count * 1e6
        figure = f"{total:.1f} us per message ({queued / count * 1e6:.1f} to queue, {sent / count * 1e6:.1f} to send)"
        rows.append(
            Row(
                f"local stages, {count:,} messages",
                queued + sent,
                None,
                None,
                figure,
                "<= 25 us per message",
                total <= 25,
            )
        )
    return rows


def _measure(folder: Path, count: int, runs: int) -> tuple[float, float]:
    folder.mkdir()
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "bench"}
    settings = load_settings(environment, profile=folder, actor="bench")
    turns = iter(range(1000))
    with open_application(settings, environment=environment) as application:
        prepare(application)
        queue_times: list[float] = []
        send_times: list[float] = []

        def once() -> float:
            start = next(turns) * count
            numbers = [f"+49151{10_000_000 + start + number}" for number in range(count)]
            order = SendOrder("Bench", "BENCH", "Your parcel is at the door.", numbers, "bench")
            queue_times.append(measured(lambda: application.sending.queue(order)))
            transport = InstantTransport(count)
            send_times.append(measured(lambda: _send(application, transport)))
            return queue_times[-1] + send_times[-1]

        several(once, runs)
        queue_times, send_times = sorted(queue_times[1:]), sorted(send_times[1:])
        return queue_times[len(queue_times) // 2], send_times[len(send_times) // 2]


def prepare(application: Application) -> None:
    """Make a provider, a price and a client with enough credit."""
    application.accounts.set_service(on=True, actor="bench")
    application.accounts.add_provider(
        "Bench", "twilio", base_url="http://127.0.0.1:9/twilio", settings={"account_sid": "AC" + "0" * 32}, secret="x" * 32,
        default=True, actor="bench",
    )  # fmt: skip
    application.pricing.import_costs("Bench", [CostRow("DE", None, "", "0.05", 50_000, "EUR")], actor="bench")
    application.pricing.set_price("DE", Decimal("0.06"), actor="bench")
    application.clients.add("Bench", actor="bench")
    application.credits.top_up("Bench", Decimal(10_000_000), reason="bench", actor="bench")
    application.sender_ids.request("Bench", "BENCH", actor="bench")


def _send(application: Application, transport: InstantTransport) -> None:
    lease = SendingLease(application.database, application.clock)
    dispatcher = Dispatcher(application.database, application.accounts, transport, application.clock, lease)
    assert lease.acquire()
    while dispatcher.step():
        pass
    dispatcher.stop()
    assert application.is_drained()
