"""What a person saw before pressing Send, and what is different now: nobody is charged what they did not see."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_text


class CreditState(StrEnum):
    """How a client's credit stands after a send."""

    ENOUGH = "enough"
    BELOW_ALERT = "below_alert"
    SHORT = "short"


def credit_state(available: int, cost: int, alert: int | None) -> CreditState:
    """Return how credit stands after a send, all in micro-units; ``alert`` is None when nobody is to be warned."""
    if cost > available:
        return CreditState.SHORT
    return CreditState.BELOW_ALERT if alert is not None and available - cost < alert else CreditState.ENOUGH


@dataclass(frozen=True, slots=True)
class PromisedCountry:
    """What a country costs: ``segments`` of all its messages at ``price`` micro-units each, shown as from ``sender``."""

    country: str
    numbers: int
    segments: int
    price: int
    sender: str


@dataclass(frozen=True, slots=True)
class Promise:
    """The figures a person confirms: the whole cost in micro-units, how credit stands after it, and each country."""

    currency: str
    total: int
    credit: CreditState
    countries: tuple[PromisedCountry, ...]


class SheetChanged(AppError):
    """Prices, credit or recipients are not what the person confirmed; nothing was sent.

    Attributes:
        before: what was confirmed.
        now: what it would be.
    """

    code = "changed_meanwhile"

    def __init__(self, before: Promise, now: Promise, client: str) -> None:
        self.before, self.now, self._client = before, now, client
        super().__init__(self.sentence(str))

    def sentence(self, country_name: Callable[[str], str]) -> str:
        """Return what changed, with countries by the names that ``country_name`` gives for ISO codes."""
        return f"{_difference(self.before, self.now, self._client, country_name)} {tr('Nothing was sent.')}"


def _difference(before: Promise, now: Promise, client: str, country_name: Callable[[str], str]) -> str:
    """Return the first thing that changed, as a sentence."""
    known = {one.country: one for one in before.countries}
    for one in now.countries:
        former = known.pop(one.country, None)
        if former is None:
            return tr("{country} would be sent to now.", country=country_name(one.country))
        if former.price != one.price:
            return tr("The price for {country} is {now} now, it was {before}.", country=country_name(one.country),
                      now=micro_text(one.price), before=micro_text(former.price))  # fmt: skip
        if former.numbers != one.numbers:
            return tr("{country} has {now:,} recipients now, it had {before:,}.", country=country_name(one.country),
                      now=one.numbers, before=former.numbers)  # fmt: skip
        if former.sender != one.sender:
            return tr(
                "{country} would see {now} as the sender now, not {before}.",
                country=country_name(one.country),
                now=one.sender,
                before=former.sender,
            )
    for gone in known:
        return tr("{country} cannot be sent to any more.", country=country_name(gone))
    if before.credit is not now.credit:
        return tr("The credit of {name} has changed.", name=client)
    return tr("The cost is {now} {currency} now, it was {before}.", now=micro_text(now.total), currency=now.currency,
              before=micro_text(before.total))  # fmt: skip
