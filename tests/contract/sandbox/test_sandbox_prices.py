from decimal import Decimal

import pytest

from desktop_app.config import resource_path
from desktop_app.sandbox.counting import count_segments
from desktop_app.sandbox.prices import PriceBook
from desktop_app.sandbox.scenario import Scenario


def test_the_world_is_large_enough_and_in_iso_codes() -> None:
    countries = PriceBook().countries

    assert len(countries) >= 200
    assert sum(len(country.networks) for country in countries.values()) >= 300
    assert all(len(iso) == 2 and iso.isupper() and country.iso == iso for iso, country in countries.items())
    assert {"US", "DE", "FR", "TR", "AT", "SE", "GB", "AU", "IN"} <= countries.keys()


def test_each_network_is_there_once_with_codes_and_a_name() -> None:
    for country in PriceBook().countries.values():
        codes = [(network.mcc, network.mnc) for network in country.networks]
        assert len(codes) == len(set(codes)) > 0
        assert all(mcc.isdigit() and len(mcc) == 3 and mnc.isdigit() for mcc, mnc in codes)
        assert all(network.name for network in country.networks)


def test_parts_of_countries_under_another_administration_are_left_out() -> None:
    georgia = PriceBook().countries["GE"]

    assert "Aquafon" not in {network.name for network in georgia.networks}


def test_prices_are_the_same_on_every_start_and_plausible() -> None:
    first = PriceBook(resource_path("data/mccmnc.csv"))

    assert first.countries == PriceBook().countries
    prices = [Decimal(network.price) for country in first.countries.values() for network in country.networks]
    assert min(prices) >= Decimal("0.02")
    assert max(prices) < Decimal("0.27")
    assert len(set(prices)) > 300


def test_known_prices_stay_what_they_are() -> None:
    """Changing the hash would change every price of a demonstration."""
    germany = PriceBook().countries["DE"]

    assert [(n.mcc, n.mnc, n.price) for n in germany.networks[:3]] == [
        ("262", "01", "0.09062"),
        ("262", "02", "0.09692"),
        ("262", "03", "0.09850"),
    ]


def test_a_scenario_price_is_the_dearest_price_too() -> None:
    book = PriceBook()

    assert book.dearest("DE", Scenario.from_json({"prices": {"DE": "0.03330001"}})) == Decimal("0.03330001")
    assert book.dearest("DE", Scenario()) == max(Decimal(n.price) for n in book.countries["DE"].networks)
    assert book.dearest("XX", Scenario()) is None


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("x" * 152 + "€" + "x" * 153, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("ş" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("ж" * 66 + "😀" + "ж" * 67, 3),
    ],
)
def test_segments_are_counted_as_gsm_03_38_says(text: str, segments: int) -> None:
    assert count_segments(text) == segments
