"""What a command prints: one JSON document, or the same for a person."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, TextIO

import typer

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr

WIDEST_COLUMN: Final = 40
# A sentence may quote what was given, and that may be a whole file.
LONGEST_SENTENCE: Final = 400


class Output:
    """The two streams of one run of the command line.

    Args:
        as_json: whether stdout gets one JSON document.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._answered = False

    def answer(self, document: Mapping[str, Any]) -> None:
        """Print the command's answer, at once."""
        self._answered = True
        write_answer(_as_json(document) if self.as_json else _for_a_person(document))

    def refuse(self, error: AppError, more: Mapping[str, Any] | None = None) -> None:
        """Print one clear line on stderr, and with JSON the error document on stdout unless the answer stands there.

        Args:
            error: what happened.
            more: further keys of the document.
        """
        sentence = _shortened(error.user_message)
        self.remark(sentence)
        if self.as_json and not self._answered:
            write_answer(_as_json({**(more or {}), "error": {"code": error.code, "message": sentence}}))

    def remark(self, sentence: str) -> None:
        """Print one line on stderr."""
        _write(sys.stderr, _one_line(sentence) + "\n")


def write_answer(text: str) -> None:
    """Write ``text`` to stdout and see it off.

    Raises:
        AppError: it could not be written: the disk is full, say.
        typer.Exit: whoever read it has left.
    """
    try:
        _write(sys.stdout, text)
    except OSError as error:
        # What is still buffered would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(1) from error
        sentence = tr(
            "The command was done, but its answer could not be written: {reason}.", reason=error.strerror or "?"
        )
        raise AppError(sentence, code="output") from error


def print_progress(done: int, total: int, label: str) -> None:
    """Show progress on stderr, on one line that is written over."""
    if total and sys.stderr is not None and sys.stderr.isatty():
        end = "\n" if done == total else ""
        _write(sys.stderr, f"\r{done} of {total} {_one_line(label)[:WIDEST_COLUMN]:<{WIDEST_COLUMN}}{end}")


def _write(stream: TextIO | None, text: str) -> None:
    # None: the program was started with the stream closed.
    if stream is not None:
        stream.write(text)
        stream.flush()


def _as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False) + "\n"


def _for_a_person(document: Mapping[str, Any]) -> str:
    """Return single values as lines, then lists of records as tables; more than one table gets its name above it."""
    tables = {name: value for name, value in document.items() if _is_table(value)}
    lines = [f"{_title(name)}: {_text(value)}" for name, value in document.items() if name not in tables]
    for name, rows in tables.items():
        if lines or len(tables) > 1:
            lines += ["", f"{_title(name)}:"] if lines else [f"{_title(name)}:"]
        lines += _table(rows)
    return "".join(line + "\n" for line in lines)


def _is_table(value: object) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], dict)


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = list(rows[0])
    lines = [[_title(name) for name in names], *([_text(row.get(name)) for name in names] for row in rows)]
    widths = [min(WIDEST_COLUMN, max(len(line[place]) for line in lines)) for place in range(len(names))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _title(name: str) -> str:
    return name.replace("_", " ")


def _text(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value)) or tr("none")
    if isinstance(value, dict):
        return ", ".join(f"{_title(name)} {_text(one)}" for name, one in value.items())
    return _one_line(str(value))


def _shortened(sentence: str) -> str:
    """Return ``sentence``, its middle left out when it is too long: it begins with what happened and ends with a way out."""
    half = LONGEST_SENTENCE // 2
    return sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[: half - 1]}…{sentence[-half:]}"


def _one_line(text: str) -> str:
    """Return ``text`` without line ends and terminal control characters: provider and client text is data."""
    return "".join(character if character.isprintable() else " " for character in text)
