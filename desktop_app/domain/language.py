"""The seam through which every text for a person goes.

The domain knows no translation files: whoever starts the program installs a translator, and without one the English source
text is shown.
"""

from collections.abc import Callable


class _Catalogue:
    """Holds the translator in force."""

    def __init__(self) -> None:
        self.translate: Callable[[str], str] = str


_catalogue = _Catalogue()


def install_translator(translate: Callable[[str], str]) -> None:
    """Let ``translate`` turn English source texts, placeholders included, into another language."""
    _catalogue.translate = translate


def tr(source: str, /, **values: object) -> str:
    """Return ``source`` in the language in force, its ``{name}`` placeholders filled from ``values``.

    A literal brace in the source is doubled, as for ``str.format``, when values are given.
    """
    text = _catalogue.translate(source)
    return text.format(**values) if values else text
