"""The segment count against other implementations, a brute-force reference, and what must hold for any text."""

import gsmcodecs  # noqa: F401  (registers the codecs of TS 23.038 by being imported)
import pytest
import smsutil
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop_app.domain.alphabets import Encoding, ShiftTable
from desktop_app.domain.segments import count_segments, plan_segments

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
TURKISH_LETTERS = "ĞİŞçğış"
CODECS = {
    None: "gsm23.038-0-0",
    ShiftTable.TURKISH_SINGLE: "gsm23.038-0-1",
    ShiftTable.TURKISH_LOCKING: "gsm23.038-1-0",
}
TABLES = [frozenset[str](), frozenset({"tr"})]

anything = st.characters(exclude_categories=["Cs", "Cc", "Cn"])


def texts_of(characters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts of runs, so that two-unit characters meet the edges of segments."""
    run = st.tuples(characters, st.sampled_from([1, 1, 1, 2, 3, 33, 66, 67, 69, 76, 147, 148, 151, 152, 153, 159]))
    runs = st.lists(run, min_size=1, max_size=14).map(lambda pairs: "".join(c * times for c, times in pairs))
    return runs.filter(lambda text: not text.isspace())


gsm_texts = texts_of(st.sampled_from(BASIC) | st.sampled_from(EXTENSION) | st.sampled_from("x€"))
turkish_texts = texts_of(st.sampled_from("xè€[") | st.sampled_from(TURKISH_LETTERS))
unicode_texts = texts_of(st.sampled_from("жx€😀🏳漢") | anything)
all_texts = gsm_texts | turkish_texts | unicode_texts


def cost_of(character: str, encoding: Encoding, language: ShiftTable | None) -> int:
    """Return the units of ``character`` as the codecs see it."""
    if encoding is Encoding.UCS2:
        return len(character.encode("utf-16-be")) // 2
    return len(character.encode(CODECS[language]))


def fewest_segments(costs: list[int], single: int, concatenated: int) -> int:
    """Return the least number of segments, trying every place to cut."""
    if sum(costs) <= single:
        return 1
    fewest = [0]
    for end in range(1, len(costs) + 1):
        best, units = len(costs), 0
        for start in range(end - 1, -1, -1):
            units += costs[start]
            if units > concatenated:
                break
            best = min(best, fewest[start] + 1)
        fewest.append(best)
    return fewest[-1]


@settings(max_examples=300)
@given(text=all_texts, tables=st.sampled_from(TABLES))
def test_segments_are_the_text_and_fit(text: str, tables: frozenset[str]) -> None:
    plan = plan_segments(text, shift_tables=tables)
    assert "".join(plan.segments) == text
    assert all(plan.segments)
    for segment, units in zip(plan.segments, plan.units, strict=True):
        assert sum(cost_of(character, plan.encoding, plan.language) for character in segment) == units
        assert units <= plan.per_segment
    assert count_segments(text, shift_tables=tables) == plan.count
    assert bool(plan.forcing) == (plan.encoding is Encoding.UCS2)


@settings(max_examples=150)
@given(text=all_texts, tables=st.sampled_from(TABLES))
def test_no_other_cut_and_no_other_alphabet_needs_fewer_segments(text: str, tables: frozenset[str]) -> None:
    limits: dict[ShiftTable | None, tuple[int, int]] = {None: (160, 153)}
    if tables:
        limits |= {ShiftTable.TURKISH_SINGLE: (155, 149), ShiftTable.TURKISH_LOCKING: (155, 149)}
    counts = [fewest_segments([cost_of(c, Encoding.UCS2, None) for c in text], 70, 67)]
    for language, (single, concatenated) in limits.items():
        try:
            costs = [cost_of(character, Encoding.GSM7, language) for character in text]
        except UnicodeEncodeError:
            continue
        counts.append(fewest_segments(costs, single, concatenated))
    assert count_segments(text, shift_tables=tables) == min(counts)


@settings(max_examples=300)
@given(text=all_texts, more=st.sampled_from("x€ş[ж😀è"), tables=st.sampled_from(TABLES))
def test_a_longer_text_never_needs_fewer_segments(text: str, more: str, tables: frozenset[str]) -> None:
    assert count_segments(text + more, shift_tables=tables) >= count_segments(text, shift_tables=tables)


@settings(max_examples=300)
@given(text=all_texts)
def test_tables_never_make_a_text_dearer(text: str) -> None:
    assert count_segments(text, shift_tables=TABLES[1]) <= count_segments(text)


@settings(max_examples=300)
@given(text=gsm_texts | unicode_texts)
def test_smsutil_agrees(text: str) -> None:
    # smsutil compares a single message's size only after cutting it at 153 septets, which comes to the same.
    ours, theirs = plan_segments(text), smsutil.split(text)
    assert list(ours.segments) == [part.content for part in theirs.parts]
    assert {"gsm0338": Encoding.GSM7, "utf_16_be": Encoding.UCS2}[theirs.encoding] is ours.encoding


@pytest.mark.parametrize("tables", TABLES)
def test_every_character_is_written_as_the_standard_has_it(tables: frozenset[str]) -> None:
    """Every code point of the BMP: what gsmcodecs (generated from TS 23.038 release 18) encodes, we call GSM-7."""
    for code_point in range(0x20, 0xFFFE):
        character = chr(code_point)
        if 0x7F <= code_point < 0xA0 or 0xD800 <= code_point < 0xE000 or 0xFDD0 <= code_point < 0xFDF0:
            continue
        plan = plan_segments(character + "a", shift_tables=tables)
        known = character.encode(CODECS[ShiftTable.TURKISH_SINGLE if tables else None], "ignore")
        assert (plan.encoding is Encoding.GSM7) == bool(known), f"U+{code_point:04X}"
        if known:
            assert plan.units_used == 1 + len(character.encode(CODECS[plan.language])), f"U+{code_point:04X}"


@settings(max_examples=200)
@given(text=gsm_texts | turkish_texts)
def test_septets_decode_back_to_the_text(text: str) -> None:
    plan = plan_segments(text, shift_tables=TABLES[1])
    assume(plan.encoding is Encoding.GSM7)
    codec = CODECS[plan.language]
    assert b"".join(segment.encode(codec) for segment in plan.segments) == text.encode(codec)
    assert [len(segment.encode(codec)) for segment in plan.segments] == list(plan.units)
