"""Names and notes: what may be stored, and which names are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.clients import LONGEST_NAME, clean_name, clean_text, name_key
from desktop_app.domain.errors import InvalidInput

NAMES = [
    "Acme", "  Acme  ", "\tAcme\n", "Ünïcödé GmbH", "ﷺ", "４４７", "٤٤", "²", "İstanbul ısı", "Straße", "STRAẞE", "🇹🇷 Flags",
    "' OR 1=1--", '"; DROP TABLE message;--', "%_\\\\", "{{7*7}}", "{0.__class__}", "%s%n", "${jndi:x}", "<b>x</b>",
    "<img src=file:///etc/passwd>", "&lt;b&gt;", "javascript:alert(1)", "=1+1", "../../x", "null", "None", "NaN", "true", "CON",
    "nul.txt", "-rf", "A" * 120, "é" * 60, "e\u0301" * 60,
]  # fmt: skip
# What cannot be seen, or what no database or screen takes.
UNFIT_NAMES = {
    "empty": "", "space": " ", "ten spaces": " " * 10, "tab": "\t", "line": "\n", "no-break space": "\u00a0",
    "header": "a\r\nX-Injected: 1", "two lines": "a\nb", "NUL": "a\0b", "bell": "a\x07b", "escape": "\x1b[31mred", "DEL": "a\x7fb",
    "C1": "a\x85b", "mark of order": "\ufeffAcme", "zero width": "Ac\u200bme", "joiners": "👩\u200d👩\u200d👧",
    "turned around": "\u202eemcA", "isolate": "\u2066Acme", "half a pair": "\ud800", "no character": "a\uffffb",
    "private": "a\ue000b", "line separator": "a\u2028b", "paragraph": "a\u2029b", "Zalgo": "a" + "\u0301" * 500,
    "121": "A" * 121, "megabyte": "A" * 10**6, "soft hyphen": "Ac\u00adme",
}  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_kept_as_it_is_written(text: str) -> None:
    name = clean_name(text, "client")
    assert name == unicodedata.normalize("NFC", text.strip())
    assert clean_name(name, "client") == name


@pytest.mark.parametrize("text", UNFIT_NAMES.values(), ids=UNFIT_NAMES)
def test_an_unfit_name_is_a_field_error(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean_name(text, "client")
    assert set(caught.value.fields) == {"name"}
    assert "client" in caught.value.user_message
    assert len(caught.value.user_message) < 120


@given(st.text(max_size=200))
def test_a_name_that_is_kept_can_be_shown_and_stored(text: str) -> None:
    try:
        name = clean_name(text, "client")
    except InvalidInput:
        return
    assert 0 < len(name) <= LONGEST_NAME
    assert name == name.strip()
    assert name.isprintable() or any(unicodedata.category(character) == "Zs" for character in name)
    assert "\0" not in name
    name.encode("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme", "ACME"), ("Straße", "STRASSE"), ("STRAẞE", "strasse"), ("Ａｃｍｅ", "acme"), ("Café", "Cafe\u0301"),
     ("ﬁrst", "First"), ("Ⅷ", "viii"), ("ΟΔΟΣ", "οδος"), ("①", "1")],
)  # fmt: skip
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Acme", "Acmé"), ("Isik", "Işık"), ("Ilk", "İlk"), ("раура1", "paypal"), ("A B", "AB")]
)
def test_names_that_read_differently_are_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(max_size=60))
def test_one_name_has_one_key_in_every_form(text: str) -> None:
    assert name_key(unicodedata.normalize("NFC", text)) == name_key(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    "text", ["a\tb", "a\nb", "a\r\nb", "\u202eabc", "zero\u200bwidth", "👩\u200d👩", "", "   ", "x" * 500]
)
def test_a_note_may_have_lines_and_any_letters(text: str) -> None:
    assert clean_text(text, "note") == text.strip()


@pytest.mark.parametrize("text", ["a\0b", "a\x07b", "\x1b[31m", "a\x7f", "a\x85b", "\ud800", "x" * 501, "y" * 10**6])
def test_a_note_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean_text(text, "note")
    assert set(caught.value.fields) == {"note"}


@given(st.text(max_size=600), st.integers(0, 500))
def test_a_note_that_is_kept_is_short_and_storable(text: str, longest: int) -> None:
    try:
        note = clean_text(text, "reason", longest=longest)
    except InvalidInput:
        return
    assert len(note) <= longest
    assert "\0" not in note
    note.encode("utf-8")
