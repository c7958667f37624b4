"""The drivers there are, and how an account becomes a provider."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import say, tr
from desktop_app.providers.base import LOOKUP_SECONDS, AccountField, Driver, Provider, ProviderAccount
from desktop_app.providers.drivers import seven, twilio, vonage
from desktop_app.providers.hosts import checked_base_url, origin_of

_MAX_FIELD_LENGTH: Final = 4000


DRIVERS: Final[Mapping[str, Driver]] = MappingProxyType(
    {driver.kind: driver for driver in (seven.DRIVER, twilio.DRIVER, vonage.DRIVER)}
)


def driver_of(kind: str) -> Driver:
    """Return the driver of ``kind``.

    Raises:
        InvalidInput: when there is none.
    """
    driver = DRIVERS.get(kind)
    if driver is None:
        sentence = tr(
            "There is no provider kind “{kind}”. Known kinds: {kinds}.",
            kind=kind[:40],
            kinds=", ".join(sorted(DRIVERS)),
        )
        raise InvalidInput(sentence, fields={"kind": sentence})
    return driver


def checked_account(account: ProviderAccount) -> ProviderAccount:
    """Return ``account`` with its base URL in one spelling (the driver's own when empty) and its settings trimmed.

    Raises:
        InvalidInput: an unknown kind, a field that is missing, unknown or malformed, or an address the secret may not go to.
    """
    driver = driver_of(account.kind)
    known = {field.key: field for field in driver.fields}
    settings = {key: value.strip() for key, value in account.settings.items()}
    for key in settings:
        if key not in known or known[key].secret:
            names = ", ".join(field.key for field in driver.fields if not field.secret)
            sentence = tr(
                "{label} has no setting “{key}”. Its settings: {names}.",
                label=driver.label,
                key=key[:40],
                names=names or tr("none"),
            )
            raise InvalidInput(sentence, fields={key: sentence})
    for field in driver.fields:
        _check_field(field, account.secret if field.secret else settings.get(field.key, ""))
    driver.check_settings(settings)
    base_url = checked_base_url(account.base_url or driver.default_base_url, driver.host_suffixes)
    return replace(account, base_url=base_url, settings=settings)


def account_problems(account: ProviderAccount) -> dict[str, str]:
    """Return what is wrong with an account's fields and address, a sentence by field; empty when it can be tried.

    Raises:
        InvalidInput: an unknown kind.
    """
    driver = driver_of(account.kind)
    settings = {key: value.strip() for key, value in account.settings.items()}
    checks: list[Callable[[], object]] = [
        partial(_check_field, field, account.secret if field.secret else settings.get(field.key, ""))
        for field in driver.fields
    ]
    checks.append(lambda: driver.check_settings(settings))
    checks.append(lambda: checked_base_url(account.base_url or driver.default_base_url, driver.host_suffixes))
    problems: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except InvalidInput as error:
            # What is said first of a field is the reason for what would be said next.
            problems = {**error.fields, **problems}
    return problems


def open_provider(account: ProviderAccount, lookup_seconds: float = LOOKUP_SECONDS) -> Provider:
    """Return the driver bound to ``account``, with a client that carries the secret to the account's own hosts only.

    Args:
        account: whose.
        lookup_seconds: an answer that takes longer is given up.

    Raises:
        InvalidInput: as ``checked_account``.
    """
    # Imported here because requests is heavy, and the window shows the list of drivers before it ever opens one.
    from desktop_app.providers.http import HTTPClient

    account = checked_account(account)
    driver = driver_of(account.kind)
    origins = {origin for root in driver.roots(account.base_url) if (origin := origin_of(root))}
    return driver.factory(account, HTTPClient(account.name, origins, deadline_seconds=lookup_seconds))


def _check_field(field: AccountField, value: str) -> None:
    if field.required and not value:
        sentence = tr("{label} is missing.", label=say(field.label))
    elif len(value) > _MAX_FIELD_LENGTH or not value.isprintable():
        sentence = tr("{label} contains characters that do not belong there.", label=say(field.label))
    else:
        return
    raise InvalidInput(sentence, fields={field.key: sentence})
