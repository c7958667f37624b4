"""The last look at a message before it is claimed: what was true when it was queued may not be true any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from desktop_app.domain.sender_ids import ApprovalStatus, parse_sender, usable
from desktop_app.engine.lease import steady_seconds
from desktop_app.services.applied_prices import ClientPrices
from desktop_app.services.country_rules import rule_in_force
from desktop_app.storage.repositories.dispatch import Candidate, CandidateBatch, QuotedDestination
from desktop_app.storage.unit_of_work import UnitOfWork

# A verdict on a destination serves the chunks claimed within this time: whoever stops something waits no longer for it.
VERDICT_SECONDS: Final = 0.5


class LastLook:
    """Checks candidates inside the transaction that claims them.

    Opted-out numbers are looked at for every message; what a whole destination of a batch shares (country, sender ID, loss
    guard) once in half a second.
    """

    def __init__(self) -> None:
        self._verdicts: dict[tuple[int, int], str | None] = {}
        self._since = 0.0

    def sort(
        self, uow: UnitOfWork, candidates: Sequence[Candidate], batches: dict[int, CandidateBatch],
        quotes: dict[int, QuotedDestination], now: datetime,
    ) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:  # fmt: skip
        """Return the candidates that may go, and the refused ones with the reason."""
        if steady_seconds() - self._since > VERDICT_SECONDS:
            self._verdicts, self._since = {}, steady_seconds()
        opted_out = uow.dispatch.opted_out([one.message_id for one in candidates])
        may_go: list[Candidate] = []
        refused: list[tuple[Candidate, str]] = []
        for candidate in candidates:
            place = (candidate.batch_id, candidate.quote_id)
            if place not in self._verdicts:
                self._verdicts[place] = _verdict(uow, batches[candidate.batch_id], quotes[candidate.quote_id], now)
            reason = "opted_out" if candidate.message_id in opted_out else self._verdicts[place]
            if reason is None:
                may_go.append(candidate)
            else:
                refused.append((candidate, reason))
        return may_go, refused


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
