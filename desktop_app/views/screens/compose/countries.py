"""The countries whose national numbers can be understood."""

from collections.abc import Mapping
from typing import Any, Final

from babel import Locale
from PySide6.QtCore import QLocale

from desktop_app.domain.language import tr
from desktop_app.domain.regions import COUNTRIES
from desktop_app.views.formats import folded

_FALLBACK: Final = "DE"


def default_countries(language: str) -> list[tuple[str, str]]:
    """Return (ISO code, name) by name, after "" for none."""
    names = Locale.parse(language).territories
    countries = sorted(((iso, names.get(iso, iso)) for iso in COUNTRIES), key=lambda one: folded(one[1]))
    return [("", tr("None")), *countries]


def usual_country(kept: Mapping[str, Any]) -> str:
    """Return the country that was chosen last, else that of this computer."""
    chosen = kept.get("country")
    if isinstance(chosen, str) and (not chosen or chosen in COUNTRIES):
        return chosen
    own = QLocale.territoryToCode(QLocale.system().territory())
    return own if own in COUNTRIES else _FALLBACK
