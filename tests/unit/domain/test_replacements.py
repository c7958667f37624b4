"""Suggestions that bring a text back into the GSM alphabet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.alphabets import Encoding
from desktop_app.domain.replacements import replace_forcing, suggest_replacement
from desktop_app.domain.segments import plan_segments


@pytest.mark.parametrize(
    ("character", "replacement"),
    [
        ("‘", "'"), ("’", "'"), ("“", '"'), ("„", '"'), ("«", '"'), ("`", "'"), ("´", "'"),
        ("–", "-"), ("—", "-"), ("‑", "-"), ("−", "-"), ("…", "..."), ("•", "*"),
        ("\u00a0", " "), ("\u202f", " "), ("\t", " "), ("\u2028", "\n"),
        ("\u200b", ""), ("\ufeff", ""), ("\u00ad", ""), ("\u202e", ""), ("\u200d", ""), ("\u0301", ""),
        ("ş", "s"), ("Ş", "S"), ("ğ", "g"), ("Ğ", "G"), ("ı", "i"), ("İ", "I"), ("ç", "c"),
        ("á", "a"), ("ô", "o"), ("ž", "z"), ("ł", "l"), ("œ", "oe"), ("đ", "d"),
        ("²", "2"), ("½", "1/2"), ("™", "TM"), ("８", "8"), ("₺", "TL"), ("ﬁ", "fi"), ("Ω", "Ω"),
        ("é", "é"), ("€", "€"), ("a", "a"),
        ("ж", None), ("й", None), ("α", None), ("漢", None), ("😀", None), ("ﷺ", None), ("٤", None), ("ि", None), ("°", None),
    ],
)  # fmt: skip
def test_suggestions(character: str, replacement: str | None) -> None:
    assert suggest_replacement(character) == replacement


@given(st.characters(exclude_categories=["Cs"]))
@settings(max_examples=2000)
def test_a_suggestion_is_always_in_the_gsm_alphabet(character: str) -> None:
    replacement = suggest_replacement(character)
    if replacement:
        assert plan_segments("a" + replacement).encoding is Encoding.GSM7


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("“Şimdi” – yalnızca 5 €…", '"Simdi" - yalnizca 5 €...'),
        ("cafe\u0301 sale\u0301", "café salé"),
        ("a\u200cb\ufe0fc", "abc"),
        ("“👩\u200d👩\u200d👧” ❤\ufe0f\u200d🔥", '"👩\u200d👩\u200d👧" ❤\ufe0f\u200d🔥'),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("plain [text]", "plain [text]"),
        ("", ""),
    ],
)
def test_replacing_all(text: str, replaced: str) -> None:
    assert replace_forcing(text) == replaced


def test_letters_that_the_provider_can_write_stay() -> None:
    assert replace_forcing("“Şimdi”", shift_tables=frozenset({"tr"})) == '"Şimdi"'


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
    st.sampled_from([frozenset(), frozenset({"tr"})]),
)
@settings(max_examples=500)
def test_replacing_twice_changes_nothing_more(text: str, tables: frozenset[str]) -> None:
    once = replace_forcing(text, shift_tables=tables)
    assert replace_forcing(once, shift_tables=tables) == once


@given(st.text(st.sampled_from("aé€“”…şğıáñ\u200b\u00a0"), min_size=1).map(lambda text: "a" + text))
def test_a_text_without_foreign_script_becomes_gsm(text: str) -> None:
    assert plan_segments(replace_forcing(text)).encoding is Encoding.GSM7
