"""Logs: JSON lines in the profile, without texts, full numbers or secrets."""

import faulthandler
import logging
import logging.handlers
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from pythonjsonlogger.json import JsonFormatter

_NUMBER: Final = re.compile(r"(?<![\w.])(\+?[0-9]{2})[0-9]{4,11}([0-9]{2})(?![\w])")
_SECRET: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z_-]{24,}(?![0-9A-Za-z])")
_QUERY: Final = re.compile(r"(To|From|Body)=[^&\s\"']+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MAX_BYTES: Final = 2_000_000


def redact(text: str) -> str:
    """Return ``text`` with telephone numbers shortened, long random words left out and control characters shown."""
    text = _QUERY.sub(r"\1=…", text)
    text = _SECRET.sub("…", text)
    text = _NUMBER.sub(r"\1…\2", text)
    return _CONTROL.sub("\ufffd", text)


class RedactingFormatter(JsonFormatter):
    """Redacts the finished line's fields, tracebacks included: nothing is formatted after it."""

    def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
        """Return the record's fields, texts redacted."""
        return {name: redact(value) if isinstance(value, str) else value for name, value in log_data.items()}


class ProfileLog(logging.handlers.RotatingFileHandler):
    """The log file of a profile. Where it cannot be written, on a full disk say, lines are lost, and nobody is disturbed."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Lose the line."""

    def close(self) -> None:
        """Close the file; what could not be written is lost."""
        with suppress(OSError):
            super().close()


class NoLog(logging.NullHandler):
    """Takes the place of the log where none can be written: without any handler Python would print warnings on stderr."""


def start_logging(profile: Path) -> Path:
    """Write logs to the profile's folder from here on and return the file; ``stop_logging`` ends it.

    A profile that cannot be written to loses its log, not its work.
    """
    stop_logging()
    folder = profile / "logs"
    path = folder / "sms-desk.log"
    root = logging.getLogger()
    root.addHandler(_handler(folder, path))
    root.setLevel(logging.INFO)
    # Of the one, DEBUG lines show paths with telephone numbers; of the other, INFO lines come with every start.
    for name in ("urllib3", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # A program without a console has no stderr, and a host that embeds us may watch for crashes itself.
    if sys.__stderr__ is not None and not faulthandler.is_enabled():
        faulthandler.enable(sys.__stderr__)
    return path


def log_file() -> Path | None:
    """Return the file that is written to just now, None when there is none."""
    open_logs = [one for one in logging.getLogger().handlers if isinstance(one, ProfileLog)]
    return Path(open_logs[0].baseFilename) if open_logs else None


def stop_logging() -> None:
    """Close the log that ``start_logging`` opened, if one is open."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, (ProfileLog, NoLog))]:
        root.removeHandler(handler)
        handler.close()


def _handler(folder: Path, path: Path) -> logging.Handler:
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        handler = ProfileLog(path, maxBytes=MAX_BYTES, backupCount=5, encoding="utf-8", errors="replace", delay=True)
    except OSError:
        return NoLog()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    return handler
