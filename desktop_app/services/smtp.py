"""One conversation with a mail server: who says what when, and what is certain about each mail afterwards."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.domain.mails import MailSecurity, MailServer

# For the login, and for each mail: a server that trickles must not hold a lane for long.
DEADLINE_SECONDS: Final = 30.0
LONGEST_ANSWER: Final = 200
_READY: Final = 220
_GO_ON: Final = 354
_CLOSING: Final = 421
_AUTHENTICATION: Final = (454, 530, 534, 535, 538)
_TROUBLE: Final = (OSError, smtplib.SMTPException)


class MailServerError(AppError):
    """The server cannot be used just now; nothing was handed to it."""

    code = "mail_server"


class Outcome(StrEnum):
    """What is certain about a mail: taken, refused for now, refused for good, or that nothing is."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a mail, and what the server said about it."""

    outcome: Outcome
    detail: str = ""


class SMTPSession:
    """A connection with its login done.

    Args:
        server: who carries it.
        password: "" where there is no login.
        context: makes the rules that certificates are checked by.
        seconds: how long the login and each mail may take.

    Attributes:
        is_broken: it cannot be used for another mail.
    """

    def __init__(
        self,
        server: MailServer,
        password: str,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._server, self._password, self._context, self._seconds = server, password, context, seconds
        # With a name at once: else it asks the network for this computer's.
        self._smtp = smtplib.SMTP(local_hostname="localhost")
        self._watch: threading.Timer | None = None
        self._is_late = False
        self.is_broken = False

    def __enter__(self) -> Self:
        """Connect and log in.

        Raises:
            MailServerError: that did not work, with the reason in plain words.
        """
        self._start_watch()
        try:
            self._connect()
            self._log_in()
        except MailServerError:
            self._smtp.close()
            raise
        except _TROUBLE as error:
            self._smtp.close()
            raise MailServerError(self._words(error)) from error
        finally:
            self._end_watch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; what the server answers to that does not matter."""
        self._start_watch()
        try:
            if not self.is_broken:
                self._smtp.docmd("QUIT")
        except _TROUBLE:
            pass
        finally:
            self._end_watch()
            self._smtp.close()

    def deliver(self, sender: str, recipient: str, content: bytes) -> Delivery:
        """Hand over one mail; never raises, and says UNKNOWN only where the server may have taken it.

        Args:
            sender: the address it comes from.
            recipient: the address it goes to.
            content: headers and text with CRLF line ends.
        """
        self._start_watch()
        try:
            refusal = self._hand_over(sender, recipient, content)
            return self._finish() if refusal is None else refusal
        except _TROUBLE as error:
            # The last line was not said: no server takes such a mail.
            self.is_broken = True
            return Delivery(Outcome.LATER, self._words(error))
        finally:
            self._end_watch()

    def _hand_over(self, sender: str, recipient: str, content: bytes) -> Delivery | None:
        """Say everything but the last line; return a refusal, None when the server waits for that line."""
        for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>"):
            code, text = self._smtp.docmd(command)
            if code // 100 != 2:
                return self._refusal(code, text)
        code, text = self._smtp.docmd("DATA")
        if code != _GO_ON:
            return self._refusal(code, text)
        self._smtp.send(_stuffed(content))
        return None

    def _finish(self) -> Delivery:
        """Say the last line: from its first byte on only an answer tells what became of the mail."""
        try:
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
        except _TROUBLE as error:
            self.is_broken = True
            return Delivery(Outcome.UNKNOWN, self._words(error))
        kinds = {2: Outcome.SENT, 4: Outcome.LATER, 5: Outcome.REFUSED}
        self.is_broken = code // 100 not in kinds or code == _CLOSING
        outcome = kinds.get(code // 100, Outcome.UNKNOWN)
        return Delivery(outcome, "" if outcome is Outcome.SENT else _said(code, text))

    def _refusal(self, code: int, text: bytes) -> Delivery:
        """Return what a refusal before the text means; the connection serves the next mail when RSET is taken."""
        if code // 100 not in (4, 5) or code == _CLOSING or self._smtp.docmd("RSET")[0] // 100 != 2:
            self.is_broken = True
        return Delivery(Outcome.REFUSED if code // 100 == 5 else Outcome.LATER, _said(code, text))

    def _connect(self) -> None:
        server = self._server
        wire: socket.socket = socket.create_connection((server.host, server.port), timeout=self._seconds)
        # Known to the watch from here on.
        self._smtp.sock = wire
        self._smtp.local_hostname = _own_name(wire)
        if server.security is MailSecurity.TLS:
            self._smtp.sock = self._context().wrap_socket(wire, server_hostname=server.host)
        code, text = self._smtp.getreply()
        if code != _READY:
            raise MailServerError(self._answered(code, text))
        self._greet()
        if server.security is MailSecurity.STARTTLS:
            self._start_tls(wire)

    def _start_tls(self, wire: socket.socket) -> None:
        host = self._server.host
        if not self._smtp.has_extn("starttls"):
            raise MailServerError(
                tr("{host} offers no STARTTLS on port {port}. Nothing was sent unencrypted.", host=host,
                   port=self._server.port)
            )  # fmt: skip
        code, text = self._smtp.docmd("STARTTLS")
        if code != _READY:
            raise MailServerError(self._answered(code, text))
        # What was said before is forgotten: somebody on the way may have said it.
        self._smtp.sock = self._context().wrap_socket(wire, server_hostname=host)
        self._smtp.file = None
        self._greet()

    def _greet(self) -> None:
        code, text = self._smtp.ehlo()
        if code // 100 != 2:
            code, text = self._smtp.helo()
        if code // 100 != 2:
            raise MailServerError(self._answered(code, text))

    def _log_in(self) -> None:
        user = self._server.user
        if not user:
            return
        try:
            self._smtp.login(user, self._password)
        except smtplib.SMTPNotSupportedError as error:
            raise MailServerError(
                tr("{host} offers no login. Leave the user name empty, or use another port.", host=self._server.host)
            ) from error
        except UnicodeEncodeError as error:
            raise MailServerError(tr("User name and password of a mail server are plain ASCII characters.")) from error

    def _start_watch(self) -> None:
        self._is_late = False
        self._watch = threading.Timer(self._seconds, self._cut)
        self._watch.daemon = True
        self._watch.start()

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _cut(self) -> None:
        """End the connection under the feet of whoever waits for it: time is up."""
        self._is_late = True
        wire = self._smtp.sock
        if wire is not None:
            try:
                wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _words(self, error: Exception) -> str:
        """Return what went wrong, in plain words."""
        host, port = self._server.host, self._server.port
        if isinstance(error, ssl.SSLCertVerificationError):
            return tr("The certificate of {host} cannot be trusted: {reason}.", host=host, reason=error.verify_message)
        if self._is_late or isinstance(error, TimeoutError):
            return tr("{host} did not answer in {count:g} seconds.", host=host, count=self._seconds)
        if isinstance(error, socket.gaierror):
            return tr("{host} was not found. Check the name of the server.", host=host)
        if isinstance(error, ConnectionRefusedError):
            return tr("{host} takes no connection on port {port}.", host=host, port=port)
        if isinstance(error, ssl.SSLError):
            return tr(
                "{host} does not speak TLS on port {port}. Choose STARTTLS, or another port.", host=host, port=port
            )
        if isinstance(error, smtplib.SMTPResponseException):
            if error.smtp_code in _AUTHENTICATION:
                return tr("{host} refused the user name or the password.", host=host)
            return self._answered(error.smtp_code, error.smtp_error)
        return tr("The connection to {host} broke.", host=host)

    def _answered(self, code: int, text: bytes | str) -> str:
        return tr("{host} answered: {answer}", host=self._server.host, answer=_said(code, text))


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    seen = "".join(one if one.isprintable() else " " for one in words)
    return f"{code} {' '.join(seen.split())[:LONGEST_ANSWER]}".strip()


def _stuffed(content: bytes) -> bytes:
    """Return the text as it goes over the wire: a line that begins with a dot gets a second one."""
    lines = content.replace(b"\r\n.", b"\r\n..")
    lines = b"." + lines if lines.startswith(b".") else lines
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _own_name(wire: socket.socket) -> str:
    """Return what we call ourselves: the address. A name would have to be looked up, and tells more than is needed."""
    address = wire.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
