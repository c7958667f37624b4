"""Clients: who we sell to."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import say, tr

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Client:
    """A client.

    Attributes:
        client_id: ours.
        name: unique, whatever its case.
        currency: of its credit and of what it is charged.
        email: or None.
        list_id: its price list.
        account_id: its ledger account.
        paused: nothing may be sent for it.
        refund_on: "never", or "failed": messages that ended undelivered are refunded.
        default_sender: the sender ID that a message for it starts with, "" for none.
        language: of mails to it: "en", "de" or "tr"; "" for that of the team.
        alert: micro-units of credit below which it is warned, None for never.
        alert_days: it is warned, too, when its credit lasts fewer days than that, None for never.
        created_at: since when it is one.
        archived_at: when it was put away, None while it is with the others; nothing is sent for it then.
    """

    client_id: int
    name: str
    currency: str
    email: str | None
    list_id: int
    account_id: int
    paused: bool
    refund_on: str
    default_sender: str
    language: str
    alert: int | None
    alert_days: int | None
    created_at: datetime
    archived_at: datetime | None


def clean_name(text: str, what: str) -> str:
    """Return ``text`` as a name of a ``what`` ("client"): trimmed, one line, at most 120 characters.

    Raises:
        InvalidInput: when it is empty, too long, or holds characters that cannot be seen or stored.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not name:
        raise InvalidInput(tr("The name of a {what} must not be empty.", what=say(what)), fields={"name": ""})
    if len(name) > LONGEST_NAME:
        raise InvalidInput(tr("The name of a {what} has at most 120 characters.", what=say(what)), fields={"name": ""})
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for character in name):
        raise InvalidInput(
            tr("The name of a {what} holds a character that cannot be shown.", what=say(what)), fields={"name": ""}
        )
    return name


def name_key(name: str) -> str:
    """Return what makes ``name`` unique: its letters without case and width; accents and the dotless ı count."""
    # A lone surrogate is in no stored name and no database takes it: whoever looks such a name up finds nothing.
    storable = name.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", storable).casefold())


def clean_text(text: str, what: str, *, longest: int = 500) -> str:
    """Return a note or reason: trimmed, without characters that no database or screen takes.

    Raises:
        InvalidInput: when it is too long or holds NUL, lone surrogates or other control characters.
    """
    cleaned = text.strip()
    if len(cleaned) > longest:
        raise InvalidInput(
            tr("The {what} has at most {longest} characters.", what=say(what), longest=longest), fields={what: ""}
        )
    bad = any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r" for character in cleaned)
    if bad:
        raise InvalidInput(tr("The {what} holds a character that cannot be stored.", what=say(what)), fields={what: ""})
    return cleaned
