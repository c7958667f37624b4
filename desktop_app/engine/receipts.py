"""Asking the providers what became of the messages they accepted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from desktop_app.domain.batches import OpenPart
from desktop_app.domain.errors import ProviderError, SecretStoreError
from desktop_app.domain.pace import paced
from desktop_app.services.accounts import AccountsService
from desktop_app.services.delivery import RECEIPTS_AT_ONCE, DeliveryService, receipt_of
from desktop_app.services.job import Job
from desktop_app.storage.repositories.receipts import Receipt


class ReceiptPoller:
    """Pulls receipts: journal first, joined by rank."""

    def __init__(self, accounts: AccountsService, delivery: DeliveryService) -> None:
        self._accounts = accounts
        self._delivery = delivery

    def poll_once(self, job: Job) -> int:
        """Ask once for every message without a final report; return how many messages changed.

        Raises:
            ProviderError, SecretStoreError: a provider failed, or its secret cannot be read; what the others and the earlier
                answers said is kept.
            Cancelled: the person stopped it; what was answered is kept.
        """
        changed = 0
        after_id = 0
        failure: ProviderError | SecretStoreError | None = None
        while parts := self._delivery.list_open_parts(RECEIPTS_AT_ONCE, after_id):
            more, trouble = self._ask_all(parts, job)
            changed, failure = changed + more, trouble or failure
            after_id = parts[-1].message_id
        if failure is not None:
            raise failure
        return changed

    def ask_about(self, message_ids: Sequence[int], job: Job) -> int:
        """Ask once about these messages; return how many changed.

        Raises:
            ProviderError, SecretStoreError, Cancelled: as ``poll_once``.
        """
        changed, failure = self._ask_all(self._delivery.list_parts(message_ids), job)
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
                changed += self._ask(provider_id, ids, job)
            except (ProviderError, SecretStoreError) as error:
                failure = error
        return changed, failure

    def _ask(self, provider_id: int, ids: list[str], job: Job) -> int:
        provider = self._accounts.connect(self._accounts.by_id(provider_id))
        receipts: list[Receipt] = []
        try:
            for number, report in enumerate(paced(provider.fetch_statuses(ids)), start=1):
                receipts.append(receipt_of(report))
                job.step(number, len(ids))
        finally:
            changed = self._delivery.take_receipts(provider_id, receipts)
        return changed
