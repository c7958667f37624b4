"""What a person saw before pressing Send, and what is different now: nobody is charged what they did not see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.domain.destinations import destination_text
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
    """What a country costs, or one of its networks: ``segments`` of all its messages at ``price`` micro-units each.

    They are shown as from ``sender``. ``mccmnc`` and ``network`` are the network's code and name, None and "" for a country.
    """

    country: str
    numbers: int
    segments: int
    price: int
    sender: str
    mccmnc: str | None = None
    network: str = field(default="", compare=False)

    def name(self, country_name: Callable[[str], str]) -> str:
        """Return what a person calls it, given the names of countries by ISO code."""
        return destination_text(country_name(self.country), self.mccmnc, self.network)


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
    known = {(one.country, one.mccmnc): one for one in before.countries}
    for one in now.countries:
        former, name = known.pop((one.country, one.mccmnc), None), one.name(country_name)
        if former is None:
            return tr("{country} would be sent to now.", country=name)
        if former.price != one.price:
            return tr("The price for {country} is {now} now, it was {before}.", country=name,
                      now=micro_text(one.price), before=micro_text(former.price))  # fmt: skip
        if former.numbers != one.numbers:
            return tr("{country} has {now:,} recipients now, it had {before:,}.", country=name,
                      now=one.numbers, before=former.numbers)  # fmt: skip
        if former.sender != one.sender:
            return tr(
                "{country} would see {now} as the sender now, not {before}.",
                country=name,
                now=one.sender,
                before=former.sender,
            )
    for gone in known.values():
        return tr("{country} cannot be sent to any more.", country=gone.name(country_name))
    if before.credit is not now.credit:
        return tr("The credit of {name} has changed.", name=client)
    return tr("The cost is {now} {currency} now, it was {before}.", now=micro_text(now.total), currency=now.currency,
              before=micro_text(before.total))  # fmt: skip
