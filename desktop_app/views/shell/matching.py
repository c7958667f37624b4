"""How well a name is found by what was typed: exact, recent, start of a word, letters in order."""

from enum import IntEnum
from typing import Final

from desktop_app.views.formats import folded

# A word of this many letters or more may be found by its letters with gaps; a shorter one would find everything.
SHORTEST_FUZZY: Final = 3


class Rank(IntEnum):
    """How well something matches; the lower, the better."""

    EXACT = 0
    RECENT = 1
    PREFIX = 2
    WORDS = 3
    INSIDE = 4
    FUZZY = 5


def rank(typed: str, name: str, words: str = "", *, is_recent: bool = False) -> Rank | None:
    """Return how well ``typed`` finds something, None when it does not.

    Args:
        typed: what the person typed; each of its words must be found.
        name: what it is called.
        words: more words that find it.
        is_recent: the person chose it lately.
    """
    wanted, called = folded(typed), folded(name)
    if not wanted:
        return Rank.RECENT if is_recent else Rank.WORDS
    found = _found(wanted, called, folded(words))
    if found is None or found is Rank.EXACT:
        return found
    return Rank.RECENT if is_recent else found


def _found(wanted: str, called: str, more: str) -> Rank | None:
    if wanted == called or wanted in more.split():
        return Rank.EXACT
    if called.startswith(wanted):
        return Rank.PREFIX
    parts = f"{called} {more}".replace("-", " ").replace(",", " ").split()
    worst = Rank.WORDS
    for word in wanted.split():
        if any(part.startswith(word) for part in parts):
            continue
        if any(word in part for part in parts):
            worst = max(worst, Rank.INSIDE)
        elif len(word) >= SHORTEST_FUZZY and any(_in_order(word, part) for part in parts):
            worst = Rank.FUZZY
        else:
            return None
    return worst


def _in_order(letters: str, word: str) -> bool:
    """Whether ``word`` starts with the first of ``letters`` and holds the others in their order."""
    rest = iter(word)
    return word[:1] == letters[0] and all(letter in rest for letter in letters)
