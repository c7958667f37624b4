"""Asking the providers what became of the messages they accepted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from desktop_app.domain.batches import OpenPart
from desktop_app.domain.errors import ProviderError, SecretStoreError
from desktop_app.domain.ladder import START, Ladder
from desktop_app.domain.pace import paced
from desktop_app.services.accounts import AccountsService
from desktop_app.services.clock import Clock
from desktop_app.services.delivery import DeliveryService, receipt_of
from desktop_app.services.job import Job
from desktop_app.storage.repositories.receipts import Receipt

# How long a message stands where it stands when it is asked about by itself.
AGES: Final = (
    *(timedelta(seconds=seconds) for seconds in (2, 5, 10, 15, 20, 30, 45)),
    *(timedelta(minutes=minutes) for minutes in (1, 1.5, 2, 3, 5, 8, 12, 20, 30, 45)),
    *(timedelta(hours=hours) for hours in (1, 1.5, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72)),
    *(timedelta(days=days) for days in (5, 7, 14)),
)
# No network reports later than that. A person can still ask.
SILENT_AFTER: Final = timedelta(days=30)
# Together with the unknown outcomes 1,000 a round; neither takes the other's share.
MOST_A_ROUND: Final = 800


class ReceiptPoller:
    """Pulls receipts: journal first, joined by rank."""

    def __init__(self, accounts: AccountsService, delivery: DeliveryService, clock: Clock) -> None:
        self._accounts = accounts
        self._delivery = delivery
        self._clock = clock
        self._ladder = Ladder(AGES, SILENT_AFTER)

    def poll_once(self, job: Job) -> int:
        """Ask once for every message without a final report; return how many messages changed.

        Raises:
            ProviderError, SecretStoreError: a provider failed, or its secret cannot be read; what the others and the earlier
                answers said is kept.
            Cancelled: the person stopped it; what was answered is kept.
        """
        changed = 0
        # What is sent meanwhile, or moved by an answer, stands later in the order than that.
        after, until = START, self._clock()
        failure: ProviderError | SecretStoreError | None = None
        while page := self._delivery.list_unreported(after, until):
            more, trouble = self._ask_all(self._delivery.list_open_parts([one.id for one in page]), job)
            changed, failure = changed + more, trouble or failure
            after = page[-1]
        if failure is not None:
            raise failure
        return changed

    def poll_due(self, job: Job) -> int:
        """Ask for the messages whose time to be asked about came, a round's share of them; return how many changed.

        The times are those of ``AGES``, counted from the last change of a message. What a round could not learn is asked for
        at the message's next time.

        Raises:
            ProviderError, SecretStoreError, Cancelled: as ``poll_once``.
        """
        return self._ask(self._delivery.take_due(self._ladder, MOST_A_ROUND), job)

    def ask_about(self, message_ids: Sequence[int], job: Job) -> int:
        """Ask once about these messages; return how many changed.

        Raises:
            ProviderError, SecretStoreError, Cancelled: as ``poll_once``.
        """
        return self._ask(self._delivery.list_parts(message_ids), job)

    def _ask(self, parts: Iterable[OpenPart], job: Job) -> int:
        changed, failure = self._ask_all(parts, job)
        if failure is not None:
            raise failure
        return changed

    def _ask_all(self, parts: Iterable[OpenPart], job: Job) -> tuple[int, ProviderError | SecretStoreError | None]:
        by_provider: dict[int, list[str]] = defaultdict(list)
        for part in parts:
            by_provider[part.provider_id].append(part.provider_message_id)
        changed = 0
        failure: ProviderError | SecretStoreError | None = None
        for provider_id, ids in by_provider.items():
            try:
                changed += self._ask_one(provider_id, ids, job)
            except (ProviderError, SecretStoreError) as error:
                failure = error
        return changed, failure

    def _ask_one(self, provider_id: int, ids: list[str], job: Job) -> int:
        provider = self._accounts.connect(self._accounts.by_id(provider_id))
        receipts: list[Receipt] = []
        try:
            for number, report in enumerate(paced(provider.fetch_statuses(ids)), start=1):
                receipts.append(receipt_of(report))
                job.step(number, len(ids))
        finally:
            changed = self._delivery.take_receipts(provider_id, receipts)
        return changed
