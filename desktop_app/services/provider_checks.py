"""Trying a provider account step by step, before it is saved and at any later time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import ProviderAuthError, ProviderError, ProviderUnreachable
from desktop_app.domain.language import tr, trn
from desktop_app.providers.base import Balance, CountryCosts, Driver, Provider
from desktop_app.services.job import Job


class Step(StrEnum):
    """What is tried, in this order."""

    ADDRESS = "address"
    LOGIN = "login"
    BALANCE = "balance"
    PRICES = "prices"


class StepState(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


STEPS: Final = tuple(Step)


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step that was tried.

    Attributes:
        step: which.
        state: how it ended; SKIPPED where an earlier one failed, or the provider cannot do it.
        detail: what was found, or what went wrong, in plain words.
        advice: what to do about a failure, "" when it passed.
    """

    step: Step
    state: StepState
    detail: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """All steps of a try.

    Attributes:
        steps: in their order, one of each.
        balance: what the provider told, None when it did not get so far.
        response_ms: how long the first answer took, None without one.
        error: the first failure, None when everything passed.
    """

    steps: tuple[CheckStep, ...]
    balance: Balance | None = None
    response_ms: int | None = None
    error: ProviderError | None = None

    @property
    def passed(self) -> bool:
        """Whether the account can be used."""
        return self.error is None

    @property
    def failure(self) -> CheckStep | None:
        """The step that failed, None when none did."""
        return next((one for one in self.steps if one.state is StepState.FAILED), None)


def check_account(open_account: Callable[[], Provider], driver: Driver, job: Job) -> Check:
    """Ask the provider for the balance, then for its list of prices, and say step by step how far it went.

    Args:
        open_account: makes the driver of the account.
        driver: what it is.
        job: told the number of each step before it is tried.

    Raises:
        InvalidInput: the account's fields are wrong; nothing was tried.
        Cancelled: the person stopped it.
    """
    provider = open_account()
    job.step(0, len(STEPS), Step.ADDRESS)
    started = time.monotonic()
    try:
        balance = provider.balance()
    except ProviderUnreachable as error:
        return _failed((), Step.ADDRESS, error, tr("Check the address, and whether this computer is online."))
    except ProviderAuthError as error:
        return _failed((_found(driver),), Step.LOGIN, error, _key_advice(driver))
    except ProviderError as error:
        advice = tr("The address answers, but not the way {label} does. Check it.", label=driver.label)
        return _failed((_found(driver),), Step.LOGIN, error, advice)
    response_ms = int((time.monotonic() - started) * 1000)
    money = f"{balance.amount:,.2f} {balance.currency}"
    passed = (
        _found(driver), CheckStep(Step.LOGIN, StepState.PASSED, tr("answered in {count} ms", count=response_ms)),
        CheckStep(Step.BALANCE, StepState.PASSED, money),
    )  # fmt: skip
    job.step(3, len(STEPS), Step.PRICES)
    try:
        prices = _prices(provider, driver, job)
    except ProviderError as error:
        advice = tr("Costs cannot be synced from this account. A price sheet can be imported instead.")
        return _failed(passed, Step.PRICES, error, advice, balance, response_ms)
    job.step(4, len(STEPS))
    return Check((*passed, prices), balance, response_ms)


def _found(driver: Driver) -> CheckStep:
    return CheckStep(Step.ADDRESS, StepState.PASSED, driver.label)


def _key_advice(driver: Driver) -> str:
    secret = next(field.label for field in driver.fields if field.secret)
    return tr("Paste the {secret} again. It may have been revoked, or belong to another account.", secret=secret)


def _prices(provider: Provider, driver: Driver, job: Job) -> CheckStep:
    if not driver.capabilities.lists_costs:
        return CheckStep(Step.PRICES, StepState.SKIPPED, tr("{label} lists no prices", label=driver.label))
    totals = [0]

    def note(_done: int, total: int, _country: str) -> None:
        totals.append(total)
        job.wait(0)

    first: CountryCosts | None = next(provider.list_costs(note), None)
    if first is None:
        raise ProviderError(tr("The list of prices is empty."))
    return CheckStep(Step.PRICES, StepState.PASSED, trn("{count} country", "{count} countries", max(totals)))


def _failed(
    passed: tuple[CheckStep, ...], step: Step, error: ProviderError, advice: str, balance: Balance | None = None,
    response_ms: int | None = None,
) -> Check:  # fmt: skip
    rest = [CheckStep(one, StepState.SKIPPED) for one in STEPS[len(passed) + 1 :]]
    failed = CheckStep(step, StepState.FAILED, error.user_message, advice)
    return Check((*passed, failed, *rest), balance, response_ms, error)
