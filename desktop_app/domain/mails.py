"""E-mail that leaves the house: what a mail is, how it stands, who carries it, and which addresses there can be."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

LONGEST_ADDRESS: Final = 254
LONGEST_SUBJECT: Final = 200
LONGEST_TEXT: Final = 100_000
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class MailStatus(StrEnum):
    """How a mail stands.

    UNKNOWN: it may have been sent; the server's answer never came, so it is not sent again by itself. CANCELLED: it never left.
    DROPPED: a person gave it up.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox.

    Attributes:
        mail_id: ours.
        idem: what was asked for; there is one mail of each.
        to: the receiver's address, in ASCII.
        subject: one line.
        text: the plain text.
        status: how it stands.
        tries: how often it was begun.
        due_at: not sent before.
        detail: what went wrong last, in plain words, "" when nothing did.
        changed_at: when it last moved.
    """

    mail_id: int
    idem: str
    to: str
    subject: str
    text: str
    status: MailStatus
    tries: int
    due_at: datetime
    detail: str
    changed_at: datetime


class MailSecurity(StrEnum):
    """How the way to the mail server is protected: TLS from the first byte, STARTTLS, or not at all (this computer only)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


PORTS: Final = {MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587, MailSecurity.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who carries the team's mail.

    Attributes:
        host: the name of the SMTP server, "" for none.
        port: 465, 587 or another.
        security: how the way there is protected.
        user: for its login, "" where it asks for none.
        sender: the address that mails come from, "" for none.
    """

    host: str = ""
    port: int = PORTS[MailSecurity.STARTTLS]
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    sender: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether mail can be handed to it."""
        return bool(self.host and self.sender)


def checked_server(server: MailServer) -> MailServer:
    """Return ``server`` in its stored form.

    Raises:
        InvalidInput: something of it cannot be; ``fields`` names it.
    """
    host = server.host.strip().lower()
    if host and not _is_host(host):
        raise InvalidInput(tr("“{text}” is not the name of a server.", text=host[:80]), fields={"host": ""})
    if not 1 <= server.port <= 65535:
        raise InvalidInput(tr("A port is a number from 1 to 65535."), fields={"port": ""})
    if host and server.security is MailSecurity.NONE and not is_loopback(host):
        raise InvalidInput(
            tr("Without encryption only a server on this computer is used. Choose TLS or STARTTLS."),
            fields={"security": ""},
        )
    user = server.user.strip()
    if not user.isprintable() or len(user) > LONGEST_ADDRESS:
        raise InvalidInput(tr("The user name is one line of at most {count} characters.", count=LONGEST_ADDRESS),
                           fields={"user": ""})  # fmt: skip
    try:
        sender = checked_address(server.sender) if server.sender.strip() else ""
    except InvalidInput as error:
        raise InvalidInput(error.user_message, fields={"sender": ""}) from error
    return MailServer(host, server.port, server.security, user, sender)


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_address(text: str) -> str:
    """Return an e-mail address in the form that every server takes: ASCII, an international domain in its encoded form.

    Raises:
        InvalidInput: it is none, or its part before the @ is not ASCII.
    """
    address = text.strip()
    local, at, domain = address.rpartition("@")
    domain = _ascii_domain(domain)
    labels = domain.split(".")
    if (
        not at
        or not _LOCAL.fullmatch(local)
        or not all(_LABEL.fullmatch(one) for one in labels)
        or len(local) > 64
        or len(local) + 1 + len(domain) > LONGEST_ADDRESS
    ):
        raise InvalidInput(tr("“{text}” is not an e-mail address.", text=address[:80]), fields={"email": ""})
    return f"{local}@{domain}"


def clean_subject(text: str) -> str:
    """Return ``text`` as the one line of a subject: no line breaks, no control characters."""
    seen = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(seen.split())[:LONGEST_SUBJECT]


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return len(host) <= 253 and all(_LABEL.fullmatch(one) for one in _ascii_domain(host).split("."))
    return True


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
