"""What can be typed into the scope of a bulk edit: countries in every language we speak, codes, regions, providers, views."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.folding import folded
from desktop_app.domain.language import LANGUAGES, tr
from desktop_app.domain.regions import COUNTRIES, REGIONS
from desktop_app.domain.scopes import LOSS, ScopeToken, ScopeWord, TokenKind

# Names that people type and that no list of countries has.
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "AE": ("uae", "emirates"), "CD": ("congo kinshasa",), "CI": ("ivory coast",), "CZ": ("czech republic",),
    "GB": ("uk", "britain", "england"), "KR": ("korea",), "NL": ("holland",), "TR": ("turkey", "turkiye"),
    "US": ("usa", "america"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScopeVocabulary:
    """The words, and the countries' names in the person's language."""

    words: tuple[ScopeWord, ...]
    names: Mapping[str, str]

    def label(self, token: ScopeToken) -> str:
        """Return what a person calls a token."""
        if token.kind is TokenKind.COUNTRY:
            return self.names.get(token.value, token.value)
        if token.kind is TokenKind.REGION:
            return region_label(token.value)
        if token.kind is TokenKind.SELECTION:
            return tr("Selection")
        if token.kind is TokenKind.PROVIDER:
            return token.value
        if token.kind is TokenKind.VIEW:
            return tr("View {name}", name=token.value)
        if token.value == LOSS.value:
            return tr("Loss-making")
        sign = token.value.rstrip("0123456789.-")
        return tr("Margin {test}", test=f"{sign} {_short(token.value.removeprefix(sign))}%")

    def lost_view(self, tokens: Sequence[ScopeToken]) -> str | None:
        """Return the first view among ``tokens`` that this person does not have, None when there is none.

        What it added or took away is not known: such a scope must not be guessed.
        """
        known = {word.token.value for word in self.words if word.token.kind is TokenKind.VIEW}
        return next((one.value for one in tokens if one.kind is TokenKind.VIEW and one.value not in known), None)


def scope_vocabulary(language: str, providers: Iterable[str], views: Iterable[str] = ()) -> ScopeVocabulary:
    """Return the words for a person who reads ``language``; loads the names, so off the GUI thread."""
    from babel import Locale

    territories = {one: Locale.parse(one).territories for one in LANGUAGES}
    names = {iso: str(territories[language].get(iso, iso)) for iso in COUNTRIES}
    regions = [_region_word(name) for name in REGIONS]
    loss = ScopeWord(LOSS, tr("Loss-making"), (folded(tr("Loss-making")), "loss", "loss-making", "below cost"))
    countries = [
        ScopeWord(
            ScopeToken(TokenKind.COUNTRY, iso), names[iso],
            (iso.casefold(), *{folded(str(own.get(iso, iso))) for own in territories.values()}, *_ALSO.get(iso, ())),
        )
        for iso in sorted(COUNTRIES, key=lambda iso: folded(names[iso]))
    ]  # fmt: skip
    accounts = [ScopeWord(ScopeToken(TokenKind.PROVIDER, name), name, (folded(name),)) for name in sorted(providers)]
    # Last: a view that is called like a country is found by "@" or by its whole label.
    return ScopeVocabulary((*regions, loss, *accounts, *countries, *map(_view_word, views)), names)


def region_label(name: str) -> str:
    """Return what a person calls a region."""
    return {
        "EU": tr("EU countries"), "EEA": tr("EEA countries"), "EFTA": tr("EFTA countries"), "Europe": tr("Europe"),
        "North America": tr("North America"), "Latin America": tr("Latin America"), "Middle East": tr("Middle East"),
        "Africa": tr("Africa"), "Asia Pacific": tr("Asia Pacific"), "world": tr("All countries"),
    }[name]  # fmt: skip


def _region_word(name: str) -> ScopeWord:
    label = region_label(name)
    also = {"world": ("all", "everything", "world"), "EU": ("european union",)}.get(name, ())
    return ScopeWord(ScopeToken(TokenKind.REGION, name), label, (folded(name), folded(label), *also))


def _view_word(name: str) -> ScopeWord:
    label = tr("View {name}", name=name)
    return ScopeWord(ScopeToken(TokenKind.VIEW, name), label, (folded(name), f"@{folded(name)}", folded(label)))


def _short(percent: str) -> str:
    return percent.rstrip("0").rstrip(".") if "." in percent else percent
