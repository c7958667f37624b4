"""What one person chose on this computer: small JSON files in the profile folder, never in the team's database."""

import json
import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from desktop_app.config import PERSONAL_FILE, read_personal
from desktop_app.domain.language import LANGUAGES, tr
from desktop_app.services.job import Job

SMALLEST_TEXT: Final = 90
LARGEST_TEXT: Final = 160
TEXT_STEP: Final = 10
USUAL_TEXT: Final = 100
THEMES: Final = ("system", "light", "dark")
DENSITIES: Final = ("compact", "default", "relaxed")


@dataclass(frozen=True, slots=True)
class Personal:
    """The choices of one person.

    Attributes:
        language: "en", "tr" or "de".
        theme: "system", "light" or "dark".
        text_size: percent, 90 to 160 in tens.
        density: height of table rows: "compact", "default" or "relaxed".
        reduces_motion: nothing moves or fades.
        high_contrast: stronger lines and captions, also where the system does not ask for it.
        letter_keys: single letters are shortcuts where a list or table has the focus.
        remembered: what a part of the window keeps for next time, by its name: JSON objects.
    """

    language: str = "en"
    theme: str = "system"
    text_size: int = USUAL_TEXT
    density: str = "default"
    reduces_motion: bool = False
    high_contrast: bool = False
    letter_keys: bool = True
    remembered: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        known = (
            self.language in LANGUAGES, self.theme in THEMES, self.density in DENSITIES,
            type(self.text_size) is int and SMALLEST_TEXT <= self.text_size <= LARGEST_TEXT,
            all(type(flag) is bool for flag in (self.reduces_motion, self.high_contrast, self.letter_keys)),
            isinstance(self.remembered, Mapping), all(isinstance(kept, Mapping) for kept in self.remembered.values()),
        )  # fmt: skip
        if not all(known):
            raise ValueError("not a personal setting")


class PersonalSettings:
    """Keeps the choices; every change is in the file when ``change`` returns. Belongs to the thread of the window.

    Args:
        folder: the profile.
        language: in force until the person chooses one.

    Attributes:
        problem: why the last change could not be kept beyond this run, "" when it was.
    """

    def __init__(self, folder: Path, language: str = "en") -> None:
        self._file = folder / PERSONAL_FILE
        self._watchers: list[Callable[[Personal, Personal], object]] = []
        self.problem = ""
        self._values = self._load(Personal(language=language))

    @property
    def folder(self) -> Path:
        """The profile: what else one person keeps on this computer lies beside the choices."""
        return self._file.parent

    @property
    def values(self) -> Personal:
        """The choices in force."""
        return self._values

    def change(self, **changes: Any) -> Personal:
        """Make the named choices and return those from before.

        Raises:
            ValueError: a value that the window does not offer.
        """
        before, self._values = self._values, replace(self._values, **changes)
        if self._values != before:
            self._save()
            for watcher in tuple(self._watchers):
                watcher(before, self._values)
        return before

    def recall(self, name: str) -> Mapping[str, Any]:
        """Return what was remembered under ``name``, an empty mapping when nothing was."""
        return self._values.remembered.get(name, MappingProxyType({}))

    def remember(self, name: str, kept: Mapping[str, Any]) -> None:
        """Keep a JSON object under ``name`` for next time."""
        self.change(remembered=MappingProxyType({**self._values.remembered, name: dict(kept)}))

    def watch(self, watcher: Callable[[Personal, Personal], object]) -> Callable[[], None]:
        """Call ``watcher`` with (before, after) at every change; return what ends that."""
        self._watchers.append(watcher)

        def end() -> None:
            with suppress(ValueError):
                self._watchers.remove(watcher)

        return end

    def _load(self, values: Personal) -> Personal:
        stored = read_personal(self._file.parent)
        if stored is None:
            self._set_aside()
            return values
        for name in {one.name for one in fields(Personal)} & stored.keys():
            # A choice that a newer program offers must not cost the others.
            with suppress(ValueError, TypeError):
                change: dict[str, Any] = {name: stored[name]}
                values = replace(values, **change)
        return values

    def _set_aside(self) -> None:
        aside = self._file.with_name(f"{self._file.stem}-broken-{datetime.now(UTC):%Y%m%d-%H%M%S}{self._file.suffix}")
        with suppress(OSError):
            self._file.replace(aside)
            logging.getLogger(__name__).warning("a broken %s was set aside as %s", self._file.name, aside.name)

    def _save(self) -> None:
        content = {**asdict(replace(self._values, remembered={})), "remembered": dict(self._values.remembered)}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=dict)
        try:
            _write_whole(self._file, text)
            self.problem = ""
        except OSError as error:
            self.problem = tr(
                "Your choice holds until you close SMS Desk: {file} cannot be written ({reason}).",
                file=self._file, reason=error.strerror or "?",
            )  # fmt: skip
            logging.getLogger(__name__).warning("%s was not written: %s", self._file.name, error)


class PersonalFile:
    """One JSON object of a person in a file of its own: what is too large to be written with every choice. For any thread."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.json"
        self._lock = threading.Lock()

    def read(self) -> Mapping[str, Any]:
        """Return what was kept, an empty mapping when that is nothing or cannot be read."""
        try:
            kept = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def write(self, content: Mapping[str, Any], job: Job) -> None:
        """Keep ``content`` from now on; a file that cannot be written is logged.

        Raises:
            Cancelled: there is something newer; nothing was written.
        """
        text = json.dumps(content)
        with self._lock:
            job.wait(0)
            try:
                _write_whole(self._file, text)
            except OSError as error:
                logging.getLogger(__name__).warning("%s was not written: %s", self._file.name, error)

    def remove(self) -> None:
        """Keep nothing any more."""
        with self._lock, suppress(OSError):
            self._file.unlink(missing_ok=True)


def _write_whole(file: Path, text: str) -> None:
    """Write a file that only this person can read: all of it, or it stays as it was."""
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
