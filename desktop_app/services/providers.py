"""Connecting to providers and keeping the connections: what each account is like, adding, testing, editing, removing."""

from collections.abc import Callable
from typing import Final

from desktop_app.domain.clients import clean_name, clean_text
from desktop_app.domain.errors import InvalidInput, NotAllowed
from desktop_app.domain.language import later, tr
from desktop_app.providers.base import Provider, ProviderAccount
from desktop_app.providers.hosts import origin_of
from desktop_app.providers.registry import DRIVERS, account_problems, checked_account, driver_of, open_provider
from desktop_app.secret_store import SecretStore, Where
from desktop_app.services.accounts import AccountsService, secret_name
from desktop_app.services.clock import Clock
from desktop_app.services.costs import convert_costs
from desktop_app.services.job import Job
from desktop_app.services.provider_checks import Check, check_account
from desktop_app.services.provider_records import (
    Keeping,
    ProviderDraft,
    ProviderKind,
    ProviderSummary,
    Removal,
    SecretState,
    summary_of,
)
from desktop_app.services.rule_following import refresh_costs
from desktop_app.storage.repositories.accounts import StoredProvider
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.storage.unit_of_work import Database, UnitOfWork

__all__ = ["CostRow", "ProvidersService"]

SHOWN_CHARACTERS: Final = 4
# Of a shorter secret four characters would tell too much.
SHORTEST_SHOWN_SECRET: Final = 12


