"""The languages of the program: which one is spoken."""

import gettext
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from desktop_app.config import resource_path
from desktop_app.domain.language import install_translator
from desktop_app.services.personal import PersonalSettings

SOURCE: Final = "en"


def speak(language: str) -> None:
    """Let every text from now on be in ``language``, one of ``domain.language.LANGUAGES``."""
    if language == SOURCE:
        install_translator(str)
        return
    catalogue = _catalogue(language)
    install_translator(catalogue.gettext, catalogue.ngettext, language)


def speaking_settings(profile: Path, language: str) -> PersonalSettings:
    """Return the choices of a person; the program speaks the language that they choose, ``language`` until they do."""
    personal = PersonalSettings(profile, language)
    speak(personal.values.language)
    # The first to watch: whoever writes texts anew afterwards writes them in the new language.
    personal.watch(lambda _before, after: speak(after.language))
    return personal


def sayer(language: str) -> Callable[..., str]:
    """Return what ``tr`` is in ``language``, whatever the window speaks: for lists and letters in somebody else's language."""
    translate = str if language == SOURCE else _catalogue(language).gettext

    def say(source: str, /, **values: object) -> str:
        text = translate(source)
        return text.format(**values) if values else text

    return say


@lru_cache(maxsize=4)
def _catalogue(language: str) -> gettext.GNUTranslations:
    with resource_path(f"translations/{language}.mo").open("rb") as stream:
        return gettext.GNUTranslations(stream)
