"""Known vectors of the segment count, and what is refused."""

import pytest

from desktop_app.domain.alphabets import Encoding, ShiftTable, units_in
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.segments import MAX_SEGMENTS, Forcing, count_segments, plan_segments

TURKISH = frozenset({"tr"})


@pytest.mark.parametrize(
    ("text", "encoding", "units"),
    [
        ("x", "GSM-7", (1,)),
        ("x" * 160, "GSM-7", (160,)),
        ("x" * 161, "GSM-7", (153, 8)),
        ("x" * 306, "GSM-7", (153, 153)),
        ("x" * 307, "GSM-7", (153, 153, 1)),
        ("Grüße, 1 €", "GSM-7", (11,)),
        ("€" * 80, "GSM-7", (160,)),
        ("€" * 81, "GSM-7", (152, 10)),
        ("x" * 159 + "€", "GSM-7", (153, 8)),
        ("x" * 158 + "€", "GSM-7", (160,)),
        ("x" * 152 + "€" + "x" * 10, "GSM-7", (152, 12)),
        ("x" * 151 + "€" + "x" * 10, "GSM-7", (153, 10)),
        ("a\r\nb\fc", "GSM-7", (7,)),
        ("^{}\\[~]|€\f", "GSM-7", (20,)),
        ("ж", "UCS-2", (1,)),
        ("ж" * 70, "UCS-2", (70,)),
        ("ж" * 71, "UCS-2", (67, 4)),
        ("ж" * 134, "UCS-2", (67, 67)),
        ("ж" * 135, "UCS-2", (67, 67, 1)),
        ("😀" * 35, "UCS-2", (70,)),
        ("😀" * 36, "UCS-2", (66, 6)),
        ("ж" * 66 + "😀" + "ж" * 5, "UCS-2", (66, 7)),
        ("ж" * 65 + "😀" + "ж" * 5, "UCS-2", (67, 5)),
        ("ş", "UCS-2", (1,)),
        ("ç", "UCS-2", (1,)),
        ("Ç", "GSM-7", (1,)),
        ("tab\tbed", "UCS-2", (7,)),
        ("`", "UCS-2", (1,)),
    ],
)
def test_known_vectors(text: str, encoding: str, units: tuple[int, ...]) -> None:
    plan = plan_segments(text)
    assert (plan.encoding, plan.units) == (encoding, units)
    assert count_segments(text) == plan.count == len(units)
    assert "".join(plan.segments) == text
    assert plan.language is None


def test_several_segments_hold_less_each_than_one_alone() -> None:
    assert (plan_segments("x").per_segment, plan_segments("x").units) == (160, (1,))
    long = plan_segments("x" * 161)
    assert (long.per_segment, long.units_used, long.units) == (153, 161, (153, 8))
    unicode = plan_segments("ж" * 71)
    assert (unicode.per_segment, unicode.units_used, unicode.units) == (67, 71, (67, 4))


@pytest.mark.parametrize(
    ("elements", "septets", "utf16"),
    [(0, 160, 70), (5, 153, 67), (3, 155, 68), (3 + 3, 152, 66), (5 + 3, 149, 65), (5 + 3 + 3, 146, 64)],
)
def test_header_octets_leave_the_units_of_the_standard(elements: int, septets: int, utf16: int) -> None:
    assert (units_in(elements, 7), units_in(elements, 16)) == (septets, utf16)


@pytest.mark.parametrize(
    ("text", "language", "units", "per_segment"),
    [
        ("Merhaba", None, (7,), 160),
        ("ş", ShiftTable.TURKISH_SINGLE, (2,), 155),
        ("ĞİŞçğış", ShiftTable.TURKISH_SINGLE, (14,), 155),
        ("x" * 153 + "ş", ShiftTable.TURKISH_SINGLE, (155,), 155),
        ("x" * 154 + "ş", ShiftTable.TURKISH_LOCKING, (155,), 155),
        ("x" * 155 + "ş", ShiftTable.TURKISH_SINGLE, (149, 8), 149),
        ("ş" * 155, ShiftTable.TURKISH_LOCKING, (155,), 155),
        ("ş" * 156, ShiftTable.TURKISH_LOCKING, (149, 7), 149),
        ("ş" * 148 + "[]şşşşş", ShiftTable.TURKISH_LOCKING, (148, 9), 149),
        ("è" + "ş" * 80, ShiftTable.TURKISH_SINGLE, (149, 12), 149),
        ("€" * 81, ShiftTable.TURKISH_LOCKING, (81,), 155),
        ("€" * 80, None, (160,), 160),
    ],
)
def test_turkish_tables(text: str, language: ShiftTable | None, units: tuple[int, ...], per_segment: int) -> None:
    plan = plan_segments(text, shift_tables=TURKISH)
    assert (plan.language, plan.units, plan.per_segment) == (language, units, per_segment)
    assert plan.encoding is Encoding.GSM7
    assert "".join(plan.segments) == text
    assert plan.forcing == ()
    assert count_segments(text, shift_tables=TURKISH) == plan.count


def test_tables_of_a_language_we_do_not_know_change_nothing() -> None:
    assert plan_segments("ş", shift_tables=frozenset({"xx"})).encoding is Encoding.UCS2


def test_characters_that_force_unicode_are_named_with_their_place() -> None:
    plan = plan_segments("“Aş” 😀 …")
    assert plan.forcing == (
        Forcing(0, "“", '"'),
        Forcing(2, "ş", "s"),
        Forcing(3, "”", '"'),
        Forcing(5, "😀", None),
        Forcing(7, "…", "..."),
    )
    turkish = plan_segments("“Aş” 😀 …", shift_tables=TURKISH)
    assert [forcing.character for forcing in turkish.forcing] == ["“", "”", "😀", "…"]
    assert plan_segments("A [€]").forcing == ()


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n \t\u00a0"])
def test_an_empty_message_is_refused(text: str) -> None:
    for refuse in (plan_segments, count_segments):
        with pytest.raises(InvalidInput, match="The message is empty") as refused:
            refuse(text)
        assert "text" in refused.value.fields


@pytest.mark.parametrize(
    "character",
    ["\0", "\a", "\x0b", "\x1b", "\x1f", "\x7f", "\x85", "\ud800", "\ufdd0", "\ufffe", "\uffff"],
)
def test_characters_that_cannot_travel_are_refused_with_their_place(character: str) -> None:
    for text in (f"ab{character}cd", f"жб{character}", "ab" + character * 500):
        for refuse in (plan_segments, count_segments):
            with pytest.raises(InvalidInput, match=rf"Character 3 of the text \(U\+{ord(character):04X}\)"):
                refuse(text)


def test_the_concatenation_header_counts_to_255() -> None:
    assert count_segments("x" * 153 * MAX_SEGMENTS) == 255
    assert plan_segments("ж" * 67 * MAX_SEGMENTS).count == 255
    for text in ("x" * (153 * MAX_SEGMENTS + 1), "ж" * (67 * MAX_SEGMENTS + 1)):
        for refuse in (plan_segments, count_segments):
            with pytest.raises(InvalidInput, match="256 segments; at most 255"):
                refuse(text)
