"""What a program can see about a sender ID by itself: it informs a person and never decides (ux.md 6.7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.sender_ids import SenderRule, look_alike_key, parse_sender

WARN_BEFORE: Final = timedelta(days=30)
_SATURDAY: Final = 5
# Names that swindlers borrow most: carriers, payment services, shops, banks, networks of friends.
_PROTECTED: Final = (
    "ADIDAS", "AIRBNB", "ALIBABA", "AMAZON", "AMEX", "APPLE", "BARCLAYS", "BINANCE", "BOOKING", "CHASE", "CITIBANK", "COINBASE",
    "DHL", "DPD", "EBAY", "FACEBOOK", "FEDEX", "GMAIL", "GOOGLE", "GLS", "HERMES", "HSBC", "ICLOUD", "IKEA", "INSTAGRAM",
    "INTERPOL", "KLARNA", "LINKEDIN", "LLOYDS", "MASTERCARD", "MICROSOFT", "MONZO", "NETFLIX", "NHS", "OUTLOOK", "PAYPAL",
    "REVOLUT", "SAMSUNG", "SANTANDER", "SPOTIFY", "TELEGRAM", "TIKTOK", "TWITTER", "UBER", "UPS", "VISA", "WHATSAPP", "YAHOO",
)  # fmt: skip
_OFFICIAL: Final = (
    "BANK",
    "POLICE",
    "POLIZEI",
    "POLIS",
    "GOV",
    "TAX",
    "FINANZAMT",
    "CUSTOMS",
    "ZOLL",
    "COURT",
    "EMBASSY",
)
_SHORT: Final = 4
_CONTAINED: Final = 5


class CheckKind(StrEnum):
    """What was looked at."""

    CHARACTERS = "characters"
    BRAND = "brand"
    ALIKE = "alike"
    USED = "used"


@dataclass(frozen=True, slots=True)
class OtherSender:
    """A sender ID of another client.

    Attributes:
        sender_id: ours.
        client: whose it is.
        sender: as it is spelt.
        approved: where it is approved, ISO codes.
    """

    sender_id: int
    client: str
    sender: str
    approved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """The result of one look.

    Attributes:
        kind: what was looked at.
        is_fine: nothing to tell.
        text: the brand, the objection, or the countries that take fewer characters.
        other: the sender ID of another client that it is about.
    """

    kind: CheckKind
    is_fine: bool
    text: str = ""
    other: OtherSender | None = None


def check_sender(sender: str, rules: Iterable[SenderRule], others: Iterable[OtherSender]) -> tuple[SenderCheck, ...]:
    """Look at a sender ID.

    Args:
        sender: as it was requested.
        rules: of the countries it is requested for.
        others: the sender IDs of all other clients.

    Returns:
        Characters, brand, look-alikes and use by others, at least one each, in this order.
    """
    listed = list(others)
    same = [one for one in listed if one.sender.casefold() == sender.casefold()]
    alike = [one for one in listed if one not in same and is_alike(sender, one.sender)]
    return (
        _characters(sender, rules),
        _brand(sender),
        *([SenderCheck(CheckKind.ALIKE, is_fine=False, other=one) for one in alike[:3]]
          or [SenderCheck(CheckKind.ALIKE, is_fine=True)]),
        *([SenderCheck(CheckKind.USED, is_fine=False, other=one) for one in same[:3]]
          or [SenderCheck(CheckKind.USED, is_fine=True)]),
    )  # fmt: skip


def is_alike(one: str, other: str) -> bool:
    """Return whether two sender IDs may be mistaken: equal but for look-alikes, one typing error apart, or one in the other."""
    return keys_alike(look_alike_key(one), look_alike_key(other))


def keys_alike(first: str, second: str) -> bool:
    """Return the same for what ``look_alike_key`` made of them, for who compares many."""
    if not first or not second:
        return False
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if len(short) >= _CONTAINED and short in long:
        return True
    return len(short) > _SHORT and _differ_by_one(short, long)


def _differ_by_one(short: str, long: str) -> bool:
    """Return whether one letter was changed, left out, or exchanged with its neighbour."""
    if len(long) - len(short) > 1:
        return False
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(long) > len(short):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]


def _characters(sender: str, rules: Iterable[SenderRule]) -> SenderCheck:
    try:
        parsed = parse_sender(sender)
    except InvalidInput as error:
        return SenderCheck(CheckKind.CHARACTERS, is_fine=False, text=error.user_message)
    short = [] if parsed.is_number else sorted(rule.country for rule in rules if len(sender) > rule.longest)
    return SenderCheck(CheckKind.CHARACTERS, is_fine=not short, text=" ".join(short))


def _brand(sender: str) -> SenderCheck:
    key = look_alike_key(sender)
    for name in (*_PROTECTED, *_OFFICIAL):
        brand = look_alike_key(name)
        if key == brand or (len(brand) >= _SHORT and brand in key) or (name in _OFFICIAL and key.startswith(brand)):
            return SenderCheck(CheckKind.BRAND, is_fine=False, text=name)
    return SenderCheck(CheckKind.BRAND, is_fine=True)


def target_of(requested_at: datetime) -> datetime:
    """Return until when a request is to be decided: one working day later, Saturdays and Sundays left out."""
    due = requested_at + timedelta(days=1)
    while due.weekday() >= _SATURDAY:
        due += timedelta(days=1)
    return due


def is_expiring(expires_at: datetime | None, now: datetime) -> bool:
    """Return whether an approval ends within 30 days, or has ended."""
    return expires_at is not None and expires_at - now <= WARN_BEFORE
