"""The scope of a bulk edit: tokens that add countries up, or take them away.

A token is a country, a region, a provider, a saved view, a test of the margin, or a selection. As text it stands in addresses
and presets: "EU,-DE,margin<25,provider:Main,view:Thin%20margins,selection:FR+IT".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.folding import folded
from desktop_app.domain.language import tr
from desktop_app.domain.percents import parse_percent
from desktop_app.domain.regions import COUNTRIES, REGIONS

MINUS_SIGNS: Final = "-\u2212\u2013"
# From so many countries on, an address that lists them means the selection they came from.
SELECTION_SIZE: Final = 4
_TEST: Final = re.compile(r"(.+?)\s*(<=|>=|<|>|≤|≥)\s*(.+)")
_PLAIN: Final = {"≤": "<=", "≥": ">="}
_REGION_KEYS: Final = {name.casefold().replace(" ", "-"): name for name in REGIONS}


class TokenKind(StrEnum):
    """What a token speaks of."""

    COUNTRY = "country"
    REGION = "region"
    PROVIDER = "provider"
    VIEW = "view"
    MARGIN = "margin"
    SELECTION = "selection"


@dataclass(frozen=True, slots=True)
class ScopeToken:
    """One token.

    Attributes:
        kind: what it speaks of.
        value: an ISO code, the name of a region, a provider or a view, a test like "<25.00", or ISO codes joined by "+".
        removes: it takes its countries away.
    """

    kind: TokenKind
    value: str
    removes: bool = False

    @property
    def text(self) -> str:
        """The token for addresses and presets."""
        value = {
            TokenKind.COUNTRY: self.value,
            TokenKind.REGION: self.value.casefold().replace(" ", "-"),
            TokenKind.PROVIDER: f"provider:{quote(self.value, safe='')}",
            TokenKind.VIEW: f"view:{quote(self.value, safe='')}",
            TokenKind.MARGIN: f"margin{self.value}",
            TokenKind.SELECTION: f"selection:{self.value}",
        }[self.kind]
        return f"-{value}" if self.removes else value


LOSS: Final = ScopeToken(TokenKind.MARGIN, "<0.00")


@dataclass(frozen=True, slots=True)
class ScopeCountry:
    """What tokens ask of a country.

    Attributes:
        iso: ISO 3166 alpha-2.
        margin: of its price, in hundredths of a percent; None without a price or a cost.
        providers: the names of those that have a cost for it.
        views: the names of the person's saved views that show it.
    """

    iso: str
    margin: int | None
    providers: frozenset[str]
    views: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ScopeWord:
    """Something that can be typed.

    Attributes:
        token: what it means.
        label: what a person calls it.
        keys: the folded texts that name it.
    """

    token: ScopeToken
    label: str
    keys: tuple[str, ...]


def matching(token: ScopeToken, countries: Iterable[ScopeCountry]) -> frozenset[str]:
    """Return the countries that ``token`` speaks of, whether it adds or removes them."""
    if token.kind is TokenKind.PROVIDER:
        return frozenset(one.iso for one in countries if token.value in one.providers)
    if token.kind is TokenKind.VIEW:
        return frozenset(one.iso for one in countries if token.value in one.views)
    if token.kind is TokenKind.MARGIN:
        sign = token.value[:2] if token.value[1:2] == "=" else token.value[:1]
        bound = parse_percent(token.value.removeprefix(sign))
        return frozenset(one.iso for one in countries if one.margin is not None and _compares(one.margin, sign, bound))
    wanted = REGIONS[token.value] if token.kind is TokenKind.REGION else frozenset(token.value.split("+"))
    return frozenset(one.iso for one in countries if one.iso in wanted)


def resolve(tokens: Sequence[ScopeToken], countries: Sequence[ScopeCountry]) -> tuple[str, ...]:
    """Return the countries of a scope in their order; tokens that only remove start from all of them."""
    adding = [token for token in tokens if not token.removes]
    found: set[str] = set() if adding or not tokens else {one.iso for one in countries}
    for token in adding:
        found |= matching(token, countries)
    for token in tokens:
        if token.removes:
            found -= matching(token, countries)
    return tuple(one.iso for one in countries if one.iso in found)


def parse_tokens(text: str) -> tuple[ScopeToken, ...]:
    """Return the tokens of an address or a preset.

    Raises:
        InvalidInput: one of them is none.
    """
    tokens = [_from_address(part) for part in text.split(",") if part.strip()]
    listed = [token.value for token in tokens if token.kind is TokenKind.COUNTRY and not token.removes]
    if len(listed) < SELECTION_SIZE or len(listed) < len(tokens):
        return tuple(tokens)
    return (ScopeToken(TokenKind.SELECTION, "+".join(listed)),)


def read_token(text: str, words: Sequence[ScopeWord]) -> ScopeToken:
    """Return what a person typed, with a minus sign in front for one that removes.

    The word itself counts most, then the best that starts with it or holds it.

    Raises:
        InvalidInput: nothing is called so.
    """
    bare = text.strip()
    removes = bare[:1] in MINUS_SIGNS and len(bare) > 1
    bare = bare[1:].strip() if removes else bare
    token = _margin_test(bare)
    if token is None:
        found = suggestions(bare, words, limit=1)
        if not found:
            raise InvalidInput(tr("No country, region, provider or view matches “{text}”", text=bare[:40]))
        token = found[0].token
    return replace(token, removes=removes)


def suggestions(text: str, words: Sequence[ScopeWord], limit: int = 8) -> list[ScopeWord]:
    """Return what ``text`` may become: those called so, then those that start with it, then those that hold it."""
    wanted = folded(text.strip().lstrip(MINUS_SIGNS))
    if not wanted:
        return []
    ranked = [(rank, place, word) for place, word in enumerate(words) if (rank := _rank(wanted, word)) is not None]
    return [word for _rank_, _place, word in sorted(ranked, key=lambda one: one[:2])[:limit]]


def _rank(wanted: str, word: ScopeWord) -> int | None:
    if wanted in word.keys:
        return 0
    if any(key.startswith(wanted) for key in word.keys):
        return 1
    inside = len(wanted) > 1 and any(f" {wanted}" in key for key in word.keys)
    return 2 if inside else None


def _margin_test(text: str) -> ScopeToken | None:
    match = _TEST.fullmatch(text)
    if match is None or folded(match[1]) not in {"margin", folded(tr("Margin"))}:
        return None
    return _margin(match[2], match[3])


def _margin(sign: str, percent: str) -> ScopeToken:
    bound = parse_percent(percent)
    text = f"{'-' if bound < 0 else ''}{abs(bound) // 100}.{abs(bound) % 100:02d}"
    return ScopeToken(TokenKind.MARGIN, _PLAIN.get(sign, sign) + text)


def _compares(margin: int, sign: str, bound: int) -> bool:
    if margin == bound:
        return sign in ("<=", ">=")
    return margin < bound if sign.startswith("<") else margin > bound


def _from_address(part: str) -> ScopeToken:
    text = part.strip()
    removes = text[:1] in MINUS_SIGNS
    bare = text[1:] if removes else text
    kind, _, value = bare.partition(":")
    test = _TEST.fullmatch(bare)
    key = bare.casefold().replace(" ", "-")
    if bare.casefold() == "loss":
        token = LOSS
    elif kind in (TokenKind.PROVIDER, TokenKind.VIEW) and value:
        token = ScopeToken(TokenKind(kind), unquote(value))
    elif kind == TokenKind.SELECTION and value and set(value.upper().split("+")) <= COUNTRIES:
        token = ScopeToken(TokenKind.SELECTION, value.upper())
    elif test is not None and test[1].casefold() == TokenKind.MARGIN:
        token = _margin(test[2], test[3])
    elif key in _REGION_KEYS:
        token = ScopeToken(TokenKind.REGION, _REGION_KEYS[key])
    elif bare.isascii() and bare.upper() in COUNTRIES:
        token = ScopeToken(TokenKind.COUNTRY, bare.upper())
    else:
        raise InvalidInput(tr("No country, region, provider or view matches “{text}”", text=bare[:40]))
    return replace(token, removes=removes)
