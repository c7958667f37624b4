"""The sandbox's server: one loopback port, a thread for each connection."""

import ipaddress
import itertools
import os
import selectors
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.sandbox import control
from desktop_app.sandbox.faces import FACES
from desktop_app.sandbox.faces.base import Backstage
from desktop_app.sandbox.misbehaviour import Exchange, perform
from desktop_app.sandbox.prices import PriceBook
from desktop_app.sandbox.receipts import ReceiptPost
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.wire import BadRequest, Connection, Reply, Request, hang_up
from desktop_app.sandbox.world import WHOLE_TRUTH, World

_BACKLOG: Final = 1024
_LOOK_UP_SECONDS: Final = 0.5


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """The provider simulator. A context manager: entering starts it, leaving stops it.

    It may be started again after ``stop``, on the same port and with what it had accepted, as a provider that was down.

    Args:
        scenario: what the run is like; None is a provider without faults.
        host: a loopback address.
        port: 0 takes a free one.
        networks: mccmnc.csv; None takes the one among the program's resources.
        clock: returns the time, aware UTC.
        prices: of all countries, instead of those of ``networks``.

    Raises:
        InvalidInput: the host is not this machine, or the scenario prices a country without networks.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        networks: Path | None = None,
        clock: Callable[[], datetime] = _utc_now,
        prices: PriceBook | None = None,
    ) -> None:
        self._host = _loopback(host)
        self._port = port
        prices = prices or PriceBook(networks)
        prices.check(scenario or Scenario())
        self._world = World(scenario or Scenario(), clock)
        self._receipts = ReceiptPost(clock)
        self._control = control.ControlPages(self._world, prices)
        self._faces = {name: face(Backstage(self._world, prices, self._receipts)) for name, face in FACES.items()}
        self._stopping = threading.Event()
        self._lifecycle = threading.Lock()
        self._lock = threading.Lock()
        self._clients: dict[threading.Thread, socket.socket] = {}
        self._acceptor: threading.Thread | None = None
        self._waker: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash; the port is known once it was started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen and serve, in threads named "sandbox-...".

        Raises:
            InvalidInput: the port cannot be used.
        """
        with self._lifecycle:
            self._begin()

    def stop(self) -> None:
        """Stop serving, whatever the clients do, and wait until every thread has ended. Stopping twice is fine."""
        with self._lifecycle:
            self._end()

    def serve_forever(self) -> None:
        """Serve until ``stop`` is called in another thread, or an exception such as KeyboardInterrupt ends the wait.

        A signal handler should raise, not call ``stop``: it may interrupt the very wait that ``stop`` would end.
        """
        if self._acceptor is None:
            self.start()
        try:
            while not self._stopping.wait(_LOOK_UP_SECONDS):
                pass  # an endless wait cannot be interrupted on Windows
        finally:
            self.stop()

    def ask(self, request: Request) -> Reply:
        """Return a provider's answer to ``request``, whose path names it, without a connection and without faults."""
        name = request.path.split("/", 2)[1]
        return self._faces[name].answer(request.below(f"/{name}"), WHOLE_TRUTH)

    def refuse(self, name: str, status: int) -> Reply:
        """Return how the provider called ``name`` words a refusal; see ``Face.refuse``."""
        return self._faces[name].refuse(status)

    def _begin(self) -> None:
        listener = self._listen()
        self._port = listener.getsockname()[1]
        self._stopping.clear()
        wakened, self._waker = socket.socketpair()
        self._acceptor = threading.Thread(
            target=self._accept_clients, args=(listener, wakened), name="sandbox-acceptor", daemon=True
        )
        self._receipts.start()
        self._acceptor.start()

    def _end(self) -> None:
        self._stopping.set()
        if self._acceptor is None or self._waker is None:
            return
        self._waker.close()
        self._acceptor.join()
        self._acceptor = self._waker = None
        self._receipts.stop()
        with self._lock:
            clients = dict(self._clients)
            for client in clients.values():
                hang_up(client)
        for thread in clients:
            thread.join()

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET6 if ":" in self._host else socket.AF_INET)
        try:
            if os.name != "nt":  # there it would let two programs share the port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
            listener.listen(_BACKLOG)
            listener.settimeout(_LOOK_UP_SECONDS)  # a client may leave between select and accept
        except (OSError, OverflowError) as error:
            listener.close()
            message = tr("The sandbox cannot listen on port {port}. Choose another one.", port=self._port)
            raise InvalidInput(message, fields={"port": str(self._port)}) from error
        return listener

    def _accept_clients(self, listener: socket.socket, wakened: socket.socket) -> None:
        numbers = itertools.count(1)
        with listener, wakened, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(wakened, selectors.EVENT_READ)
            while not self._stopping.is_set():
                if any(key.fileobj is listener for key, _ in selector.select()):
                    self._welcome(listener, next(numbers))

    def _welcome(self, listener: socket.socket, number: int) -> None:
        try:
            client, _ = listener.accept()
        except OSError:
            return  # it left before we came to it
        thread = threading.Thread(target=self._serve, args=(client,), name=f"sandbox-connection-{number}", daemon=True)
        with self._lock:
            self._clients[thread] = client
        thread.start()

    def _serve(self, client: socket.socket) -> None:
        try:
            connection = Connection(client, self._stopping)
            while self._serve_request(connection):
                pass
        except OSError:
            pass  # the client left, or the sandbox stops: nobody is there to be told
        finally:
            with self._lock:
                del self._clients[threading.current_thread()]
                client.close()

    def _serve_request(self, connection: Connection) -> bool:
        """Answer the next request; return whether there may be another."""
        try:
            request = connection.read_request()
        except BadRequest as error:
            connection.send_reply(control.refusal(400, "bad_request", str(error)), keep_alive=False)
            # Closing over bytes that nobody read would reset the connection, and the answer with it.
            connection.end_sending()
            connection.wait_until_left()
            return False
        if request is None:
            return False
        self._answer(connection, request)
        return request.keep_alive and not connection.closed

    def _answer(self, connection: Connection, request: Request) -> None:
        name = request.path.split("/", 2)[1]
        if f"/{name}" == control.PREFIX:
            reply = self._control.answer(request.below(control.PREFIX))
        elif name in self._faces:
            face, inner = self._faces[name], request.below(f"/{name}")
            fault = self._world.fault_for(face.kind_of(inner))
            perform(Exchange(connection, inner, name, face, fault, self._world))
            return
        else:
            known = ", ".join(f"/{known}" for known in self._faces)
            reply = control.refusal(404, "not_found", f"No provider lives here. Try {known} or {control.PREFIX}.")
        connection.send_reply(reply, keep_alive=request.keep_alive)


def _loopback(host: str) -> str:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        if ipaddress.ip_address(address).is_loopback:
            return address
    except ValueError:
        pass  # a name: refused like any other machine
    raise InvalidInput(tr("The sandbox listens on this machine only, not on {host}.", host=host), fields={"host": host})
