"""How many segments a text is billed as, and why.

The count is what a client pays for, so it follows the standard to the unit (see alphabets.py): a text of the GSM alphabet is
written in septets, any other in UTF-16 code units, and a character of two units is never divided between segments.
"""

import re
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.alphabets import (
    DEFAULT,
    ESCAPE,
    NOT_PLAIN,
    UCS2,
    Alphabet,
    Encoding,
    ShiftTable,
    gsm_alphabets,
    widest_alphabet,
)
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.replacements import suggest_replacement

# The concatenation element counts the segments in one octet (TS 23.040, 9.2.3.24.1).
MAX_SEGMENTS: Final = 255

# Controls other than tab and line ends, halves of surrogate pairs, and what Unicode reserves as "not a character": networks
# and providers drop, alter or refuse them, and a text must arrive as it was priced.
_UNSENDABLE: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Forcing:
    """A character that the 7-bit alphabet lacks, so that the whole text needs UCS-2.

    Attributes:
        index: its place in the text, in characters from 0.
        character: itself.
        replacement: what could stand there instead ("" = nothing), None when we know of none.
    """

    index: int
    character: str
    replacement: str | None


@dataclass(frozen=True, slots=True)
class SegmentPlan:
    """How a text is cut into billed segments.

    Attributes:
        encoding: GSM-7 or UCS-2.
        language: the national table in use, None for none.
        segments: the text of each segment; together they are the whole text.
        units: septets or UTF-16 code units of each segment.
        per_segment: units that each segment could hold.
        forcing: the characters that force UCS-2; empty when the encoding is GSM-7.
    """

    encoding: Encoding
    language: ShiftTable | None
    segments: tuple[str, ...]
    units: tuple[int, ...]
    per_segment: int
    forcing: tuple[Forcing, ...]

    @property
    def count(self) -> int:
        """The number of billed segments."""
        return len(self.segments)

    @property
    def units_used(self) -> int:
        """Septets or UTF-16 code units of the whole text."""
        return sum(self.units)


def plan_segments(text: str, *, shift_tables: frozenset[str] = frozenset()) -> SegmentPlan:
    """Return the cheapest way to send ``text``: the fewest segments, and among equals the plain alphabet.

    Args:
        text: the whole text of one message.
        shift_tables: the languages whose national tables the provider encodes in ("tr").

    Raises:
        InvalidInput: when the text is empty, holds a character that cannot travel, or needs more than MAX_SEGMENTS.
    """
    _check_characters(text)
    alphabet, stream, cuts = _cheapest(text, shift_tables)
    _check_count(len(cuts))
    starts = [0, *cuts[:-1]]
    return SegmentPlan(
        encoding=alphabet.encoding,
        language=alphabet.language,
        segments=tuple(stream[start:end].replace(ESCAPE, "") for start, end in zip(starts, cuts, strict=True)),
        units=tuple(end - start for start, end in zip(starts, cuts, strict=True)),
        per_segment=alphabet.single if len(cuts) == 1 else alphabet.concatenated,
        forcing=_forcing(text, shift_tables) if alphabet is UCS2 else (),
    )


def count_segments(text: str, *, shift_tables: frozenset[str] = frozenset()) -> int:
    """Return how many segments ``plan_segments`` gives, without the plan: for many texts.

    Raises:
        InvalidInput: as ``plan_segments``.
    """
    return measure_text(text, shift_tables=shift_tables)[1]


def measure_text(text: str, *, shift_tables: frozenset[str] = frozenset()) -> tuple[Encoding, int]:
    """Return the encoding and the number of segments that ``plan_segments`` gives, without the plan: for many texts.

    Raises:
        InvalidInput: as ``plan_segments``.
    """
    encoding = DEFAULT.encoding
    if NOT_PLAIN.search(text) is None and text and not text.isspace():
        # One septet a character, which no other alphabet betters.
        count = 1 if len(text) <= DEFAULT.single else -(-len(text) // DEFAULT.concatenated)
    else:
        _check_characters(text)
        alphabet, _stream, cuts = _cheapest(text, shift_tables)
        encoding, count = alphabet.encoding, len(cuts)
    _check_count(count)
    return encoding, count


def _check_characters(text: str) -> None:
    if not text or text.isspace():
        sentence = tr("The message is empty. Write a text.")
        raise InvalidInput(sentence, fields={"text": sentence})
    found = _UNSENDABLE.search(text)
    if found:
        sentence = tr(
            "Character {position} of the text (U+{code}) cannot be sent. Remove it.",
            position=found.start() + 1,
            code=f"{ord(found.group()):04X}",
        )
        raise InvalidInput(sentence, fields={"text": sentence})


def _check_count(count: int) -> None:
    if count > MAX_SEGMENTS:
        sentence = tr("The text needs {count} segments; at most {most} can be sent.", count=count, most=MAX_SEGMENTS)
        raise InvalidInput(sentence, fields={"text": sentence})


def _cheapest(text: str, shift_tables: frozenset[str]) -> tuple[Alphabet, str, list[int]]:
    """Return the alphabet to use, the text as a stream of its units, and the end of each segment in that stream.

    UCS-2 need not compete where a 7-bit alphabet can write the text: even if every character took two septets, 74 of them
    fit a segment with a national table (149 // 2; 77 in a single one), and only 67 (70) in UCS-2.
    """
    candidates = [alphabet for alphabet in gsm_alphabets(shift_tables) if alphabet.writes(text)] or [UCS2]
    plans = []
    for alphabet in candidates:
        stream = alphabet.stream(text)
        plans.append((alphabet, stream, _cut(stream, alphabet)))
    return min(plans, key=lambda plan: len(plan[2]))


def _cut(stream: str, alphabet: Alphabet) -> list[int]:
    """Return where each segment of ``stream`` ends, filling each as far as it goes (which gives the fewest)."""
    total = len(stream)
    if total <= alphabet.single:
        return [total]
    cuts = []
    end = 0
    while end < total:
        end = min(end + alphabet.concatenated, total)
        if stream[end - 1] == ESCAPE:
            end -= 1
        cuts.append(end)
    return cuts


def _forcing(text: str, shift_tables: frozenset[str]) -> tuple[Forcing, ...]:
    found = widest_alphabet(shift_tables).outside.finditer(text)
    return tuple(Forcing(match.start(), match.group(), suggest_replacement(match.group())) for match in found)