class ProvidersService:
    """The accounts we have with providers.

    Args:
        database: where they live.
        accounts: adds them, opens them, pulls their costs.
        secrets: where their secrets live.
        clock: the time.
        connect: makes a driver of an account.
    """

    def __init__(
        self, database: Database, accounts: AccountsService, secrets: SecretStore, clock: Clock,
        connect: Callable[[ProviderAccount], Provider] = open_provider,
    ) -> None:  # fmt: skip
        self._database = database
        self._accounts = accounts
        self._secrets = secrets
        self._clock = clock
        self._connect = connect

    @staticmethod
    def kinds() -> tuple[ProviderKind, ...]:
        """Return the providers that can be connected, by name, each with the fields of its account."""
        return tuple(sorted(DRIVERS.values(), key=lambda driver: driver.label))

    def list_providers(self) -> list[ProviderSummary]:
        """Return all accounts by name."""
        with self._database.read() as uow:
            counts = uow.providers.cost_counts()
            return [summary_of(one, *counts.get(one.provider_id, (0, 0))) for one in uow.providers.list_all()]

    def costs(self, name: str) -> list[CostRow]:
        """Return what a provider asks for, by country and network.

        Raises:
            NotFound: no such account.
        """
        with self._database.read() as uow:
            return uow.costs.of_provider(uow.providers.get(name).provider_id)

    @staticmethod
    def problems(draft: ProviderDraft) -> dict[str, str]:
        """Return what is wrong with what was typed, a sentence by field ("name", "base_url", "secret" and the kind's own)."""
        problems = account_problems(_account(draft))
        try:
            clean_name(draft.name, later("provider"))
        except InvalidInput as error:
            problems["name"] = error.user_message
        return problems

    @staticmethod
    def needs_secret(before: str, after: str) -> bool:
        """Return whether another base URL leads to another host, so that the stored secret may not go there."""
        return origin_of(before) != origin_of(after)

    def check(self, draft: ProviderDraft, job: Job, *, stored: str | None = None) -> Check:
        """Try what was typed, without saving anything; with ``stored`` an empty secret is that account's.

        Raises:
            InvalidInput: a field is wrong; nothing was tried.
            SecretStoreError: the stored secret cannot be read.
            Cancelled: the person stopped it.
        """
        account = _account(draft)
        if stored is not None and not draft.secret:
            account = _account(draft, self._stored_secret(stored, draft.base_url))
        return check_account(lambda: self._connect(account), driver_of(draft.kind), job)

    def test(self, name: str, *, actor: str, job: Job) -> Check:
        """Try a stored account and remember how it went; when it answers, a paused route is used again.

        Raises:
            SecretStoreError: its secret cannot be read.
            Cancelled: the person stopped it.
        """
        with self._database.read() as uow:
            stored = uow.providers.get(name)
        check = check_account(lambda: self._accounts.connect(stored), driver_of(stored.kind), job)
        if check.error is not None:
            with self._database.begin() as uow:
                uow.providers.note_error(stored.provider_id, check.error.user_message, self._clock())
        if check.passed and check.balance is not None:
            self._accounts.note_answer(stored.provider_id, check.balance, check.response_ms or 0)
            self.resume(name, actor=actor)
        return check

    def add(
        self, draft: ProviderDraft, check: Check | None, *, default: bool, actor: str, session_only: bool = False
    ) -> StoredProvider:
        """Store a new account; what ``check`` found is its first answer.

        Raises:
            InvalidInput: a name that is taken, or a bad field.
            SecretStoreError: when the secret would be forgotten with this process and nobody chose that.
        """
        stored = self._accounts.add_provider(
            draft.name, draft.kind, base_url=draft.base_url, settings=draft.settings, secret=draft.secret,
            default=default, actor=actor, session_only=session_only,
        )  # fmt: skip
        if check is not None and check.balance is not None:
            self._accounts.note_answer(stored.provider_id, check.balance, check.response_ms or 0)
        return stored

    def edit(self, name: str, draft: ProviderDraft, *, actor: str, session_only: bool = False) -> StoredProvider:
        """Give an account another name, address, field or secret. Another host makes the stored secret go.

        Raises:
            NotFound: no such account.
            InvalidInput: a name that is taken, or a bad field.
            SecretStoreError: the new secret would be forgotten with this process and nobody chose that.
        """
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            # The stored secret is not needed to check the rest: any text stands for it.
            account = checked_account(_account(draft, draft.secret or "kept"))
            new_name = clean_name(draft.name, later("provider"))
            uow.providers.edit(stored.provider_id, new_name, account.base_url, account.settings)
            before, after = _differences(stored, new_name, account)
            if before != after:
                uow.activity.add(self._clock(), actor, "provider_changed", new_name, before=before, after=after)
            self._change_secret(uow, stored, account.base_url, draft.secret, actor, session_only=session_only)
            return uow.providers.by_id(stored.provider_id)

    def replace_secret(self, name: str, secret: str, *, actor: str, session_only: bool = False) -> None:
        """Keep another secret for an account.

        Raises:
            NotFound: no such account.
            InvalidInput: no secret.
            SecretStoreError: it would be forgotten with this process and nobody chose that.
        """
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            checked_account(ProviderAccount(name, stored.kind, stored.base_url, stored.settings, secret))
            self._change_secret(uow, stored, stored.base_url, secret, actor, session_only=session_only)

    def remove_secret(self, name: str, *, actor: str) -> None:
        """Forget the secret of an account, which cannot be used until another one is entered.

        Raises:
            NotFound: no such account.
            SecretStoreError: the secret store does not answer.
        """
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            self._forget_secret(uow, stored, actor, tr("Its key was removed. Enter it again."))

    def secret_state(self, name: str) -> SecretState:
        """Return where an account's secret is and how it ends.

        Raises:
            NotFound: no such account.
        """
        with self._database.read() as uow:
            key = secret_name(uow.providers.get(name).provider_id)
        where = self._secrets.where(key)
        titles = {
            Where.KEYRING: self._secrets.describe().title, Where.VAULT: tr("the vault of this profile"),
            Where.SESSION: tr("memory, until SMS Desk is closed"),
        }  # fmt: skip
        if where is None:
            return SecretState(None, "")
        if where is Where.VAULT and not self._secrets.is_open:
            return SecretState(where, titles[where], problem=tr("The vault needs its passphrase."))
        secret = self._secrets.load(key) or ""
        return SecretState(
            where, titles[where], secret[-SHOWN_CHARACTERS:] if len(secret) >= SHORTEST_SHOWN_SECRET else ""
        )

    def keeping(self) -> Keeping:
        """Return where the next secret will be kept when nobody is asked for a passphrase on the way."""
        state = self._secrets.describe()
        safe = state.where is Where.KEYRING or self._secrets.is_open
        return Keeping(state.where if safe else Where.SESSION, state.title, state.refusal, self._secrets.has_vault)

    def open_vault(self, passphrase: str) -> None:
        """Use the vault of this profile in this session, a new one when there is none.

        Raises:
            InvalidInput: a first passphrase that is too short.
            SecretStoreError: a wrong passphrase, or a damaged vault.
        """
        self._secrets.use_passphrase(passphrase)

    def set_default(self, name: str, *, actor: str) -> str | None:
        """Let an account send and give the costs from now on; return the former one's name, None when it was this one.

        Raises:
            NotFound: no such account.
        """
        with self._database.begin() as uow:
            stored, former = uow.providers.get(name), uow.providers.default()
            if stored.is_default:
                return None
            uow.providers.set_default(stored.provider_id)
            refresh_costs(uow, self._clock(), actor)
            before = former.name if former else None
            uow.activity.add(self._clock(), actor, "provider_default", stored.name, before=before, after=stored.name)
            return before

    def pause(self, name: str, reason: str, *, actor: str) -> bool:
        """Send nothing through an account until it is resumed; return whether it was working.

        Raises:
            NotFound: no such account.
            InvalidInput: a reason that is no line of text.
        """
        reason = clean_text(reason, later("reason"))
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            if stored.paused_reason is not None:
                return False
            uow.providers.pause(stored.provider_id, reason or tr("Paused by {person}", person=actor))
            uow.activity.add(self._clock(), actor, "route_paused", stored.name, reason=reason)
            return True

    def resume(self, name: str, *, actor: str) -> bool:
        """Send through an account again; return whether it was paused.

        Raises:
            NotFound: no such account.
        """
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            if stored.paused_reason is None:
                return False
            uow.providers.pause(stored.provider_id, None)
            uow.activity.add(self._clock(), actor, "route_resumed", stored.name)
            return True

    def plan_removal(self, name: str) -> Removal:
        """Return what removing an account would take away, or why it cannot be removed.

        Raises:
            NotFound: no such account.
        """
        with self._database.read() as uow:
            return _plan_removal(uow, uow.providers.get(name))

    def remove(self, name: str, *, actor: str) -> None:
        """Remove an account with its secret, its costs and its numbers; that cannot be undone.

        Raises:
            NotFound: no such account.
            NotAllowed: messages were sent through it, or it is the default of several.
            SecretStoreError: the secret store does not answer; nothing was removed.
        """
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            plan = _plan_removal(uow, stored)
            if plan.refusal:
                raise NotAllowed(plan.refusal)
            if stored.is_default:
                # It is the only one: what it asked for is no cost of anything any more.
                uow.costs.replace(stored.provider_id, [])
                convert_costs(uow, self._clock())
            uow.providers.remove(stored.provider_id)
            uow.activity.add(
                self._clock(), actor, "provider_removed", stored.name, driver=stored.kind, costs=plan.costs
            )
            self._secrets.delete(secret_name(stored.provider_id))

    def _stored_secret(self, name: str, base_url: str) -> str:
        with self._database.read() as uow:
            stored = uow.providers.get(name)
        if origin_of(base_url) != origin_of(stored.base_url):
            return ""
        return self._secrets.load(secret_name(stored.provider_id)) or ""

    def _change_secret(
        self, uow: UnitOfWork, stored: StoredProvider, base_url: str, secret: str, actor: str, *, session_only: bool
    ) -> None:
        """Last in its transaction: a secret that cannot be kept leaves the account as it was."""
        if secret:
            uow.activity.add(self._clock(), actor, "secret_replaced", uow.providers.by_id(stored.provider_id).name)
            self._accounts.keep_secret(stored.provider_id, secret, session_only=session_only)
        elif origin_of(base_url) != origin_of(stored.base_url):
            self._forget_secret(
                uow, stored, actor, tr("Its key was removed, because the address changed. Enter it again.")
            )

    def _forget_secret(self, uow: UnitOfWork, stored: StoredProvider, actor: str, reason: str) -> None:
        uow.providers.note_error(stored.provider_id, reason, self._clock())
        uow.activity.add(self._clock(), actor, "secret_removed", uow.providers.by_id(stored.provider_id).name)
        self._secrets.delete(secret_name(stored.provider_id))


