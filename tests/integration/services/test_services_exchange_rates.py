"""Exchange rates as the settings show them, on both databases."""

from datetime import date
from decimal import Decimal

from desktop_app.app import window_parts
from desktop_app.services.exchange_rates import ExchangeRate, ExchangeRatesService, NeededRate
from tests.fixtures.application import Desk

OLD, NEW = date(2026, 1, 5), date(2026, 2, 5)


def _rates(desk: Desk) -> ExchangeRatesService:
    return window_parts(desk.application, desk.application.settings, sandbox=True).exchange_rates


def test_rates_are_listed_by_currencies_the_newest_first(bare_desk: Desk) -> None:
    for source, rate, day in (("USD", "0.92", OLD), ("GBP", "1.17", OLD), ("USD", "0.95", NEW)):
        bare_desk.application.accounts.set_exchange_rate(source, "EUR", Decimal(rate), day, actor="anna")

    assert _rates(bare_desk).list_rates() == [
        ExchangeRate("GBP", "EUR", Decimal("1.17"), OLD),
        ExchangeRate("USD", "EUR", Decimal("0.95"), NEW),
        ExchangeRate("USD", "EUR", Decimal("0.92"), OLD),
    ]
    assert _rates(bare_desk).rate_of_day("USD", "EUR", OLD) == Decimal("0.92")
    assert _rates(bare_desk).rate_of_day("USD", "EUR", date(2026, 1, 6)) is None


def test_costs_in_another_currency_wait_for_a_rate_and_lose_it_again(bare_desk: Desk) -> None:
    bare_desk.add_provider("Main")
    bare_desk.import_costs("Main", {"DE": "0.10"}, currency="USD")
    rates = _rates(bare_desk)
    assert rates.missing() == [NeededRate("USD", "EUR")]

    bare_desk.application.accounts.set_exchange_rate("USD", "EUR", Decimal("0.9"), OLD, actor="anna")
    assert rates.missing() == []
    assert [row.rate.cost for row in bare_desk.application.pricing.list_prices()] == [90_000]

    rates.remove("USD", "EUR", OLD, actor="anna")
    assert rates.missing() == [NeededRate("USD", "EUR")]
    assert [row.rate.cost for row in bare_desk.application.pricing.list_prices()] == [None]
    assert bare_desk.query("SELECT kind, subject FROM activity ORDER BY id DESC LIMIT 1") == [
        ("rate_removed", "USD/EUR")
    ]


def test_without_a_provider_no_rate_is_missing(bare_desk: Desk) -> None:
    assert _rates(bare_desk).missing() == []
