"""What a command prints: one JSON document, or the same for a person."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.domain.errors import AppError


def print_document(document: Mapping[str, Any], *, as_json: bool) -> None:
    """Print ``document`` on stdout: as JSON, or as lines and aligned columns."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        return
    for name, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            _print_rows(value)
        else:
            sys.stdout.write(f"{name.replace('_', ' ')}: {_text(value)}\n")


def print_error(error: AppError, *, as_json: bool, more: Mapping[str, Any] | None = None) -> None:
    """Print one clear line on stderr, and with JSON the error document on stdout.

    Args:
        error: what happened.
        as_json: whether stdout gets the document.
        more: further keys of the document.
    """
    sys.stderr.write(_one_line(error.user_message) + "\n")
    if as_json:
        document = {**(more or {}), "error": {"code": error.code, "message": error.user_message}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def print_progress(done: int, total: int, label: str) -> None:
    """Show progress on stderr, on one line that is written over."""
    if sys.stderr.isatty() and total:
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r{done} of {total} {_one_line(label)[:40]:<40}{end}")
        sys.stderr.flush()


def _print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    lines = [[name.replace("_", " ") for name in names], *([_text(row.get(name)) for name in names] for row in rows)]
    widths = [min(40, max(len(line[place]) for line in lines)) for place in range(len(names))]
    for line in lines:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n")


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value)) or "none"
    return _one_line(str(value))


def _one_line(text: str) -> str:
    """Return ``text`` without line ends and terminal control characters: provider and client text is data."""
    return "".join(character if character.isprintable() else " " for character in text)
