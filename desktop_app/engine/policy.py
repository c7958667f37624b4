"""The last look at a message before it is claimed: what was true when it was queued may not be true any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from desktop_app.domain.destinations import PrefixTable, pricing_countries
from desktop_app.domain.sender_ids import ApprovalStatus, parse_sender, usable
from desktop_app.engine.lease import steady_seconds
from desktop_app.services.applied_prices import ClientPrices
from desktop_app.services.country_rules import rule_in_force
from desktop_app.storage.repositories.dispatch import Candidate, CandidateBatch, QuotedDestination
from desktop_app.storage.unit_of_work import UnitOfWork

# A verdict on a destination serves the chunks claimed within this time: whoever stops something waits no longer for it.
VERDICT_SECONDS: Final = 0.5
# Number ranges are many and hardly ever move.
RANGES_SECONDS: Final = 60.0


class LastLook:
    """Checks candidates inside the transaction that claims them.

    Opted-out numbers are looked at for every message; what a whole destination of a batch shares (country, sender ID, loss
    guard) once in half a second. The loss guard asks for the network that a number belongs to by now.
    """

    def __init__(self) -> None:
        self._verdicts: dict[tuple[int, int, str | None], str | None] = {}
        self._since = 0.0
        self._networks: dict[tuple[int, str], PrefixTable[str | None]] = {}
        self._networks_since = 0.0

    def sort(
        self, uow: UnitOfWork, candidates: Sequence[Candidate], batches: dict[int, CandidateBatch],
        quotes: dict[int, QuotedDestination], now: datetime,
    ) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:  # fmt: skip
        """Return the candidates that may go, and the refused ones with the reason."""
        if steady_seconds() - self._since > VERDICT_SECONDS:
            self._verdicts, self._since = {}, steady_seconds()
        if steady_seconds() - self._networks_since > RANGES_SECONDS:
            self._networks, self._networks_since = {}, steady_seconds()
        opted_out = uow.dispatch.opted_out([one.message_id for one in candidates])
        may_go: list[Candidate] = []
        refused: list[tuple[Candidate, str]] = []
        for candidate in candidates:
            batch, quote = batches[candidate.batch_id], quotes[candidate.quote_id]
            network = self._network(uow, batch.provider_id, quote.country, candidate.number) or quote.mccmnc
            place = (candidate.batch_id, candidate.quote_id, network)
            if place not in self._verdicts:
                self._verdicts[place] = _verdict(uow, batch, replace(quote, mccmnc=network), now)
            reason = "opted_out" if candidate.message_id in opted_out else self._verdicts[place]
            if reason is None:
                may_go.append(candidate)
            else:
                refused.append((candidate, reason))
        return may_go, refused

    def _network(self, uow: UnitOfWork, provider_id: int, country: str, number: str) -> str | None:
        """Return the network whose range tells that it has a number, None where none does."""
        place = (provider_id, country)
        if place not in self._networks:
            # Of a country and the one whose networks it shares the country's own come last, and hold.
            isos = reversed(pricing_countries(country))
            rows = [row for iso in isos for row in uow.number_ranges.of_country(provider_id, iso)]
            self._networks[place] = PrefixTable({row.prefix: row.mccmnc for row in rows}.items())
        return self._networks[place].match(number)


def _verdict(uow: UnitOfWork, batch: CandidateBatch, quote: QuotedDestination, now: datetime) -> str | None:
    """Return why nothing of a batch may go to a destination now, None when it may."""
    if quote.country in uow.prices.disabled_countries():
        return "country_disabled"
    sender = parse_sender(batch.sender)
    found = uow.senders.find(batch.client_id, sender.key)
    status = uow.senders.approvals(found[0], now).get(quote.country) if found else None
    fallback = uow.senders.fallback_numbers(batch.provider_id).get(quote.country)
    rule = rule_in_force(uow, quote.country)
    verdict = usable(sender, rule, ApprovalStatus(status) if status else None, fallback)
    if found is None or not verdict.allowed:
        return verdict.reason or "sender_not_approved"
    return ClientPrices(uow, uow.clients.by_id(batch.client_id), now).loss_reason(
        quote.country, quote.price, quote.mccmnc
    )
