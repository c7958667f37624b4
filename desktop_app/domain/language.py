"""The seam through which every text for a person goes.

The domain knows no translation files: whoever starts the program installs a translator, and without one the English source
text is shown. Sources are literal strings in the code, so that they can be collected for translation.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

# How each language calls itself: a person who chose the wrong one must find the way back.
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType({"en": "English", "tr": "Türkçe", "de": "Deutsch"})


# What each language writes for "." and "," in a number.
_MARKS: Final = {"en": str.maketrans(".,", ".,"), "de": str.maketrans(".,", ",."), "tr": str.maketrans(".,", ",.")}


def _plain_plural(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


class _Catalogue:
    """Holds the translators in force."""

    def __init__(self) -> None:
        self.translate: Callable[[str], str] = str
        self.plural: Callable[[str, str, int], str] = _plain_plural
        self.language = "en"
        self.heard: Callable[[str, Callable[[], str]], object] | None = None


_catalogue = _Catalogue()


def install_translator(
    translate: Callable[[str], str],
    plural: Callable[[str, str, int], str] = _plain_plural,
    language: str = "en",
) -> None:
    """Let ``translate`` turn English source texts, placeholders included, into another language.

    Args:
        translate: called with the source.
        plural: called with the sources for one and for many, and with the count that decides.
        language: its code, one of ``LANGUAGES``; decimal marks and names of countries follow it.
    """
    _catalogue.translate = translate
    _catalogue.plural = plural
    _catalogue.language = language


def listen(heard: Callable[[str, Callable[[], str]], object]) -> Callable[[], None]:
    """Let ``heard`` be called with every text that is spoken and with what says the same in a later language.

    Returns:
        What ends that, unless somebody else listens by then.
    """
    _catalogue.heard = heard

    def end() -> None:
        if _catalogue.heard is heard:
            _catalogue.heard = None

    return end


def language_in_force() -> str:
    """Return the code of the language that ``tr`` speaks."""
    return _catalogue.language


def tr(source: str, /, **values: object) -> str:
    """Return ``source`` in the language in force, its ``{name}`` placeholders filled from ``values``.

    A literal brace in the source is doubled, as for ``str.format``, when values are given.
    """
    text = _catalogue.translate(source)
    text = text.format(**_marked(values)) if values else text
    if _catalogue.heard is not None:
        _catalogue.heard(text, lambda: tr(source, **values))
    return text


def later(source: str) -> str:
    """Return ``source`` as it is, and let it be collected for translation: for literals in tables that are made at import."""
    return source


def say(source: str) -> str:
    """Return a text that was marked with ``later`` in the language in force."""
    return tr(source)


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form that ``count`` takes in the language in force: ``trn("{count} price", "{count} prices", 3)``.

    ``{count}`` is filled with the plain number, or with what ``values`` say under that name, for example with marks at the
    thousands; the other placeholders as in ``tr``.
    """
    text = _catalogue.plural(one, many, count).format(**_marked({"count": count, **values}))
    if _catalogue.heard is not None:
        _catalogue.heard(text, lambda: trn(one, many, count, **values))
    return text


def in_language(number: str) -> str:
    """Return a number written as 1,234.56 with the marks of the language in force: 1.234,56."""
    return number.translate(_MARKS[_catalogue.language])


class _Figure(int):
    """A number that, asked for marks at the thousands, takes those of the language in force."""

    def __format__(self, how: str) -> str:
        text = super().__format__(how)
        return in_language(text) if "," in how else text


def _marked(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _Figure(value) if type(value) is int else value for name, value in values.items()}


def language_of(text: str) -> str | None:
    """Return which of our languages ``text`` means ("de", "de_AT.UTF-8", "TR"), None for another one."""
    code = text.strip().lower().replace("-", "_").partition("_")[0].partition(".")[0]
    return code if code in LANGUAGES else None
