"""The errors a person can meet.

Every one carries a sentence to show (``user_message``) and a stable word for programs (``code``). Anything raised that is
not an AppError is a bug.

    AppError
    ├── NotFound            not_found
    ├── InvalidInput        invalid_input       fields: name -> sentence
    ├── StaleData           stale_data
    ├── InsufficientCredit  no_credit
    ├── NotAllowed          not_allowed
    ├── ProviderError       provider_error      retryable
    │   ├── ProviderAuthError        provider_auth
    │   ├── ProviderUnreachable      provider_unreachable
    │   └── ProviderAnswerError      provider_answer
    ├── StorageUnavailable  storage_unavailable
    ├── SecretStoreError    secret_store
    └── Cancelled           cancelled
"""

from collections.abc import Mapping


class AppError(Exception):
    """An expected failure, with a sentence for the person and a code for programs."""

    code = "error"

    def __init__(self, user_message: str, *, code: str | None = None) -> None:
        super().__init__(user_message)
        self.user_message = user_message
        if code is not None:
            self.code = code


class NotFound(AppError):
    """What was named does not exist."""

    code = "not_found"


class InvalidInput(AppError):
    """Something typed, pasted or imported cannot be used; ``fields`` names each culprit."""

    code = "invalid_input"

    def __init__(self, user_message: str, *, fields: Mapping[str, str] | None = None, code: str | None = None) -> None:
        super().__init__(user_message, code=code)
        self.fields = dict(fields or {})


class StaleData(AppError):
    """Somebody else changed the same thing meanwhile."""

    code = "stale_data"


class InsufficientCredit(AppError):
    """The client's available credit does not cover it; nothing was sent and nothing was held."""

    code = "no_credit"


class NotAllowed(AppError):
    """A rule or a switch forbids it."""

    code = "not_allowed"


class ProviderError(AppError):
    """The provider refused or failed; ``retryable`` says whether asking again can help."""

    code = "provider_error"

    def __init__(self, user_message: str, *, retryable: bool = False, code: str | None = None) -> None:
        super().__init__(user_message, code=code)
        self.retryable = retryable


class ProviderAuthError(ProviderError):
    """The provider does not accept the credentials."""

    code = "provider_auth"


class ProviderUnreachable(ProviderError):
    """No connection, or no complete answer in time."""

    code = "provider_unreachable"


class ProviderAnswerError(ProviderError):
    """The provider's answer is not what its documentation says."""

    code = "provider_answer"


class StorageUnavailable(AppError):
    """The database cannot be opened, read or written just now."""

    code = "storage_unavailable"


class SecretStoreError(AppError):
    """A secret could not be stored or read back."""

    code = "secret_store"


class Cancelled(AppError):
    """The person stopped it."""

    code = "cancelled"
