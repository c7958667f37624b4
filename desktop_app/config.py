"""Where things are and what the person who starts the program chose: environment and config.toml into frozen values."""

import getpass
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

APP_NAME = "SMS Desk"


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
    profile: Path | None = None,
    database_url: str | None = None,
    actor: str | None = None,
) -> Settings:
    """Return the settings: command line before environment before the profile's config.toml before defaults.

    Makes the profile folder, readable by its owner only.

    Raises:
        InvalidInput: when config.toml cannot be read, or the URL carries a password.
    """
    chosen = profile or Path(environment.get("SMS_DESK_PROFILE") or platformdirs.user_data_dir(APP_NAME, appauthor=False))
    folder = chosen.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InvalidInput(
            tr("The profile folder {folder} cannot be made: {reason}.", folder=folder, reason=error.strerror or "?")
        ) from error
    stored = _read_config(folder / "config.toml")
    url = database_url or environment.get("SMS_DESK_DB") or stored.get("database_url")
    url = url or f"sqlite:///{folder / 'sms-desk.db'}"
    _refuse_password(url)
    return Settings(
        profile=folder,
        database_url=url,
        actor=actor or _os_user(),
        language=environment.get("SMS_DESK_LANGUAGE") or stored.get("language") or "en",
    )


def _read_config(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(tr("The settings file {file} cannot be read. Mend or remove it.", file=path)) from error
    return {key: value for key, value in content.items() if isinstance(value, str)}


def _refuse_password(url: str) -> None:
    # A command line is visible to every process of the machine (decisions.md 21).
    authority = url.partition("://")[2].partition("/")[0]
    if ":" in authority.rpartition("@")[0]:
        raise InvalidInput(
            tr("A database password does not belong on the command line. Use PGPASSWORD, a pgpass file or the keyring.")
        )


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "user"
