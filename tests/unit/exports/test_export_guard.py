"""The formula guard: nothing live leaves, everything comes back."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.exports.guard import HARMLESS, is_live, protect, unprotect

PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    '=WEBSERVICE("http://x")',
    '=IMPORTXML("http://x","//a")',
    "=DDE(1)",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "|calc",
    "%0A=1",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "   +1",
    "\u00a0=1",
    "\u2003=1",
    "\ufeff=1",
    "\u200b=1",
    "\u200d\u200d-1",
    "\u202e=1",
    "\u2066@x",
    "\u00ad=1",
    "\x00=1",
    "\x1b=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    "\u200b＝1",
    "-",
    "+",
    "=",
    "@",
    "-rf",
    "+49 151 123",
    "+0491511234567",
    "+49",
    "+4915112345678 ",
    " +4915112345678",
    "+4915112345678+cmd",
    "+1234567890123456",
    "+4915112345678\n",
    "\t",
    "\r\nX-Injected: 1",
    "'=1",
    "''=1",
    "'\u200b=1",
    "'\t",
]
HARMLESS_TEXTS = [
    "",
    "AURORA",
    "T-Mobile",
    "a=1",
    '"=1"',
    ";=1",
    "'",
    "''",
    "'quoted'",
    "0.123",
    "26201",
    " ",
    "\u200b",
    "+4915112345678",
    "+1234567",
    "'+4915112345678",
    "(=1)",
    "Müller",
    "中国移动",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_live_text_gets_one_apostrophe(payload: str) -> None:
    assert protect(payload) == "'" + payload
    assert unprotect(protect(payload)) == payload


@pytest.mark.parametrize("text", HARMLESS_TEXTS)
def test_a_harmless_text_stays(text: str) -> None:
    assert protect(text) == text
    assert unprotect(text) == text


@settings(deadline=None, max_examples=1_000)
@given(st.text() | st.text("'=+-@|%\t\r\n＝＋－＠ \u200b\ufeff0149a", max_size=20))
@example("'")
@example("'+4915112345678")
@example("''+1")
def test_every_text_comes_back_and_none_is_live(text: str) -> None:
    cell = protect(text)
    assert unprotect(cell) == text
    assert cell in (text, "'" + text)
    seen = cell.lstrip(" \t\r\n\u200b\ufeff")
    assert not (seen.startswith(tuple("=+-@|%＝＋－＠")) and not text.removeprefix("+").isdigit())


@settings(deadline=None)
@given(st.text())
def test_two_texts_never_become_one_cell(text: str) -> None:
    assert protect(text) != protect("'" + text)
    if text[:1] in HARMLESS and text:
        assert not is_live(text)
