"""How seven.io writes messages, statuses, journal and prices (providers.md 2.3).

Shapes are mixed on purpose, because the real ones are: country codes in lower and upper case, several MNCs in one network,
networks without a price, statuses as a list and as lists in a list.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Final
from zoneinfo import ZoneInfo

from desktop_app.sandbox.counting import is_gsm
from desktop_app.sandbox.prices import Country, spread
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.wire import Reply
from desktop_app.sandbox.world import AcceptedMessage, LookupView, Stage

NAME: Final = "seven"
MAX_JOURNAL_ROWS: Final = 100
_QUOTED_NUMBER: Final = re.compile(rb'("(?:price|total_price|balance|amount)":)"(-?[0-9.]+)"')
_NO_DIGIT: Final = re.compile(r"[^0-9]")
_WORDS: Final = {
    Stage.QUEUED: None,
    Stage.SENT: "TRANSMITTED",
    Stage.DELIVERED: "DELIVERED",
    Stage.UNDELIVERED: "NOTDELIVERED",
    Stage.EXPIRED: "EXPIRED",
}
_ERRORS: Final = {"202": "The recipient number is invalid", "402": "Prevented by reload lock"}


def as_numbers(reply: Reply) -> Reply:
    """Return ``reply`` with its amounts as JSON numbers, digit for digit: no float in between."""
    return replace(reply, body=_QUOTED_NUMBER.sub(rb"\1\2", reply.body))


def international(text: str) -> str:
    """Return a number in any of the formats that seven.io takes as E.164."""
    return "+" + _NO_DIGIT.sub("", text).removeprefix("00")


def message_row(message: AcceptedMessage, price: Decimal) -> dict[str, object]:
    """Return what the answer to a send says of one number."""
    return {
        "id": message.id,
        "sender": message.sender,
        "recipient": message.to.removeprefix("+"),
        "text": message.body,
        "encoding": "gsm" if is_gsm(message.body) else "ucs2",
        "label": None,
        "parts": message.segments,
        "udh": None,
        "is_binary": False,
        "price": f"{price:f}",
        "success": True,
        "error": None,
        "error_text": None,
    }


def refused_row(number: str, form: Mapping[str, str], code: str) -> dict[str, object]:
    """Return what the answer to a send says of a number to which nothing was sent."""
    return {
        "id": None,
        "sender": form.get("from"),
        "recipient": number.removeprefix("+"),
        "text": form["text"],
        "encoding": "gsm",
        "label": None,
        "parts": 0,
        "udh": None,
        "is_binary": False,
        "price": "0",
        "success": False,
        "error": code,
        "error_text": _ERRORS[code],
    }


def status_rows(messages: Sequence[AcceptedMessage], now: datetime) -> list[object]:
    """Return the statuses: a plain list for one message, lists in a list for several."""
    rows = [{"id": one.id, "status": _WORDS[one.stage(now)], "status_time": _status_time(one, now)} for one in messages]
    return [rows] if len(rows) > 1 else list(rows)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A message as the journal shows it at ``now``."""

    message: AcceptedMessage
    now: datetime

    def to_json(self, price: str, label: str | None) -> dict[str, object]:
        """Return the entry; the price is a text here."""
        message = self.message
        return {
            "id": message.id,
            "to": message.to.removeprefix("+"),
            "from": message.sender,
            "text": message.body,
            "timestamp": _local(message.accepted_at),
            "price": price,
            "dlr": _WORDS[message.stage(self.now)],
            "dlr_timestamp": _status_time(message, self.now),
            "mccmnc": None,
            "latency": None,
            "type": "direct",
            "channel": "SMS",
            "connection": "http",
            "label": None,
            "foreign_id": label or None,
        }


def journal_rows(
    newest_first: Iterable[AcceptedMessage], fields: Mapping[str, str], now: datetime, view: LookupView
) -> list[JournalEntry]:
    """Return the page of the journal that the query ``fields`` ask for, as far as ``view`` shows it."""
    first_day = fields.get("date_from", "")
    wanted: Iterable[AcceptedMessage] = (
        one for one in newest_first if _local(one.accepted_at) >= first_day and fields.get("id", one.id) == one.id
    )
    if view.foreign_rows:
        wanted = chain(_strangers(fields.get("to", ""), now), wanted)
    limit = min(_whole(fields.get("limit"), MAX_JOURNAL_ROWS), MAX_JOURNAL_ROWS)
    start = _whole(fields.get("offset"), 0) + (limit if view.missing_page else 0)
    return [JournalEntry(one, now) for one in islice(wanted, start, start + limit)]


def pricing(countries: Sequence[Country], scenario: Scenario) -> dict[str, object]:
    """Return the price list of ``countries``."""
    rows = [_country(one, scenario) for one in countries]
    networks = [one["networks"] for one in rows]
    return {
        "countCountries": len(rows),
        "countNetworks": sum(len(one) for one in networks if isinstance(one, list)),
        "countries": rows,
    }


def _country(country: Country, scenario: Scenario) -> dict[str, object]:
    names: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in country.networks:
        price = scenario.prices.get(country.iso) or one.price
        names.setdefault((one.mcc, one.name), []).append((one.mnc, price))
    networks: list[dict[str, object]] = [
        _network(mcc, name, [mnc for mnc, _price in members], max((price for _mnc, price in members), key=Decimal))
        for (mcc, name), members in names.items()
    ]
    if networks and spread(f"unsold {country.iso}", 3) == 0:
        mcc = country.networks[0].mcc
        networks += [_network(mcc, "Closed to us", ["995"], None), _network(mcc, "Given away", ["996"], "0")]
    upper = spread(f"case {country.iso}", 4) == 0
    return {
        "countryCode": country.iso if upper else country.iso.lower(),
        "countryName": country.name,
        "countryPrefix": "",
        "networks": networks,
    }


def _network(mcc: str, name: str, mncs: list[str], price: str | None) -> dict[str, object]:
    features = ["alpha", "numeric", "dlr"]
    return {"mcc": mcc, "mncs": mncs, "networkName": name, "price": price, "features": features, "comment": ""}


def _local(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _status_time(message: AcceptedMessage, now: datetime) -> str | None:
    stage = message.stage(now)
    if stage is Stage.QUEUED:
        return None
    return _local(message.sent_at if now < message.final_at else message.final_at)


def _whole(text: str | None, usual: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else usual


def _strangers(to: str, now: datetime) -> list[AcceptedMessage]:
    """Return two messages that nobody here sent: one to the number asked for, one that no filter fits."""
    return [
        AcceptedMessage.of_a_stranger(
            NAME, "", str(int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) + 10**9), number, now
        )
        for number in (international(to or "15005550007"), "+15005550006")
    ]
