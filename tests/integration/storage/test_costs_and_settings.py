"""Costs and what they become in a price list, exchange rates by date, settings, the log, and statements for many rows."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, bindparam, insert, literal, select, update
from sqlalchemy.exc import StatementError

from desktop_app.domain.credits import SystemAccount
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.money import MAX_PRICE_MICRO, micro_ceiling
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import Flag, UTCDateTime, micros_since_epoch
from desktop_app.storage.lists import among, among_texts, json_array
from desktop_app.storage.models.accounts import setting
from desktop_app.storage.repositories.costs import CostDifference, CostRow, cost_micro
from desktop_app.storage.repositories.losses import LossPermission
from desktop_app.storage.unit_of_work import UnitOfWork
from tests.fixtures.books import NOW, Books


def cost(country: str, price: str, mccmnc: str | None = None, currency: str = "EUR") -> CostRow:
    return CostRow(country, mccmnc, "", price, cost_micro(Decimal(price)), currency)


def replaced(books: Books, *costs: CostRow, store: bool = True) -> CostDifference:
    with books.database.begin() as uow:
        return uow.costs.replace(books.ids["Main"], costs, store=store)


def refreshed(books: Books, **rates: str | None) -> dict[tuple[str, str | None], tuple[int | None, bool]]:
    """Refresh the standard list and return (cost, unconverted) by place."""
    with books.database.begin() as uow:
        exchange = {currency: Decimal(text) if text else None for currency, text in rates.items()}
        uow.costs.refresh_rates(books.ids["list"], books.ids["Main"], {"EUR": Decimal(1), **exchange}, NOW)
        found = uow.prices.rates(books.ids["list"])
    return {(row.country, row.mccmnc): (row.cost, row.unconverted) for row in found}


def test_a_pull_is_stored_whole_and_counted(books: Books) -> None:
    first = [
        cost("DE", "0.05"),
        cost("DE", "0.06", "26201"),
        cost("FR", "0.07"),
        cost("TR", "0.02"),
        cost("US", "0.01"),
    ]
    assert replaced(books, *first) == CostDifference(new=5, raised=0, lowered=0, closed=0, unchanged=0)
    assert replaced(books, *first) == CostDifference(new=0, raised=0, lowered=0, closed=0, unchanged=5)
    second = [
        cost("DE", "0.051"),  # raised
        cost("DE", "0.059", "26201"),  # lowered
        CostRow("FR", None, "", "0.0700", 70_000, "EUR"),  # the same price, spelt otherwise
        cost("AT", "0.03"),  # new; TR is closed
        cost("US", "0.01", currency="USD"),  # the same figure in another currency counts as raised
    ]
    expected = CostDifference(new=1, raised=2, lowered=1, closed=1, unchanged=1)
    assert replaced(books, *second, store=False) == expected
    with books.database.read() as uow:
        assert len(uow.costs.of_provider(books.ids["Main"])) == 5
        assert uow.costs.of_provider(books.ids["Main"])[0] == first[0]
    assert replaced(books, *second) == expected
    with books.database.read() as uow:
        found = uow.costs.of_provider(books.ids["Main"])
        assert found == sorted(second, key=lambda row: (row.country, row.mccmnc or ""))
        assert uow.costs.of_provider(books.ids["Other"]) == []


def test_a_cost_finer_than_a_millionth_is_rounded_up_and_keeps_its_text(books: Books) -> None:
    replaced(books, cost("GB", "0.03330001"))
    with books.database.read() as uow:
        [row] = uow.costs.of_provider(books.ids["Main"])
    assert (row.text, row.cost) == ("0.03330001", 33_301)


def test_a_country_costs_its_own_price_else_its_dearest_network(books: Books) -> None:
    replaced(
        books, cost("DE", "0.05"), cost("DE", "0.09", "26201"), cost("FR", "0.04", "20801"), cost("FR", "0.07", "20802"),
        cost("FR", "0.06", "20803"),
    )  # fmt: skip
    found = refreshed(books)
    assert found["DE", None] == (50_000, False)
    assert found["DE", "26201"] == (90_000, False)
    assert found["FR", None] == (70_000, False)


def test_costs_are_converted_and_rounded_up(books: Books) -> None:
    replaced(books, cost("DE", "0.05", currency="USD"), cost("FR", "0.07", "20801", currency="USD"))
    found = refreshed(books, USD="0.9200001")
    assert found["DE", None] == (46_001, False)  # 0.046000005
    assert found["FR", None] == found["FR", "20801"] == (64_401, False)  # 0.064400007


def test_a_cost_without_a_rate_is_unconverted_and_its_country_with_it(books: Books) -> None:
    replaced(
        books, cost("DE", "0.05", currency="USD"), cost("FR", "0.07", "20801"), cost("FR", "0.08", "20802", currency="USD"),
        cost("TR", "0.01"), cost("TR", "0.08", "28601", currency="USD"),
    )  # fmt: skip
    found = refreshed(books, USD=None)
    assert found["DE", None] == (None, True)
    assert found["FR", "20801"] == (70_000, False)
    # The dearest network may be the one that cannot be converted.
    assert found["FR", None] == (None, True)
    assert found["TR", None] == (10_000, False)
    assert refreshed(books, USD="1.5")["FR", None] == (120_000, False)


def test_a_closed_destination_keeps_its_row_and_price_without_a_cost(books: Books) -> None:
    replaced(books, cost("DE", "0.05"), cost("FR", "0.07"))
    refreshed(books)
    books.run("UPDATE rate SET price_micro = 60000, manual = 1 WHERE country = 'FR'")
    replaced(books, cost("DE", "0.05"))
    assert refreshed(books) == {("DE", None): (50_000, False), ("FR", None): (None, False)}
    with books.database.read() as uow:
        [row] = uow.prices.rates(books.ids["list"], ["FR"])
    assert (row.price, row.manual) == (60_000, True)


amounts = st.decimals(min_value=Decimal("0.00000001"), max_value=Decimal(1000), places=8)
exchange_rates = st.decimals(min_value=Decimal("0.000001"), max_value=Decimal(10_000), places=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(price=amounts, exchange=exchange_rates)
def test_a_converted_cost_never_understates(books: Books, price: Decimal, exchange: Decimal) -> None:
    row = CostRow("DE", None, "", str(price), cost_micro(price), "USD")
    with books.engine.connect() as connection:
        uow = UnitOfWork(connection)
        uow.costs.replace(books.ids["Main"], [row])
        uow.costs.refresh_rates(books.ids["list"], books.ids["Main"], {"USD": exchange}, NOW)
        [rate] = uow.prices.rates(books.ids["list"])
        connection.rollback()
    exact = micro_ceiling(Decimal(row.cost) / 10**6 * exchange)
    if exact > MAX_PRICE_MICRO:
        assert (rate.cost, rate.unconverted) == (None, True)
    else:
        assert rate.cost == exact
        assert Decimal(exact) >= price * exchange * 10**6 - 1


def test_the_newest_rate_not_later_than_the_day_applies(books: Books) -> None:
    with books.database.begin() as uow:
        for day, text in ((date(2026, 1, 1), "0.90"), (date(2026, 2, 1), "0.95"), (date(2026, 2, 1), "0.92000000001")):
            uow.exchange_rates.set("USD", "EUR", Decimal(text), day)
    with books.database.read() as uow:
        found = [
            uow.exchange_rates.find("USD", "EUR", date(*day)) for day in ((2025, 12, 31), (2026, 1, 1), (2026, 1, 31))
        ]
        assert found == [None, Decimal("0.90"), Decimal("0.90")]
        assert uow.exchange_rates.find("USD", "EUR", date(2030, 1, 1)) == Decimal("0.92000000001")
        assert uow.exchange_rates.find("EUR", "USD", date(2030, 1, 1)) is None
        assert uow.exchange_rates.find("TRY", "TRY", date(1999, 1, 1)) == 1


def test_settings_are_read_back_as_they_were_set(books: Books) -> None:
    text = "zwölf ☃ 𝄞\n'quoted' -- %s {x}"
    with books.database.begin() as uow:
        assert uow.settings.get("greeting", "none") == "none"
        uow.settings.set("greeting", "first")
        uow.settings.set("greeting", text)
    with books.database.read() as uow:
        assert uow.settings.get("greeting") == text
        assert uow.settings.get("Greeting") == ""


def test_the_log_is_read_newest_first(books: Books) -> None:
    with books.database.begin() as uow:
        for index in range(5):
            uow.activity.add(
                NOW + timedelta(seconds=index), "anna", "counted", f"row {index}", index=index, text="é\n☃"
            )
    with books.database.read() as uow:
        found = uow.activity.list_latest(2)
    assert [(entry.subject, entry.at, entry.detail) for entry in found] == [
        ("row 4", NOW + timedelta(seconds=4), {"index": 4, "text": "é\n☃"}),
        ("row 3", NOW + timedelta(seconds=3), {"index": 3, "text": "é\n☃"}),
    ]


def test_the_first_provider_is_the_default_until_another_is_made_it(books: Books) -> None:
    with books.database.begin() as uow:
        assert uow.providers.default() == uow.providers.get("MAIN")
        uow.providers.add("Third", "twilio", "https://x", {"b": "2", "a": "1"}, is_default=True, at=NOW)
        with pytest.raises(InvalidInput, match="already a provider named"):
            uow.providers.add("third", "twilio", "https://x", {}, is_default=False, at=NOW)
    with books.database.begin() as uow:
        third = uow.providers.get("third")
        assert uow.providers.default() == third
        assert third.settings == {"a": "1", "b": "2"}
        uow.providers.note_error(third.provider_id, "slow", NOW)
        uow.providers.pause(third.provider_id, "bad credentials")
        uow.providers.note_sync(third.provider_id, NOW)
        found = uow.providers.by_id(third.provider_id)
        assert (found.last_error, found.paused_reason, found.costs_synced_at) == (None, "bad credentials", NOW)
        with pytest.raises(NotFound):
            uow.providers.get("nobody")


def test_lists_rules_losses_and_countries_are_set_and_set_again(books: Books) -> None:
    with books.database.begin() as uow:
        assert uow.prices.add_list("standard", "USD") == books.ids["list"]
        assert [one.currency for one in uow.prices.all_lists()] == ["EUR"]
        rate_id = uow.prices.add_rate(books.ids["list"], "DE")
        for until in (NOW, NOW + timedelta(days=1)):
            change = uow.prices.open_change(books.ids["list"], at=NOW, actor="anna", label="", rule="")
            uow.losses.allow(change, rate_id, LossPermission(until, "anna", "a campaign"))
        assert uow.losses.allowed(NOW + timedelta(hours=1)) == {rate_id}
        assert uow.losses.allowed(NOW + timedelta(days=1)) == frozenset()
        for rule in ("markup 25.00", "markup 30.00"):
            uow.prices.set_standing_rule(books.ids["list"], "", rule)
        uow.prices.set_standing_rule(books.ids["list"], "EU", "markup 1.00")
        uow.prices.set_standing_rule(books.ids["list"], "EU", None)
        assert uow.prices.standing_rules(books.ids["list"]) == {"": "markup 30.00"}
        for enabled in (False, True, False):
            uow.prices.set_enabled("DE", enabled=enabled)
        assert uow.prices.disabled_countries() == {"DE"}


def test_opted_out_numbers_are_stored_once(books: Books) -> None:
    with books.database.begin() as uow:
        client = books.ids["Aurora"]
        assert uow.clients.add_opt_outs(client, ["+4915110000000", "+4915110000000", "+4915110000001"], NOW) == 2
        assert uow.clients.add_opt_outs(client, ["+4915110000001", "+4915110000002"], NOW) == 1
        assert len(uow.clients.opted_out(client)) == 3


# SQLAlchemy may put the placeholders in another order than the values are given in.
ORDERS = tuple(itertools.permutations(("name", "word")))


@pytest.mark.parametrize("names", ORDERS, ids=",".join)
def test_values_go_to_their_own_places_in_any_order(books: Books, names: tuple[str, ...]) -> None:
    store = BulkStatement(insert(setting).values(value=bindparam("word"), name=bindparam("name")), names)
    change = BulkStatement(
        update(setting).values(value=bindparam("word")).where(setting.c.name == bindparam("name")), names
    )
    rows = [{"name": f"n{index}", "word": f"w{index}"} for index in range(50)]
    with books.engine.begin() as connection:
        store.run(connection, [tuple(row[name] for name in names) for row in rows])
        change.run(connection, [tuple({"name": "n7", "word": "changed"}[name] for name in names)])
        change.run(connection, [])
        found = {row.name: row.value for row in connection.execute(select(setting))}
    assert found == {f"n{index}": "changed" if index == 7 else f"w{index}" for index in range(50)}


@pytest.mark.parametrize("names", ORDERS, ids=",".join)
def test_one_set_of_values_gives_a_result(books: Books, names: tuple[str, ...]) -> None:
    found = BulkStatement(
        select(bindparam("word", type_=setting.c.value.type), setting.c.value).where(
            setting.c.name == bindparam("name")
        ),
        names,
    )
    with books.database.begin() as uow:
        uow.settings.set("colour", "red")
    with books.engine.begin() as connection:
        values: tuple[Any, ...] = tuple({"name": "colour", "word": "is"}[name] for name in names)
        assert [tuple(row) for row in found.once(connection, *values)] == [("is", "red")]


@pytest.mark.parametrize(
    "wanted", [[], [1], [1, 1, 99_999], list(range(-5, 40_000))], ids=["none", "one", "twice", "many"]
)
def test_conditions_over_any_number_of_values(books: Books, wanted: list[int]) -> None:
    with books.database.begin() as uow:
        for index in range(3):
            uow.settings.set(f"'{index}\"", "x")
    with books.engine.begin() as connection:
        ids = connection.scalars(select(setting.c.value).where(among(literal(1, BigInteger), wanted))).all()
        texts = connection.scalars(
            select(setting.c.name).where(among_texts(setting.c.name, [f"'{number}\"" for number in wanted]))
        ).all()
    assert len(ids) == (3 if 1 in wanted else 0)
    assert set(texts) == {f"'{index}\"" for index in range(3)} & {f"'{number}\"" for number in wanted}
    assert json_array([1, 2]) == "[1, 2]"


def test_columns_keep_flags_and_times(books: Books) -> None:
    dialect = books.engine.dialect
    assert [Flag().process_bind_param(value, dialect) for value in (True, False, None)] == [1, 0, None]
    assert [Flag().process_result_value(value, dialect) for value in (1, 0, None)] == [True, False, None]
    assert UTCDateTime().process_bind_param(None, dialect) is None
    with pytest.raises(ValueError, match="aware"):
        micros_since_epoch(datetime(2026, 1, 1))  # noqa: DTZ001 - it is the point
    assert micros_since_epoch(datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)) == 1
    with pytest.raises(StatementError, match="aware"), books.database.begin() as uow:
        uow.activity.add(datetime(2026, 1, 1), "anna", "x", "y")  # noqa: DTZ001 - it is the point


def test_a_system_account_is_opened_once(books: Books) -> None:
    with books.database.begin() as uow:
        first = [uow.ledger.system_account(kind, "USD") for kind in SystemAccount]
        assert first == [uow.ledger.system_account(kind, "USD") for kind in SystemAccount]
        assert len(set(first)) == len(SystemAccount)
