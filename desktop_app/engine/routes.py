"""The routes that messages take: the open drivers, and which of them may be used at this moment (reliability.md, P12)."""

from collections import Counter
from collections.abc import Collection
from typing import Final

from desktop_app.engine.lease import steady_seconds
from desktop_app.providers.base import Provider, SendOutcome, SendResult
from desktop_app.services.accounts import AccountsService
from desktop_app.storage.repositories.accounts import StoredProvider

# So many sends in a row that the route did not take, and it gets a rest: a provider that is down or throttles must not be
# tried with every message of the queue.
PATIENCE: Final = 20
_NOT_SENT: Final = SendOutcome.NOT_SENT
FIRST_REST_SECONDS: Final = 2.0
LONGEST_REST_SECONDS: Final = 60.0


class Routes:
    """Opens each provider once. One that takes nothing rests, one that is closed stays so until it is opened again.

    Args:
        accounts: opens the providers.
    """

    def __init__(self, accounts: AccountsService) -> None:
        self._accounts = accounts
        self._open: dict[int, Provider] = {}
        self._refusals: Counter[int] = Counter()
        self._rests_taken: Counter[int] = Counter()
        self._resting_until: dict[int, float] = {}

    def open(self, stored: StoredProvider) -> None:
        """Open a provider.

        Raises:
            SecretStoreError: its secret cannot be read.
        """
        self._open[stored.provider_id] = self._accounts.connect(stored)

    def close(self, provider_id: int) -> None:
        """Stop using a route at once; the next message for it opens it anew, with the credentials of then."""
        self._open.pop(provider_id, None)

    def provider(self, provider_id: int) -> Provider:
        """Return an open provider."""
        return self._open[provider_id]

    def closed(self, provider_ids: Collection[int]) -> set[int]:
        """Return which of the providers must be opened first."""
        return set(provider_ids) - self._open.keys()

    def resting(self) -> set[int]:
        """Return the providers that rest just now."""
        now = steady_seconds()
        return {provider_id for provider_id, end in self._resting_until.items() if now < end}

    def usable(self, provider_id: int) -> bool:
        """Return whether a send may start on this route at this very moment; asked from any thread."""
        end = self._resting_until.get(provider_id)
        return provider_id in self._open and (end is None or steady_seconds() >= end)

    def note(self, provider_id: int, sent: SendResult) -> bool:
        """Remember how a send went; return True when the route takes a rest because of it."""
        if sent.outcome is not _NOT_SENT:
            if self._refusals or self._rests_taken:
                self._refusals.pop(provider_id, None)
                self._rests_taken.pop(provider_id, None)
            return False
        if not self.usable(provider_id):
            return False
        self._refusals[provider_id] += 1
        if self._refusals[provider_id] < PATIENCE:
            return False
        rest = min(FIRST_REST_SECONDS * 2 ** min(self._rests_taken[provider_id], 10), LONGEST_REST_SECONDS)
        self._resting_until[provider_id] = steady_seconds() + max(rest, sent.retry_after_seconds or 0.0)
        self._refusals[provider_id] = 0
        self._rests_taken[provider_id] += 1
        return True
