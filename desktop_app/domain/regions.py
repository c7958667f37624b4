"""Countries by their codes, and the groups of countries that prices are set for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EU: Final = _codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
_EFTA: Final = _codes("CH IS LI NO")

# The six continents below hold every country once, so that a rule for one of them says clearly whom it means. Europe is
# where the national plans are coordinated by CEPT (so with Cyprus, Türkiye and the Caucasus), with their territories there,
# and Kosovo. The others follow UN M49, save that Western Asia without those, and Iran, is called the Middle East.
_EUROPE: Final = _EU | _EFTA | _codes("AD AL AM AX AZ BA BY FO GB GE GG GI IM JE MC MD ME MK RS RU SJ SM TR UA VA XK")
_NORTH_AMERICA: Final = _codes("BM CA GL PM US")
_LATIN_AMERICA: Final = _codes("""
    AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF MQ MS MX NI PA
    PE PR PY SR SV SX TC TT UY VC VE VG VI
    """)
_MIDDLE_EAST: Final = _codes("AE BH IL IQ IR JO KW LB OM PS QA SA SY YE")
_AFRICA: Final = _codes("""
    AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG
    RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW
    """)
_ASIA_PACIFIC: Final = _codes("""
    AF AS AU BD BN BT CC CK CN CX FJ FM GU HK HM ID IN JP KG KH KI KP KR KZ LA LK MH MM MN MO MP MV MY NC NF NP NR NU NZ
    PF PG PH PK PN PW SB SG TH TJ TK TL TM TO TV TW UM UZ VN VU WF WS
    """)

# ISO 3166-1 alpha-2 (2024), and XK, which Kosovo uses without being in the standard. Antarctica lies on no continent of ours.
COUNTRIES: Final = (
    _EUROPE | _NORTH_AMERICA | _LATIN_AMERICA | _MIDDLE_EAST | _AFRICA | _ASIA_PACIFIC | frozenset({"AQ"})
)

REGIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "EU": _EU,
        "EEA": _EU | _EFTA - {"CH"},
        "EFTA": _EFTA,
        "Europe": _EUROPE,
        "North America": _NORTH_AMERICA,
        "Latin America": _LATIN_AMERICA,
        "Middle East": _MIDDLE_EAST,
        "Africa": _AFRICA,
        "Asia Pacific": _ASIA_PACIFIC,
        "world": COUNTRIES,
    }
)
_BY_FOLDED_NAME: Final = {name.casefold(): countries for name, countries in REGIONS.items()}


def region(name: str) -> frozenset[str]:
    """Return the countries of the region called ``name``, in any case.

    Raises:
        InvalidInput: when there is no such region; names those that exist.
    """
    countries = _BY_FOLDED_NAME.get(" ".join(name.split()).casefold())
    if countries is None:
        sentence = tr("“{name}” is not a region. There are {names}.", name=name[:40], names=", ".join(REGIONS))
        raise InvalidInput(sentence, fields={"region": sentence})
    return countries


def parse_country(text: str) -> str:
    """Return the ISO 3166 alpha-2 code in ``text``, upper case.

    Raises:
        InvalidInput: when it is no country.
    """
    # Not upper() first: it turns "ß" into "SS" and "ı" into "I".
    code = text.strip()
    if not (code.isascii() and code.upper() in COUNTRIES):
        sentence = tr("“{text}” is not a country code. Use two letters like DE or US.", text=text[:20])
        raise InvalidInput(sentence, fields={"country": sentence})
    return code.upper()
