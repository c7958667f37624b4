"""A provider account as the window sees it: what is stored, what was typed, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from desktop_app.providers.base import AccountField, Balance, Driver
from desktop_app.providers.hosts import is_sandbox
from desktop_app.providers.registry import DRIVERS
from desktop_app.secret_store import Where
from desktop_app.storage.repositories.accounts import StoredProvider

# A provider that takes longer than this for its balance is called slow.
SLOW_MILLISECONDS: Final = 500

ProviderKind = Driver
Field = AccountField


class ProviderState(StrEnum):
    """How a provider stands; the first that holds, in this order."""

    PAUSED = "paused"
    FAILING = "failing"
    NO_CREDIT = "no_credit"
    TEST_ONLY = "test_only"
    UNTESTED = "untested"
    SLOW = "slow"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """A provider account as the list shows it.

    Attributes:
        label: the provider's own name.
        is_sandbox: it is on this computer: nothing is sent.
        state: how it stands.
        balance: the money there when it last told, None before.
        answered_at: when that was.
        response_ms: how long its last good answer took.
        countries: how many countries it has costs for.
        networks: how many networks.
    """

    provider_id: int
    name: str
    kind: str
    label: str
    base_url: str
    settings: Mapping[str, str]
    is_default: bool
    is_sandbox: bool
    state: ProviderState
    paused_reason: str | None
    last_error: str | None
    failed_at: datetime | None
    balance: Balance | None
    answered_at: datetime | None
    response_ms: int | None
    costs_synced_at: datetime | None
    countries: int
    networks: int


@dataclass(frozen=True, slots=True)
class ProviderDraft:
    """What a person typed about an account; ``secret`` "" means: keep the stored one."""

    name: str
    kind: str
    base_url: str
    settings: Mapping[str, str]
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SecretState:
    """Where an account's secret is.

    Attributes:
        where: None when it is nowhere: it has to be entered again.
        title: what people call that place.
        ending: its last characters, "" where it is too short to show any or cannot be read just now.
        problem: why it cannot be read just now, "" when it can.
    """

    where: Where | None
    title: str
    ending: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the next secret will be kept.

    Attributes:
        where: KEYRING, VAULT, or SESSION when this computer has no safe place.
        title: what people call it.
        why: why no keyring is used, "" when one is.
        has_vault: there is a vault already, whose passphrase is needed.
    """

    where: Where
    title: str
    why: str
    has_vault: bool


@dataclass(frozen=True, slots=True)
class Removal:
    """What removing an account would take away.

    Attributes:
        refusal: why it cannot be removed, "" when it can.
        can_pause: pausing it is what can be done instead.
        countries: the countries that lose their provider and cannot be sold any more.
        costs: how many costs go.
        numbers: how many numbers shown instead of names go.
    """

    refusal: str
    can_pause: bool
    countries: tuple[str, ...]
    costs: int
    numbers: int


def summary_of(stored: StoredProvider, countries: int, networks: int) -> ProviderSummary:
    """Return a stored account as the list shows it, given how many countries and networks it has costs for."""
    answer = stored.answer
    balance = Balance(Decimal(answer.balance), answer.currency) if answer is not None else None
    driver = DRIVERS.get(stored.kind)
    return ProviderSummary(
        stored.provider_id, stored.name, stored.kind, driver.label if driver else stored.kind, stored.base_url,
        stored.settings, stored.is_default, is_sandbox(stored.base_url), _state(stored, balance), stored.paused_reason,
        stored.last_error, stored.failed_at, balance, answer.at if answer else None,
        answer.response_ms if answer else None, stored.costs_synced_at, countries, networks,
    )  # fmt: skip


def _state(stored: StoredProvider, balance: Balance | None) -> ProviderState:
    if stored.paused_reason is not None:
        return ProviderState.PAUSED
    if stored.last_error is not None:
        return ProviderState.FAILING
    if balance is not None and balance.amount <= 0:
        return ProviderState.NO_CREDIT
    if is_sandbox(stored.base_url):
        return ProviderState.TEST_ONLY
    if stored.answer is None:
        return ProviderState.UNTESTED
    return ProviderState.SLOW if stored.answer.response_ms >= SLOW_MILLISECONDS else ProviderState.WORKING
