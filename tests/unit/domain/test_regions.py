"""Country codes and the groups that prices are set for."""

from itertools import combinations

import phonenumbers
import pytest
from babel import Locale

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.regions import COUNTRIES, REGIONS, parse_country, region

CONTINENTS = ("Europe", "North America", "Latin America", "Middle East", "Africa", "Asia Pacific")


def test_countries_are_those_of_iso_3166() -> None:
    assert len(COUNTRIES) == 249 + 1
    # CLDR names more than ISO assigns: groupings, reserved codes, and pseudo-locales.
    beyond = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    assert {code for code in map(str, Locale("en").territories) if len(code) == 2} - beyond == COUNTRIES


def test_every_region_of_phonenumbers_is_a_country() -> None:
    assert set(phonenumbers.SUPPORTED_REGIONS) - COUNTRIES == {"AC", "TA"}


def test_continents_hold_every_country_once() -> None:
    for one, other in combinations(CONTINENTS, 2):
        assert not REGIONS[one] & REGIONS[other]
    assert frozenset().union(*(REGIONS[name] for name in CONTINENTS)) == COUNTRIES - {"AQ"}


def test_european_groups() -> None:
    assert len(REGIONS["EU"]) == 27
    assert len(REGIONS["EEA"]) == 30
    assert REGIONS["EEA"] - REGIONS["EU"] == {"IS", "LI", "NO"}
    assert REGIONS["EFTA"] == {"CH", "IS", "LI", "NO"}
    assert REGIONS["EU"] | REGIONS["EFTA"] < REGIONS["Europe"] < REGIONS["world"] == COUNTRIES
    assert {"GB", "XK", "TR"} <= REGIONS["Europe"]


@pytest.mark.parametrize("name", ["Latin America", "latin america", "  LATIN   AMERICA "])
def test_a_region_is_found_by_its_name_in_any_case(name: str) -> None:
    assert region(name) == REGIONS["Latin America"]


def test_an_unknown_region_is_refused_with_those_that_exist() -> None:
    with pytest.raises(InvalidInput) as refused:
        region("Atlantis")
    assert refused.value.user_message == (
        "“Atlantis” is not a region. There are EU, EEA, EFTA, Europe, North America, Latin America, Middle East, "
        "Africa, Asia Pacific, world."
    )


@pytest.mark.parametrize(("text", "code"), [("DE", "DE"), ("de", "DE"), (" tr\n", "TR"), ("xk", "XK")])
def test_country_codes(text: str, code: str) -> None:
    assert parse_country(text) == code


@pytest.mark.parametrize(
    "text", ["", "Q1", "D", "DEU", "ZZ", "EU", "UK", "ß", "ıt", "ﬁ", "ＤＥ", "DE AT", "Germany", "49"]
)
def test_what_is_no_country_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a country code") as refused:
        parse_country(text)
    assert "country" in refused.value.fields
