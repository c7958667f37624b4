"""Saving and finding secrets, wherever this computer can keep them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

from desktop_app.domain.errors import InvalidInput, SecretStoreError
from desktop_app.domain.language import tr
from desktop_app.secret_store.envelopes import Envelopes
from desktop_app.secret_store.keyrings import Choice, KeyringRefusal, SystemKeyring, choose
from desktop_app.secret_store.register import Register
from desktop_app.secret_store.vault import Vault

PASSPHRASE_VARIABLE: Final = "SMS_DESK_VAULT_PASSPHRASE"  # noqa: S105 - the variable's name
SHORTEST_PASSPHRASE: Final = 8
# So often a wrong one may be typed before what needed it is refused.
ASKED_AGAIN: Final = 3
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")


class Where(StrEnum):
    """Where a secret is kept."""

    KEYRING = "keyring"
    VAULT = "vault"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class StoreState:
    """Where the next secret will be kept.

    Attributes:
        where: the kind of place.
        title: what people call it.
        banner: one sentence to show as long as secrets are lost at the end of the session, else "".
        refusal: one sentence saying why no keyring is used, "" when one is.
    """

    where: Where
    title: str
    banner: str = ""
    refusal: str = ""


class SecretStore:
    """The secrets of one profile: in the keyring, else in the vault, else in memory. Safe to call from any thread.

    A secret that the vault holds is read from there before the keyring is asked. The vault holds it only while it is newer:
    saving into the keyring removes it, while a locked keyring may still have an old one when the vault gets the new one.

    Args:
        profile: the profile folder; made when something is first written.
        environment: for SMS_DESK_VAULT_PASSPHRASE and PYTHON_KEYRING_BACKEND.
        ask_passphrase: asks a person for the vault's passphrase, told why it is asked again, "" at first; returns None when they
            decline.
    """

    def __init__(
        self, profile: Path, environment: Mapping[str, str], ask_passphrase: Callable[[str], str | None] | None = None
    ) -> None:
        self._environment = environment
        self._ask_passphrase = ask_passphrase
        self._accepted_passphrase: str | None = None
        self._register = Register(profile)
        self._vault = Vault(profile)
        self._envelopes = Envelopes(profile / "envelopes")
        self._session: dict[str, str] = {}

    def save(self, name: str, secret: str) -> Where:
        """Keep ``secret`` under ``name``, replacing an older one.

        Args:
            name: such as "provider/main".
            secret: any text without NUL.

        Returns:
            Where it is now; after SESSION it is lost when the program ends.

        Raises:
            InvalidInput: the secret is empty or no proper text.
            SecretStoreError: the keyring refused and there is no passphrase for the vault, or the vault cannot be used.
        """
        self._check(name, secret)
        ring = self._choice.ring
        if ring is not None:
            try:
                return self._save_in_keyring(ring, name, secret)
            except KeyringRefusal:
                passphrase = self._passphrase()
                if passphrase is None:
                    raise
        else:
            passphrase = self._passphrase()
        if passphrase is None:
            self._session[name] = secret
            return Where.SESSION
        self._vault.save(name, secret, passphrase)
        self._accepted_passphrase = passphrase
        self._session.pop(name, None)
        return Where.VAULT

    def keep_for_session(self, name: str, secret: str) -> None:
        """Keep ``secret`` until the program ends and nowhere else; what a person chooses when no other place is left.

        Raises:
            InvalidInput: the secret is empty or no proper text.
        """
        self._check(name, secret)
        self._session[name] = secret

    def use_passphrase(self, passphrase: str) -> None:
        """Open the vault with ``passphrase`` for this session; the first one makes the vault when something is saved.

        Raises:
            InvalidInput: a first passphrase that is too short.
            SecretStoreError: a wrong passphrase, or a damaged vault.
        """
        if not self._vault.exists and len(passphrase) < SHORTEST_PASSPHRASE:
            sentence = tr("A passphrase has at least {count} characters.", count=SHORTEST_PASSPHRASE)
            raise InvalidInput(sentence, fields={"passphrase": sentence})
        self._vault.check(passphrase)
        self._accepted_passphrase = passphrase

    def where(self, name: str) -> Where | None:
        """Return where a secret is kept, None when none of this name is; asks nobody.

        Raises:
            SecretStoreError: a file is damaged.
        """
        if name in self._session:
            return Where.SESSION
        if self._vault.holds(name):
            return Where.VAULT
        return Where.KEYRING if self._register.service(name) is not None else None

    @property
    def is_open(self) -> bool:
        """Whether a passphrase for the vault is at hand, so that reading from it asks nobody."""
        return self._known_passphrase() is not None

    @property
    def has_vault(self) -> bool:
        """Whether there is a vault already, whose passphrase has to be the right one."""
        return self._vault.exists

    def load(self, name: str) -> str | None:
        """Return the secret, None when none of this name can be found.

        Raises:
            SecretStoreError: the vault holds it and the passphrase is missing or wrong, a file is damaged, or the keyring
                does not answer.
        """
        if name in self._session:
            return self._session[name]
        if self._vault.holds(name):
            passphrase = self._passphrase()
            if passphrase is None:
                raise SecretStoreError(tr('"{name}" is in the vault, which needs its passphrase.', name=name))
            secret = self._vault.load(name, passphrase)
            self._accepted_passphrase = passphrase
            return secret
        service = self._register.service(name)
        if service is None:
            return None
        ring = self._choice.ring
        if ring is None:
            raise SecretStoreError(tr('"{name}" is in the keyring: {refusal}', name=name, refusal=self._choice.refusal))
        kept = ring.get(service, name)
        return None if kept is None else self._envelopes.unwrap(name, kept)

    def delete(self, name: str) -> None:
        """Forget a secret wherever it is; an unknown name is fine.

        Where no keyring answers, one that was saved there is given up: it is not found again when the keyring is back.

        Raises:
            SecretStoreError: the keyring is locked, or a file is damaged or cannot be written.
        """
        service = self._register.service(name)
        ring = self._choice.ring if service is not None else None
        if service is not None and ring is not None:
            kept = ring.get(service, name)
            ring.remove(service, name)
            self._envelopes.discard(kept)
        self._register.remove(name)
        self._vault.remove(name)
        self._session.pop(name, None)

    def describe(self) -> StoreState:
        """Return where the next secret will be kept, without asking for a passphrase."""
        ring = self._choice.ring
        if ring is not None:
            return StoreState(Where.KEYRING, ring.title)
        if self._known_passphrase() or self._ask_passphrase is not None:
            return StoreState(Where.VAULT, tr("the vault of this profile"), refusal=self._choice.refusal)
        return StoreState(
            Where.SESSION,
            tr("this session"),
            tr("This computer has no secure store for keys. The key is kept until you close SMS Desk."),
            self._choice.refusal,
        )

    @cached_property
    def _choice(self) -> Choice:
        return choose(self._environment)

    def _save_in_keyring(self, ring: SystemKeyring, name: str, secret: str) -> Where:
        self._vault.holds(name)  # a damaged vault has to be told of before anything changes
        service = self._register.add(name)
        before = ring.get(service, name)
        value = self._envelopes.wrap(name, secret)
        try:
            ring.put(service, name, value)
        except KeyringRefusal:
            self._envelopes.discard(value)
            raise
        self._envelopes.discard(before)
        self._vault.remove(name)
        self._session.pop(name, None)
        return Where.KEYRING

    def _known_passphrase(self) -> str | None:
        return self._accepted_passphrase or self._environment.get(PASSPHRASE_VARIABLE) or None

    def _passphrase(self) -> str | None:
        known = self._known_passphrase()
        if known is not None or self._ask_passphrase is None:
            return known
        if not self._vault.exists:  # a damaged one is told of here, before anybody is asked
            return self._ask_passphrase("") or None
        why, given = "", None
        for _ in range(ASKED_AGAIN):
            given = self._ask_passphrase(why) or None
            if given is None:
                return None
            try:
                self._vault.check(given)
            except SecretStoreError as error:
                why = error.user_message
            else:
                return given
        return given

    @staticmethod
    def _check(name: str, secret: str) -> None:
        if not name:
            raise InvalidInput(tr("A secret needs a name."))
        if not secret:
            sentence = tr("The secret is empty.")
        elif _UNFIT.search(secret):
            sentence = tr("The secret contains characters that cannot be stored.")
        else:
            return
        raise InvalidInput(sentence, fields={"secret": sentence})
