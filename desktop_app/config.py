"""Where things are and what the person who starts the program chose: environment and config.toml into frozen values."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desktop_app.domain.clients import clean_name
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import language_of, tr

APP_NAME: Final = "SMS Desk"
MAX_CONFIG_BYTES: Final = 1_000_000
PERSONAL_FILE: Final = "personal.json"


def resource_path(name: str) -> Path:
    """Return the file or folder ``name`` ("data/mccmnc.csv") of resources/: in the bundle, in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parent
    bundled = Path(getattr(sys, "_MEIPASS", package)) / "_resources"
    root = bundled if bundled.is_dir() else package.parent / "resources"
    return root / name


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run of the program works on.

    Attributes:
        profile: the folder of this profile: database, vault, logs, backups.
        database_url: SQLAlchemy URL without a password.
        actor: who acts, for every trace in the database.
        language: "en", "tr" or "de".
    """

    profile: Path
    database_url: str
    actor: str
    language: str


def load_settings(
    environment: Mapping[str, str],
    *,
    profile: Path | str | None = None,
    database_url: str | None = None,
    actor: str | None = None,
) -> Settings:
    """Return the settings: command line before environment before the profile's config.toml before defaults.

    Makes the profile folder, readable by its owner only.

    Raises:
        InvalidInput: the folder cannot be made, config.toml cannot be read, the URL carries a password, or what was given
            is empty: an unset variable of a script must not end in another profile, database or name.
    """
    folder = _profile_folder(environment, profile)
    stored = _read_config(folder / "config.toml")
    if database_url is not None and not database_url.strip():
        raise InvalidInput(tr("The database address given with --db is empty."))
    url = database_url or environment.get("SMS_DESK_DB") or stored.get("database_url")
    url = url or f"sqlite:///{folder / 'sms-desk.db'}"
    _refuse_password(url)
    return Settings(
        profile=folder,
        database_url=url,
        actor=clean_name(_os_user() if actor is None else actor, tr("person")),
        language=_language(environment.get("SMS_DESK_LANGUAGE"), read_personal(folder), stored.get("language")),
    )


def read_personal(folder: Path) -> Mapping[str, object] | None:
    """Return what stands in the personal settings of a profile: nothing without the file, None when it is broken."""
    path = folder / PERSONAL_FILE
    try:
        if not path.is_file():
            return {}
        content = json.loads(path.read_text("utf-8")) if path.stat().st_size <= MAX_CONFIG_BYTES else None
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _language(given: str | None, personal: Mapping[str, object] | None, stored: str | None) -> str:
    """Return the language: of the environment, before what the person chose in the window, before config.toml."""
    chosen = (personal or {}).get("language")
    wanted = (given, chosen if isinstance(chosen, str) else None, stored)
    return next((found for text in wanted if text and (found := language_of(text))), "en")


def _profile_folder(environment: Mapping[str, str], profile: Path | str | None) -> Path:
    if profile == "":
        raise InvalidInput(tr("The profile folder given with --profile is empty."))
    chosen = profile or environment.get("SMS_DESK_PROFILE") or _usual_folder()
    # os.path leaves "~nobody" as it is, where pathlib would raise.
    folder = Path(os.path.expanduser(chosen)).absolute()  # noqa: PTH111
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else tr("it is not the name of a folder")
        raise InvalidInput(
            tr("The profile folder {folder} cannot be made: {reason}.", folder=folder, reason=reason or "?")
        ) from error
    return folder


def _usual_folder() -> str:
    # Here, not above: where the folder is named, the window is painted the sooner.
    import platformdirs

    return platformdirs.user_data_dir(APP_NAME, appauthor=False)


def _read_config(path: Path) -> dict[str, str]:
    """Return the settings of ``path`` that this program knows; those of a newer one are left alone."""
    try:
        if not path.exists():
            return {}
        # Here, not above: most profiles have no such file, and the window is painted the sooner.
        import tomllib

        if not path.is_file() or path.stat().st_size > MAX_CONFIG_BYTES:
            raise InvalidInput(tr("The settings file {file} is not a text file. Mend or remove it.", file=path))
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise InvalidInput(
            tr("The settings file {file} cannot be read: {reason}.", file=path, reason=error.strerror or "?")
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(tr("The settings file {file} is not a text file. Mend or remove it.", file=path)) from error
    except ValueError as error:
        raise InvalidInput(tr("The settings file {file} cannot be read: {reason}.", file=path, reason=error)) from error
    known: dict[str, str] = {}
    for name in ("database_url", "language"):
        value = content.get(name, "")
        if not isinstance(value, str):
            raise InvalidInput(tr("In the settings file {file} “{name}” must be a text.", file=path, name=name))
        known[name] = value
    return known


def _refuse_password(url: str) -> None:
    # A command line is visible to every process of the machine (decisions.md 21).
    scheme, _, rest = url.partition("://")
    address, _, options = (rest or scheme).partition("?")
    in_address = not scheme.startswith("sqlite") and ":" in address.rpartition("@")[0]
    if in_address or "password=" in options.lower():
        raise InvalidInput(tr("A database password does not belong in the address. Use PGPASSWORD or a pgpass file."))


def _os_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "user"
