"""The sheet before every send: who gets it, who does not and why, what each country costs (product.md, 7)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_app.domain.batches import OwnText, Quote
from desktop_app.domain.clients import Client
from desktop_app.domain.destinations import PrefixTable, Recipient, RejectedNumber, parse_recipients
from desktop_app.domain.sender_ids import ApprovalStatus, Sender, rule_for, usable
from desktop_app.services.applied_prices import ClientPrices
from desktop_app.services.country_rules import rules_in_force
from desktop_app.storage.repositories.accounts import StoredProvider
from desktop_app.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NotSent:
    """A recipient that gets nothing, and why: one of the reasons of cli.md."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class CountryGroup:
    """The recipients of one country, or of one of its networks where their ranges tell it, with the promise made for them.

    Attributes:
        quote: what was promised.
        numbers: E.164.
        segments: billed segments of all its messages together.
        own_texts: the text of each number in the same order, None when all get the same.
    """

    quote: Quote
    numbers: tuple[str, ...]
    segments: int
    own_texts: tuple[OwnText, ...] | None = None

    @property
    def amount(self) -> int:
        """What its messages cost the client in micro-units."""
        return self.quote.price * self.segments


@dataclass(frozen=True, slots=True)
class RefusedCountry:
    """A country, or one of its networks by name, whose recipients all get nothing, and why."""

    country: str
    count: int
    reason: str
    network: str = ""


class Recipients:
    """The recipients of a send, sorted: valid ones by country, the others with their reason.

    Args:
        texts: as given; the first of several equal numbers counts.
        opted_out: E.164 numbers that must not be sent to.
    """

    def __init__(self, texts: Iterable[str], opted_out: frozenset[str]) -> None:
        self.by_country: dict[str, list[str]] = defaultdict(list)
        self.not_sent: list[NotSent] = []
        self.refused: list[RefusedCountry] = []
        # Where each number stands among the texts: its fields stand at the same place.
        self.places: dict[str, int] = {}
        for place, (text, one) in enumerate(_paired(texts)):
            if isinstance(one, RejectedNumber):
                self.not_sent.append(NotSent(text, "invalid_number"))
            elif one.e164 in self.places:
                self.not_sent.append(NotSent(text, "duplicate"))
            else:
                self.places[one.e164] = place
                if one.e164 in opted_out:
                    self.not_sent.append(NotSent(one.e164, "opted_out"))
                else:
                    self.by_country[one.country].append(one.e164)

    def refuse(
        self, country: str, reason: str, numbers: Sequence[str] | None = None, *, network: str = ""
    ) -> None:  # fmt: skip
        """Leave a country's recipients out, or only those of them that are given, which are on the network of this name."""
        if numbers is None:
            numbers = self.by_country.pop(country)
        self.refused.append(RefusedCountry(country, len(numbers), reason, network))
        self.not_sent += [NotSent(number, reason) for number in numbers]

    def again(self) -> "Recipients":
        """Return the same recipients, for another preflight; ``self`` must not have refused any."""
        other = Recipients((), frozenset())
        other.by_country.update(self.by_country)
        other.not_sent += self.not_sent
        other.places = self.places
        return other

    def refuse_all(self, reason: str) -> None:
        """Leave every recipient out."""
        for country in list(self.by_country):
            self.refuse(country, reason)


def _paired(texts: Iterable[str]) -> Iterable[tuple[str, Recipient | RejectedNumber]]:
    listed = list(texts)
    return zip(listed, parse_recipients(listed), strict=True)


class _NumberNetworks:
    """Which network a number belongs to, where the provider that sends tells the ranges of its networks (decisions.md 3)."""

    def __init__(self, uow: UnitOfWork, provider_id: int) -> None:
        self._uow = uow
        self._provider_id = provider_id
        self._countries = uow.number_ranges.countries(provider_id)

    def split(
        self, iso: str, numbers: Sequence[str], prices: ClientPrices
    ) -> Sequence[tuple[str | None, Sequence[str]]]:  # fmt: skip
        """Return the numbers of a country by MCC/MNC: under None, and first, those that have the country's price."""
        if iso not in self._countries:
            return [(None, numbers)]
        ranges = self._uow.number_ranges.of_country(self._provider_id, iso)
        known = {row.mccmnc for row in ranges if row.mccmnc is not None and prices.has_network(iso, row.mccmnc)}
        # A range without a network of its own still takes its numbers out of a shorter range around it.
        table = PrefixTable((row.prefix, row.mccmnc if row.mccmnc in known else None) for row in ranges)
        return sorted(table.split(numbers).items(), key=lambda one: one[0] or "")


class _SenderRules:
    """Whether a client's sender ID may be shown in a country, and what is shown there."""

    def __init__(self, uow: UnitOfWork, client: Client, provider: StoredProvider, sender: Sender, at: datetime) -> None:
        self._sender = sender
        self._fallback = uow.senders.fallback_numbers(provider.provider_id)
        self._rules = rules_in_force(uow)
        found = uow.senders.find(client.client_id, sender.key)
        self._is_known = found is not None
        self._approvals = uow.senders.approvals(found[0], at) if found is not None else {}

    def verdict(self, country: str) -> tuple[str | None, str]:
        """Return (why not, what is shown); the reason is None where it may."""
        status = self._approvals.get(country)
        rule, approval = rule_for(self._rules, country), ApprovalStatus(status) if status else None
        verdict = usable(self._sender, rule, approval, self._fallback.get(country))
        if not self._is_known or not verdict.allowed:
            return verdict.reason or "sender_not_approved", ""
        return None, verdict.shown_as or self._sender.text


def group_by_country(
    uow: UnitOfWork, client: Client, provider: StoredProvider, sender: Sender, recipients: Recipients, at: datetime,
    segments: int,
) -> list[CountryGroup]:  # fmt: skip
    """Return the recipients that may be sent to, with the promise for each country; the others are refused by name.

    Args:
        uow: the transaction that everything is read in.
        client: who pays.
        provider: who sends.
        sender: as whom.
        recipients: all of them; those that get nothing are refused.
        at: the moment.
        segments: of each message.
    """
    prices = ClientPrices(uow, client, at)
    networks = _NumberNetworks(uow, provider.provider_id)
    senders = _SenderRules(uow, client, provider, sender, at)
    disabled = uow.prices.disabled_countries()
    groups = []
    for country in sorted(recipients.by_country):
        reason, shown = ("country_disabled", "") if country in disabled else senders.verdict(country)
        place = prices.place_of(country)
        if reason is not None or place is None:
            recipients.refuse(country, reason or "no_price")
            continue
        for mccmnc, numbers in networks.split(place, recipients.by_country[country], prices):
            price = prices.of_country(place) if mccmnc is None else prices.of_network(place, mccmnc)
            if price.reason is not None:
                recipients.refuse(country, price.reason, numbers, network=price.network)
                continue
            quote = Quote(country, mccmnc, shown, price.price, price.cost, prices.currency, price.why, price.network)
            groups.append(CountryGroup(quote, tuple(numbers), segments * len(numbers)))
    return groups
