"""Logs: JSON lines in the profile, without texts, full numbers or secrets."""

import faulthandler
import logging
import logging.handlers
import re
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


def start_logging(profile: Path) -> Path:
    """Write logs to the profile's folder from here on and return the file.

    A profile that cannot be written to loses its log, not its work: then only the crash handler is installed.
    """
    folder = profile / "logs"
    path = folder / "sms-desk.log"
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=MAX_BYTES, backupCount=5, encoding="utf-8", delay=True
        )
    except OSError:
        faulthandler.enable()
        return path
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # Its DEBUG lines show paths with telephone numbers.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    faulthandler.enable()
    return path
