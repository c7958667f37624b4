"""The system's own keyrings, and no others.

The keyring library may be led, by the environment, a configuration file or a plug-in, to a backend that keeps secrets in
plain text or forgets them (reliability.md P47). So its own choice is never used: the allowed backends are tried here by
name, plug-ins are not loaded, and every secret is read back after it was written.
"""

import contextlib
import importlib
import pkgutil
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from desktop_app.domain.errors import SecretStoreError
from desktop_app.domain.language import tr

T = TypeVar("T")

ANSWER_SECONDS: Final = 60.0  # time for a person to answer the keyring's prompt; a hung keyring must not hang us
DISCOVERY_SECONDS: Final = 10.0  # nobody is asked anything yet
_PLATFORM: Final = sys.platform if sys.platform in ("win32", "darwin") else ""
_FORCED: Final = "PYTHON_KEYRING_BACKEND"
_CHAINER: Final = "keyring.backends.chainer.ChainerBackend"


class KeyringRefusal(SecretStoreError):
    """The keyring did not do what it was asked; the vault may be used instead."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """An allowed backend.

    Attributes:
        title: what people call it.
        platform: "win32", "darwin", or "" for every other.
        module: where its class is.
        name: of the class.
        errors: paths of what it raises besides the usual, for ``pkgutil.resolve_name``.
    """

    title: str
    platform: str
    module: str
    name: str = "Keyring"
    errors: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """As PYTHON_KEYRING_BACKEND and keyringrc.cfg spell it."""
        return f"{self.module}.{self.name}"


_ALLOWED: Final = (
    _Kind(
        "Secret Service",
        "",
        "keyring.backends.SecretService",
        errors=("secretstorage.exceptions:SecretStorageException", "jeepney.wrappers:DBusErrorResponse"),
    ),
    _Kind("KWallet", "", "keyring.backends.kwallet", "DBusKeyring", ("keyring.backends.kwallet:dbus.DBusException",)),
    _Kind("Secret Service", "", "keyring.backends.libsecret", errors=("keyring.backends.libsecret:GLib.Error",)),
    _Kind("macOS Keychain", "darwin", "keyring.backends.macOS"),
    _Kind(
        "Windows Credential Manager",
        "win32",
        "keyring.backends.Windows",
        "WinVaultKeyring",
        ("keyring.backends.Windows:pywintypes.error",),
    ),
)


class _Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class SystemKeyring:
    """An allowed backend that answered; safe to call from any thread.

    Attributes:
        title: what people call it.
    """

    def __init__(self, title: str, backend: _Backend, errors: tuple[type[Exception], ...]) -> None:
        self.title = title
        self._backend = backend
        self._errors = errors
        self._hung = False

    def get(self, service: str, name: str) -> str | None:
        """Return what is kept, None when nothing is.

        Raises:
            KeyringRefusal: locked, denied or without an answer.
        """
        return self._ask(lambda: self._backend.get_password(service, name))

    def put(self, service: str, name: str, value: str) -> None:
        """Keep ``value`` and read it back.

        Raises:
            KeyringRefusal: see ``get``, or something else came back; then nothing is kept.
        """
        self._ask(lambda: self._backend.set_password(service, name, value))
        if self.get(service, name) != value:
            with contextlib.suppress(KeyringRefusal):
                self.remove(service, name)
            raise KeyringRefusal(tr("The keyring ({keyring}) did not keep what was saved in it.", keyring=self.title))

    def remove(self, service: str, name: str) -> None:
        """Forget what is kept, if anything is.

        Raises:
            KeyringRefusal: see ``get``, or it is still there.
        """
        if self.get(service, name) is None:
            return
        self._ask(lambda: self._backend.delete_password(service, name))
        if self.get(service, name) is not None:
            raise KeyringRefusal(tr("The keyring ({keyring}) did not remove a secret.", keyring=self.title))

    def _ask(self, call: Callable[[], T]) -> T:
        if self._hung:
            raise KeyringRefusal(tr("The keyring ({keyring}) does not answer.", keyring=self.title))
        try:
            return _answer(call, self._errors, ANSWER_SECONDS)
        except TimeoutError as error:
            self._hung = True
            raise KeyringRefusal(tr("The keyring ({keyring}) does not answer.", keyring=self.title)) from error
        except UnicodeError:
            pass  # it carries the bytes that could not be decoded, which are the secret: nothing may refer to it
        except self._errors as error:
            raise KeyringRefusal(
                tr("The keyring ({keyring}) is locked or does not allow access.", keyring=self.title)
            ) from error
        raise KeyringRefusal(tr("The keyring ({keyring}) did not keep what was saved in it.", keyring=self.title))


@dataclass(frozen=True, slots=True)
class Choice:
    """The keyring in use.

    Attributes:
        ring: None when there is none.
        refusal: one sentence saying why there is none, "" when there is one.
    """

    ring: SystemKeyring | None
    refusal: str = ""


def choose(environment: Mapping[str, str]) -> Choice:
    """Return the first allowed backend that answers, within what the person set.

    Who forced a backend that is not allowed does not get another one instead: it may have been forced off on purpose.
    """
    forced = environment.get(_FORCED) or _configured()
    if forced not in ("", _CHAINER, *(kind.path for kind in _ALLOWED)):
        return Choice(None, tr('The keyring "{keyring}" is set, which is not safe to use.', keyring=forced))
    kinds = [kind for kind in _ALLOWED if kind.platform == _PLATFORM and forced in ("", _CHAINER, kind.path)]
    ring = next((ring for ring in map(_try, kinds) if ring is not None), None)
    if ring is not None:
        return Choice(ring)
    if forced:
        return Choice(None, tr('The keyring "{keyring}" is set, and no system keyring answers there.', keyring=forced))
    return Choice(None, tr("No system keyring answers."))


def _configured() -> str:
    """Return the backend that keyring's configuration file names, "" for none (``keyring --disable`` writes one)."""
    import configparser

    from keyring.util import platform_

    settings = configparser.RawConfigParser()
    try:
        settings.read(platform_.config_root() / "keyringrc.cfg", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return ""
    return settings.get("backend", "default-keyring", fallback="").strip()


def _try(kind: _Kind) -> SystemKeyring | None:
    unusable = (ImportError, AttributeError, OSError, RuntimeError)
    try:
        return _answer(lambda: _open(kind), unusable, DISCOVERY_SECONDS)
    except unusable:
        return None


def _open(kind: _Kind) -> SystemKeyring | None:
    from keyring.errors import KeyringError

    backend = getattr(importlib.import_module(kind.module), kind.name)
    if not backend.viable:
        return None
    own = tuple(pkgutil.resolve_name(path) for path in kind.errors)
    return SystemKeyring(kind.title, backend(), (KeyringError, OSError, RuntimeError, ValueError, *own))


def _answer(call: Callable[[], T], errors: tuple[type[Exception], ...], seconds: float) -> T:
    """Return the result of ``call``, made in a thread of its own that is left behind when it hangs.

    Raises:
        TimeoutError: no result in time.
        errors: what ``call`` raised.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except errors as error:
            future.set_exception(error)
        finally:
            future.cancel()  # after a bug in the backend; a finished future does not mind

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return future.result(seconds)