def _account(draft: ProviderDraft, secret: str = "") -> ProviderAccount:
    return ProviderAccount(
        draft.name.strip(), draft.kind, draft.base_url.strip(), dict(draft.settings), draft.secret.strip() or secret
    )


def _plan_removal(uow: UnitOfWork, stored: StoredProvider) -> Removal:
    costs = uow.costs.of_provider(stored.provider_id)
    numbers = len(uow.senders.fallback_numbers(stored.provider_id))
    countries = tuple(dict.fromkeys(row.country for row in costs)) if stored.is_default else ()
    refusal, can_pause = "", False
    if uow.providers.is_referred_to(stored.provider_id):
        refusal, can_pause = tr("Messages were sent through “{name}”; their history needs it.", name=stored.name), True
    elif stored.is_default and len(uow.providers.list_all()) > 1:
        refusal = tr("“{name}” is the default provider. Make another one the default first.", name=stored.name)
    return Removal(refusal, can_pause and stored.paused_reason is None, countries, len(costs), numbers)


def _differences(stored: StoredProvider, name: str, account: ProviderAccount) -> tuple[str, str]:
    labels = {field.key: field.label for field in driver_of(account.kind).fields}
    pairs = [("", stored.name, name), ("", stored.base_url, account.base_url)]
    pairs += [
        (f"{labels.get(key, key)} ", stored.settings.get(key, ""), value) for key, value in account.settings.items()
    ]
    changed = [(label, old, new) for label, old, new in pairs if old != new]
    return (
        ", ".join(f"{label}{old}" for label, old, _ in changed),
        ", ".join(f"{label}{new}" for label, _, new in changed),
    )
