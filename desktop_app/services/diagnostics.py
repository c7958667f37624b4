"""What a person sends along when something does not work: versions and places, never a secret, a number or a price."""

import platform
import sys
from dataclasses import dataclass
from importlib import metadata
from typing import Final

from desktop_app.domain.errors import AppError
from desktop_app.log import log_file
from desktop_app.storage.unit_of_work import Database

PROGRAM: Final = "sms-desk"


@dataclass(frozen=True, slots=True)
class Component:
    """A part that others made.

    Attributes:
        name: what its makers call it.
        version: "" where it has none.
        licence: as its package names it.
    """

    name: str
    version: str
    licence: str


# What comes with the program without being a package.
_BUNDLED: Final = (
    Component("Inter", "4.1", "OFL-1.1"),
    Component("Lucide", "1.62", "ISC"),
    Component("country-flag-icons", "1.6", "MIT"),
)
# Where a package states its licence by a text only.
_LICENCES: Final = {"PySide6_Essentials": "LGPL-3.0-only", "shiboken6": "LGPL-3.0-only", "babel": "BSD-3-Clause",
             "pysqlite3": "Zlib"}  # fmt: skip


class DiagnosticsService:
    """Tells versions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self) -> str:
        """Return the version of this program."""
        return metadata.version(PROGRAM)

    def report(self, qt: str) -> str:
        """Return the diagnostics as text, in English whatever the language: they are for support.

        Args:
            qt: the version of Qt and the platform it runs on.
        """
        try:
            database = self._database.version()
        except AppError as error:
            database = f"not reached ({error.code})"
        log = log_file()
        lines = (
            ("SMS Desk", self.version()),
            ("Python", f"{platform.python_version()} ({platform.python_implementation()})"),
            ("Qt", qt),
            ("Database", database),
            ("System", f"{platform.system()} {platform.release()} {platform.machine()}"),
            ("Packaged", "yes" if getattr(sys, "frozen", False) else "no"),
            ("Log", log.name if log else "none"),
        )
        return "\n".join(f"{name}: {value}" for name, value in lines)

    def components(self) -> list[Component]:
        """Return the parts that others made, by name."""
        required = metadata.requires(PROGRAM) or []
        names = {_distribution_name(line) for line in required if "extra ==" not in line}
        found = [_component(name) for name in names]
        return sorted([*_BUNDLED, *(one for one in found if one)], key=lambda one: one.name.casefold())


def _distribution_name(requirement: str) -> str:
    end = next((place for place, letter in enumerate(requirement) if not (letter.isalnum() or letter in "-_.")), None)
    return requirement[:end]


def _component(name: str) -> Component | None:
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        # A requirement of another system than this one.
        return None
    title = str(found["Name"])
    classifiers = [line.rpartition(" :: ")[2] for line in found.get_all("Classifier", []) if line.startswith("License")]
    fields = found.json
    stated = fields.get("license_expression") or _LICENCES.get(title) or next(iter(classifiers), "")
    first_line, _, _ = str(stated or fields.get("license", "")).partition("\n")
    return Component(title, str(found["Version"]), first_line)
