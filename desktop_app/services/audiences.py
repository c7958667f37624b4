"""Who a message is for: numbers from many places, read, and each kept once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from desktop_app.domain.destinations import Fault, Recipient, RejectedNumber, parse_recipients
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.recipient_blocks import Entries

# Between two looks at whether the person cancelled.
CHUNK: Final = 2000
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class SourceKind(StrEnum):
    """Where recipients come from."""

    TYPED = "typed"
    PASTED = "pasted"
    FILE = "file"
    GROUP = "group"


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Recipients that came together; compared by identity, as it never changes.

    Attributes:
        kind: where from.
        name: what the screen calls it: a file's name, a group's, "" for what was typed.
        entries: as entered.
    """

    kind: SourceKind
    name: str
    entries: Entries


@dataclass(frozen=True, slots=True, eq=False)
class ReadSource:
    """A source whose entries were read as numbers, each to a recipient or to what is wrong with it."""

    source: Source
    recipients: tuple[Recipient | RejectedNumber, ...]


@dataclass(frozen=True, slots=True)
class InvalidEntry:
    """An entry that is no number that can receive SMS.

    Attributes:
        source: where it stands.
        place: its place among the entries of the source, from 0.
        line: its line there, from 1.
        text: as entered.
        fault: what is wrong.
        reason: the same in a sentence.
    """

    source: Source
    place: int
    line: int
    text: str
    fault: Fault
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """Everybody of all sources, each number once; compared by identity, as it never changes.

    Attributes:
        numbers: E.164, in the order of the sources.
        fields: what each has for the fields of a message, in the same order.
        longest: the longest value of each field that somebody has a value for, in alphabetical order of the fields.
        having: how many have a value for each field.
        duplicates: how many entries were left out because their number is there already.
        invalid: the entries that are no numbers.
    """

    numbers: tuple[str, ...]
    fields: tuple[Mapping[str, str], ...]
    longest: Mapping[str, str]
    having: Mapping[str, int]
    duplicates: int
    invalid: tuple[InvalidEntry, ...]


NOBODY: Final = Audience((), (), _NOTHING, MappingProxyType({}), 0, ())


def read_source(source: Source, country: str | None, job: Job, before: int = 0, total: int = 0) -> ReadSource:
    """Return ``source`` read.

    Args:
        source: what to read.
        country: ISO 3166 alpha-2 of the country whose national form is understood too.
        job: told how far it is: ``before`` lines of ``total`` were read before this source.
        before: see ``job``.
        total: see ``job``.

    Raises:
        Cancelled: the person stopped it.
    """
    texts = source.entries.texts
    read: list[Recipient | RejectedNumber] = []
    for start in range(0, len(texts), CHUNK):
        job.step(before + start, total, tr("Reading {done:,} of {total:,} lines", done=before + start, total=total))
        read += parse_recipients(texts[start : start + CHUNK], country)
    return ReadSource(source, tuple(read))


def merge(sources: Sequence[ReadSource]) -> Audience:
    """Return everybody of ``sources``, each number once; of the same number the first entry counts."""
    fields: dict[str, Mapping[str, str]] = {}
    longest: dict[str, str] = {}
    having: Counter[str] = Counter()
    invalid: list[InvalidEntry] = []
    duplicates = 0
    for read in sources:
        entries = read.source.entries
        for place, one in enumerate(read.recipients):
            if isinstance(one, RejectedNumber):
                invalid.append(
                    InvalidEntry(read.source, place, entries.lines[place], entries.texts[place], one.fault, one.reason)
                )
            elif one.e164 in fields:
                duplicates += 1
            else:
                values = _NOTHING if entries.fields is None else entries.fields[place]
                fields[one.e164] = values
                for name, value in values.items():
                    having[name] += 1
                    if len(value) > len(longest.get(name, "")):
                        longest[name] = value
    return Audience(
        tuple(fields), tuple(fields.values()), dict(sorted(longest.items())), having, duplicates, tuple(invalid)
    )
