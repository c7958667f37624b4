"""The formula guard: a text cell must never run in the spreadsheet program that opens it (reliability.md 6.2).

A text is *live* when its first character, after blanks and invisible characters, starts a formula; phone numbers in E.164
are not. ``protect`` puts one apostrophe before a live text, and also before one that is live behind apostrophes of its own:
so ``unprotect(protect(text)) == text`` for every text, and whoever wrote ``'=1`` gets ``'=1`` back, not ``=1``.
"""

import re
from typing import Final

# Blanks, control characters, soft hyphen, zero-width and bidi marks, BOM: programs drop or skip them.
_BLANKS: Final = r"\s\x00-\x20\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_LIVE: Final = re.compile(rf"'*(?!\+[1-9][0-9]{{6,14}}\Z)[{_BLANKS}]*[=+\-@|%\t\r\n＝＋－＠]")
is_live: Final = _LIVE.match
# No text that begins with one of these is live: most cells need no closer look.
HARMLESS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


def protect(text: str) -> str:
    """Return ``text`` as it may stand in a cell."""
    return "'" + text if is_live(text) else text


def unprotect(cell: str) -> str:
    """Return the text that ``protect`` turned into ``cell``; any other cell is returned as it is."""
    return cell[1:] if cell[:1] == "'" and is_live(cell, 1) else cell
