"""Prices of one client: set, replaced, taken away; never below cost without permission, and charged from the next send on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.activity import words_of
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.services.activity import Wanted
from tests.fixtures.application import Desk, german


def set_own(desk: Desk, price: str | None, country: str = "DE", client: str = "Aurora") -> Decimal | None:
    amount = None if price is None else Decimal(price)
    return desk.application.pricing.set_client_price(client, country, amount, actor="anna")


def own_prices(desk: Desk) -> dict[tuple[str, str | None], int]:
    with desk.application.database.read() as uow:
        return uow.prices.client_prices(uow.clients.get("Aurora").client_id)


def test_a_client_is_charged_its_own_price(desk: Desk) -> None:
    assert set_own(desk, "0.055") is None

    sheet = desk.queue([*german(2), "+447400123456"])

    assert {group.quote.country: group.quote.price for group in sheet.groups} == {"DE": 55_000, "GB": 36_000}
    assert '"source": "client_country"' in sheet.groups[0].quote.why


def test_replacing_and_taking_away_tell_the_former_price(desk: Desk) -> None:
    set_own(desk, "0.055")

    assert set_own(desk, "0.0575") == Decimal("0.055")
    assert own_prices(desk) == {("DE", None): 57_500}
    assert set_own(desk, None) == Decimal("0.0575")
    assert set_own(desk, None) is None
    assert own_prices(desk) == {}
    assert desk.queue(german(1)).groups[0].quote.price == 60_000


def test_each_change_is_in_the_log_with_its_prices(desk: Desk) -> None:
    set_own(desk, "0.055")
    set_own(desk, "0.0575")

    entries = desk.application.activity.page(Wanted()).entries
    words = [words_of(entry) for entry in entries if entry.kind == "client_price_set"]
    assert [(one.target, one.before, one.after) for one in words] == [
        ("DE · Aurora", "0.0550", "0.0575"),
        ("DE · Aurora", "–", "0.0550"),
    ]
    assert {entry.actor for entry in entries if entry.kind == "client_price_set"} == {"anna"}


def test_below_cost_is_refused_and_nothing_is_stored(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as caught:
        set_own(desk, "0.049999")

    assert (caught.value.code, caught.value.fields) == ("below_cost", {"price": "0.050000"})
    assert own_prices(desk) == {}
    set_own(desk, "0.05")  # at cost nothing is lost
    assert own_prices(desk) == {("DE", None): 50_000}


def test_permission_for_a_loss_covers_the_clients_price(desk: Desk) -> None:
    until = datetime.now(UTC) + timedelta(days=2)
    desk.application.pricing.set_price("DE", Decimal("0.04"), actor="anna", loss_until=until, reason="launch offer")

    set_own(desk, "0.03")

    assert desk.queue(german(1)).groups[0].quote.price == 30_000


@pytest.mark.parametrize("price", ["0", "-0.01", "100001"])
def test_what_is_no_price_is_refused(desk: Desk, price: str) -> None:
    with pytest.raises(InvalidInput):
        set_own(desk, price)
    assert own_prices(desk) == {}


def test_unknown_clients_and_countries_are_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        set_own(desk, "0.06", client="Nobody")
    with pytest.raises(InvalidInput):
        set_own(desk, "0.06", country="XX")
