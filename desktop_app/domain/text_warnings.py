"""What is worth a second look in a text before it is sent: borrowed short links, capitals, no word on how to opt out."""

import re
from typing import Final

# Anybody can hide behind them, so networks filter messages that carry them.
SHORTENERS: Final = frozenset(
    {
        "bit.ly", "bl.ink", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "s.id",
        "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "v.gd",
    }
)  # fmt: skip
# Shorter texts are names and abbreviations.
FEWEST_LETTERS: Final = 16
_HOST: Final = re.compile(
    r"(?<![\w@./-])(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?=[/?#:]|\b)", re.IGNORECASE
)
_FIELD: Final = re.compile(r"\{[^{}]*\}")
# "Reply STOP", and the same in the languages that clients write in.
_OPT_OUT: Final = re.compile(
    r"\b(?:stopp?|arr[eê]t|unsubscribe|opt[ -]?out|abmelden|abbestellen|abmeldung|austragen|[iİ]ptal|ret|ç[iı]kmak|baja|disdici"
    r"|cancella)\b",
    re.IGNORECASE,
)
_ASKS_FOR_OPT_OUT: Final = re.compile(r"\bstop\b|opt[ -]?out|unsubscribe", re.IGNORECASE)


def shorteners_in(text: str) -> tuple[str, ...]:
    """Return the public link shorteners that a text uses, each once, in the order of the text."""
    hosts = (found.group(1).casefold() for found in _HOST.finditer(text))
    return tuple(dict.fromkeys(host for host in hosts if host in SHORTENERS))


def is_shouted(text: str) -> bool:
    """Return whether nearly all letters of a text are capitals; the names of its fields do not count."""
    letters = [one for one in _FIELD.sub("", text) if one.isupper() or one.islower()]
    return len(letters) >= FEWEST_LETTERS and sum(one.isupper() for one in letters) * 10 > len(letters) * 7


def tells_how_to_opt_out(text: str) -> bool:
    """Return whether a text says how no more messages come."""
    return _OPT_OUT.search(text) is not None


def asks_for_opt_out(content: str) -> bool:
    """Return whether a country's rule on the content, in words, asks for that."""
    return _ASKS_FOR_OPT_OUT.search(content) is not None
