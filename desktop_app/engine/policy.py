"""The last look at a message before it is claimed: what was true when it was queued may not be true any more."""

from collections.abc import Sequence
from datetime import datetime

from desktop_app.domain.sender_ids import ApprovalStatus, parse_sender, rule_for, usable
from desktop_app.services.preflight import ClientPrices
from desktop_app.services.reference import sender_rules
from desktop_app.storage.repositories.dispatch import Candidate, CandidateBatch, QuotedDestination
from desktop_app.storage.unit_of_work import UnitOfWork


class LastLook:
    """Checks candidates inside the transaction that claims them; each batch and destination once.

    Args:
        uow: that transaction.
        batches: of the candidates, by id.
        quotes: of the candidates, by id.
        now: the moment.
    """

    def __init__(
        self, uow: UnitOfWork, batches: dict[int, CandidateBatch], quotes: dict[int, QuotedDestination], now: datetime
    ) -> None:
        self._uow = uow
        self._batches = batches
        self._quotes = quotes
        self._now = now
        self._opted_out: dict[int, frozenset[str]] = {}
        self._disabled = uow.prices.disabled_countries()
        self._verdicts: dict[tuple[int, int], str | None] = {}

    def sort(self, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
        """Return the candidates that may go, and the refused ones with the reason."""
        may_go: list[Candidate] = []
        refused: list[tuple[Candidate, str]] = []
        for candidate in candidates:
            reason = self._reason(candidate)
            if reason is None:
                may_go.append(candidate)
            else:
                refused.append((candidate, reason))
        return may_go, refused

    def _reason(self, candidate: Candidate) -> str | None:
        client_id = self._batches[candidate.batch_id].client_id
        if client_id not in self._opted_out:
            self._opted_out[client_id] = self._uow.clients.opted_out(client_id)
        if candidate.number in self._opted_out[client_id]:
            return "opted_out"
        place = (candidate.batch_id, candidate.quote_id)
        if place not in self._verdicts:
            self._verdicts[place] = self._of_destination(self._batches[place[0]], self._quotes[place[1]])
        return self._verdicts[place]

    def _of_destination(self, batch: CandidateBatch, quote: QuotedDestination) -> str | None:
        if quote.country in self._disabled:
            return "country_disabled"
        sender = parse_sender(batch.sender)
        found = self._uow.senders.find(batch.client_id, sender.key)
        status = self._uow.senders.approvals(found[0]).get(quote.country) if found else None
        fallback = self._uow.senders.fallback_numbers(batch.provider_id).get(quote.country)
        verdict = usable(
            sender, rule_for(sender_rules(), quote.country), ApprovalStatus(status) if status else None, fallback
        )
        if found is None or not verdict.allowed:
            return verdict.reason or "sender_not_approved"
        return ClientPrices(self._uow, self._uow.clients.by_id(batch.client_id), self._now).loss_reason(
            quote.country, quote.price
        )
