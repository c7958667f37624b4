"""Twilio's Message resource: how one is written, and how many are listed (API 2010-04-01)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import chain, dropwhile, islice
from typing import Final
from urllib.parse import urlencode

from desktop_app.domain.number_plans import identify
from desktop_app.sandbox.prices import PriceBook
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.world import AcceptedMessage, Stage

API_VERSION: Final = "2010-04-01"
USUAL_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 1000
MAX_PAGE: Final = 10**6

# Twilio has no word for an expired message.
WORDS: Final = {
    Stage.QUEUED: "queued",
    Stage.SENT: "sent",
    Stage.DELIVERED: "delivered",
    Stage.UNDELIVERED: "undelivered",
    Stage.EXPIRED: "undelivered",
}
ERRORS: Final = {
    Stage.UNDELIVERED: (30003, "Unreachable destination handset"),
    Stage.EXPIRED: (30036, "Validity Period Expired"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a message's description depends on beside the message.

    Attributes:
        now: the time, aware UTC.
        scenario: in force.
        prices: of all countries.
    """

    now: datetime
    scenario: Scenario
    prices: PriceBook


def describe(message: AcceptedMessage, moment: Moment, stage: Stage) -> dict[str, object]:
    """Return ``message`` as Twilio writes it in ``stage``. The price is known, and negative, once it was sent."""
    error_code, error_message = ERRORS.get(stage, (None, None))
    waiting = stage is Stage.QUEUED
    changed_at = message.accepted_at if waiting else min(moment.now, message.final_at)
    uri = f"/{API_VERSION}/Accounts/{message.account}/Messages/{message.id}"
    return {
        "account_sid": message.account,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": format_datetime(message.accepted_at),
        "date_sent": None if waiting else format_datetime(message.sent_at),
        "date_updated": format_datetime(changed_at),
        "direction": "outbound-api",
        "error_code": error_code,
        "error_message": error_message,
        "from": message.sender,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(message.segments),
        "price": None if waiting else _price_of(message, moment),
        "price_unit": moment.scenario.currency,
        "sid": message.id,
        "status": WORDS[stage],
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def _price_of(message: AcceptedMessage, moment: Moment) -> str | None:
    region = identify(message.to.removeprefix("+")).region
    price = moment.prices.dearest(region or "", moment.scenario)
    return None if price is None else f"-{price * message.segments:f}"


def page_and_size(fields: Mapping[str, str]) -> tuple[int, int]:
    """Return the zero-based page and the rows of a page that the query ``fields`` ask for; nonsense is the usual value."""

    def number(name: str, usual: int, highest: int) -> int:
        text = fields.get(name, "")
        return min(int(text), highest) if text.isascii() and text.isdigit() and len(text) < 10 else usual

    return number("Page", 0, MAX_PAGE), max(1, number("PageSize", USUAL_PAGE_SIZE, MAX_PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class Listing:
    """What a request for a listing asks for.

    Attributes:
        fields: the query, as it came.
        page: zero-based.
        size: rows of a page.
        after: the id of the last row of the page before, "" when the page is found by its number.
    """

    fields: Mapping[str, str]
    page: int
    size: int
    after: str

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Listing":
        """Return what the query ``fields`` ask for."""
        page, size = page_and_size(fields)
        return cls(fields, page, size, after=fields.get("PageToken", "").removeprefix("PA"))

    def select(self, newest_first: Iterable[AcceptedMessage], *, missing_page: bool) -> list[AcceptedMessage]:
        """Return the rows of the page, and one more if there are more; ``missing_page`` passes over the first page."""
        rows = filter(self._matches, newest_first)
        if self.after:
            rest = islice(dropwhile(lambda message: message.id != self.after, rows), 1, None)
            return list(islice(rest, self.size + 1))
        start = (self.page + missing_page) * self.size
        return list(islice(rows, start, start + self.size + 1))

    def document(self, account: str, selected: list[AcceptedMessage], moment: Moment) -> dict[str, object]:
        """Return the page as Twilio writes it; the links are relative to the API's host."""
        rows, more = selected[: self.size], len(selected) > self.size
        following = self._link(account, self.page + 1, rows[-1].id) if more else None
        return {
            "messages": [describe(message, moment, message.stage(moment.now)) for message in rows],
            "uri": self._link(account, self.page, self.after),
            "first_page_uri": self._link(account, 0),
            "previous_page_uri": self._link(account, self.page - 1) if self.page else None,
            "next_page_uri": following,
            "page": self.page,
            "page_size": self.size,
            "start": self.page * self.size,
            "end": self.page * self.size + max(0, len(rows) - 1),
        }

    def _link(self, account: str, page: int, after: str = "") -> str:
        fields = {name: value for name, value in self.fields.items() if not name.startswith("Page")}
        fields |= {"PageSize": str(self.size), "Page": str(page)}
        if after:
            fields["PageToken"] = f"PA{after}"
        return f"/{API_VERSION}/Accounts/{account}/Messages.json?{urlencode(fields)}"

    def _matches(self, message: AcceptedMessage) -> bool:
        if self.fields.get("From", message.sender) != message.sender:
            return False
        asked = [name for name in ("DateSent", "DateSent<", "DateSent>") if name in self.fields]
        return all(_sent_within(name, self.fields[name], message.sent_at) for name in asked)


def without_unsent(messages: Iterable[AcceptedMessage], listing: Listing, now: datetime) -> Iterator[AcceptedMessage]:
    """Yield ``messages``; a listing by date of sending does not show those still queued."""
    by_date = any(name.startswith("DateSent") for name in listing.fields)
    return (message for message in messages if not by_date or message.sent_at <= now)


def _sent_within(name: str, text: str, sent_at: datetime) -> bool:
    try:
        bound = datetime.fromisoformat(text)
    except ValueError:
        return False
    bound = bound.replace(tzinfo=UTC) if bound.tzinfo is None else bound
    if name == "DateSent<":
        return sent_at <= bound
    return sent_at >= bound if name == "DateSent>" else sent_at.date() == bound.date()


def with_foreign_rows(
    messages: Iterable[AcceptedMessage], account: str, to: str | None, now: datetime
) -> Iterator[AcceptedMessage]:
    """Yield two messages that nobody here sent, then ``messages``: one to the same number, one that no filter fits."""
    strangers = (
        AcceptedMessage.of_a_stranger(
            "twilio", account, "SM" + hashlib.sha256(f"{account} {number}".encode()).hexdigest()[:32], number, now
        )
        for number in (to or "+15005550007", "+15005550006")
    )
    return chain(strangers, messages)
