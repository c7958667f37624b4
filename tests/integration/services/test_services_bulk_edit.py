"""Bulk edits through the service: what the preview shows is what is stored, on SQLite and PostgreSQL, and it can be undone."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from desktop_app.domain.bulk_edits import EditOrder, NetworkScope, RowState
from desktop_app.domain.errors import AppError, InvalidInput, NotAllowed, StaleData
from desktop_app.domain.pricing import PERCENT_RULES, PriceLimits, PriceRule, Rounding, RuleKind
from desktop_app.domain.rates import Rate
from desktop_app.services.activity import Wanted
from desktop_app.services.bulk_edit import BulkEditService, Preset
from desktop_app.services.price_edits import LossAllowed, PriceEdit
from desktop_app.storage.engine import make_engine
from desktop_app.storage.models.prices import rate
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.storage.repositories.prices import PriceList
from desktop_app.storage.unit_of_work import UnitOfWork
from tests.fixtures.application import Desk

PLACES = (("AT", None), ("AT", "23201"), ("BE", None), ("CY", None), ("TR", None), ("TR", "28601"))
RAISE = PriceRule(RuleKind.RAISE_MARGIN, 500)
ALL = frozenset({"AT", "BE", "CY", "TR"})
LATER = datetime.now(UTC) + timedelta(days=30)

Stored = dict[tuple[str, str | None], tuple[int | None, bool, str, str]]


@pytest.fixture
def priced(bare_desk: Desk) -> Desk:
    """Four countries and two networks that follow a margin of 30 %."""
    bare_desk.add_provider("Main")
    costs = {"AT": 70_000, "BE": 80_000, "CY": 120_000, "TR": 10_001}
    rows = [CostRow(iso, mccmnc, "", str(Decimal(costs[iso]) / 10**6), costs[iso], "EUR") for iso, mccmnc in PLACES]
    bare_desk.application.pricing.import_costs("Main", rows, actor="anna")
    bare_desk.application.pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="anna")
    return bare_desk


def bulk(desk: Desk) -> BulkEditService:
    return desk.application.bulk_edit


def stored(desk: Desk) -> Stored:
    rates = [row.rate for row in desk.application.pricing.list_prices(networks=True)]
    return {(one.country, one.mccmnc): (one.price, one.manual, one.rule, one.former_rule) for one in rates}


def order(rule: PriceRule | None = RAISE, **changes: object) -> EditOrder:
    return replace(EditOrder(ALL, NetworkScope.COUNTRIES, rule), **changes)  # type: ignore[arg-type]


def apply(desk: Desk, edit: EditOrder, **rest: object) -> int:
    preview = bulk(desk).preview(edit)
    applied = bulk(desk).apply(edit, expected=preview.fingerprint, actor="anna", label="a bulk edit", **rest)  # type: ignore[arg-type]
    assert applied.rows == preview.totals.written
    return applied.change_id


def test_every_row_follows_its_new_target_within_one_change(priced: Desk) -> None:
    apply(priced, order(PriceRule(RuleKind.MARGIN, 2_000), countries=frozenset({"CY"})))
    changes = len(priced.application.pricing.changes())
    apply(priced, order(limits=PriceLimits(step=100)))
    found = stored(priced)
    assert {iso: found[iso, None][2] for iso in sorted(ALL)} == {
        "AT": "margin 35.00", "BE": "margin 35.00", "CY": "margin 25.00", "TR": "margin 35.00",
    }  # fmt: skip
    assert found["AT", None][0] == 107_700
    assert found["AT", "23201"][2] == "margin 30.00"
    [newest, *rest] = priced.application.pricing.changes()
    assert (newest.rule, newest.rows, len(rest)) == ("raise_margin 5.00", 4, changes)


def test_a_new_cost_finds_the_new_target_and_the_limits(priced: Desk) -> None:
    apply(priced, order(limits=PriceLimits(step=1_000, below=100, rounding=Rounding.UP, min_profit=5)))
    parts = priced.query("SELECT rule, limits FROM price_change WHERE part_of_id IS NOT NULL")
    assert parts == [("margin 35.00", "up 0.001000; below 0.000100; min_profit 0.000005")]


def test_undo_restores_price_rule_and_flag_and_is_a_change_of_its_own(priced: Desk) -> None:
    priced.application.pricing.set_price("BE", Decimal("0.2"), actor="anna")
    before, changes = stored(priced), len(priced.application.pricing.changes())
    change = apply(priced, order(skip_manual=False, write_manual=True, networks=NetworkScope.WITH_NETWORKS))
    assert {row[1] for row in stored(priced).values()} == {True}
    priced.application.pricing.revert(change, actor="anna")
    assert stored(priced) == before
    assert len(priced.application.pricing.changes()) == changes + 2


def test_back_to_rule_and_back_again(priced: Desk) -> None:
    priced.application.pricing.set_price("BE", Decimal("0.2"), actor="anna")
    before = stored(priced)
    change = apply(priced, order(None))
    assert stored(priced)["BE", None] == (114_286, False, "margin 30.00", "")
    priced.application.pricing.revert(change, actor="anna")
    assert stored(priced) == before


@pytest.mark.parametrize("what", ["price", "cost", "rule"])
def test_what_changed_since_the_preview_is_never_written_over(priced: Desk, what: str) -> None:
    pricing = priced.application.pricing
    basis, edit = bulk(priced).basis(), order()
    preview = bulk(priced).preview(edit, basis)
    assert bulk(priced).conflict(basis, ALL) is None
    if what == "price":
        pricing.set_price("AT", Decimal("0.3"), actor="Mert")
    elif what == "cost":
        pricing.import_costs("Main", [CostRow("AT", None, "", "0.08", 80_000, "EUR")], actor="Mert")
    else:
        pricing.reprice(
            PriceRule(RuleKind.MARGIN, 3_001), actor="Mert", countries=["AT"], limits=PriceLimits(step=10_000)
        )
    now = stored(priced)

    with pytest.raises(StaleData):
        bulk(priced).apply(edit, expected=preview.fingerprint, actor="anna", label="late")

    assert stored(priced) == now
    conflict = bulk(priced).conflict(basis, ALL)
    assert conflict is not None
    assert (conflict.actor, conflict.prices > 0, conflict.costs > 0) == (
        ("", False, True) if what == "cost" else ("Mert", True, False)
    )
    assert bulk(priced).conflict(basis, frozenset({"TR"})) is None or what == "cost"


def test_a_change_elsewhere_is_no_conflict(priced: Desk) -> None:
    edit = order(countries=frozenset({"AT"}))
    preview = bulk(priced).preview(edit)
    priced.application.pricing.set_price("BE", Decimal("0.3"), actor="Mert")
    assert bulk(priced).apply(edit, expected=preview.fingerprint, actor="anna", label="fine").rows == 1


def test_rows_that_would_lose_money_keep_everything_from_being_saved(priced: Desk) -> None:
    edit = order(PriceRule(RuleKind.SET_PRICE, 100_000))
    preview, before = bulk(priced).preview(edit), stored(priced)
    assert [row.rate.country for row in preview.rows if row.state is RowState.REFUSED] == ["CY"]
    with pytest.raises(NotAllowed, match="CY") as refused:
        bulk(priced).apply(edit, expected=preview.fingerprint, actor="anna", label="loss")
    assert (refused.value.code, stored(priced)) == ("below_cost", before)
    cyprus = frozenset(row.rate.rate_id for row in preview.rows if row.state is RowState.REFUSED)
    apply(priced, replace(edit, raised=cyprus))
    assert stored(priced)["CY", None][0] == 120_000


def test_an_allowed_loss_needs_a_day_and_a_reason(priced: Desk) -> None:
    edit = order(PriceRule(RuleKind.SET_PRICE, 100_000), countries=frozenset({"CY"}))
    [row] = bulk(priced).preview(edit).rows
    edit, before = replace(edit, allowed=frozenset({row.rate.rate_id})), stored(priced)
    for loss in (None, LossAllowed(LATER, "hm"), LossAllowed(datetime(2020, 1, 1, tzinfo=UTC), "contract")):
        with pytest.raises(InvalidInput):
            apply(priced, edit, loss=loss)
        assert stored(priced) == before
    apply(priced, edit, loss=LossAllowed(LATER, "contract"))
    assert stored(priced)["CY", None][0] == 100_000
    assert priced.query("SELECT rate_id, reason FROM loss_permission") == [(row.rate.rate_id, "contract")]


def lose(desk: Desk, price: int, until: datetime, reason: str) -> int:
    """Sell Cyprus, which costs 0.12, at ``price`` until a day, by a bulk edit; return the change."""
    edit = order(PriceRule(RuleKind.SET_PRICE, price), countries=frozenset({"CY"}))
    [row] = bulk(desk).preview(edit).rows
    return apply(desk, replace(edit, allowed=frozenset({row.rate.rate_id})), loss=LossAllowed(until, reason))


def losses(desk: Desk) -> list[tuple[str, int]]:
    return desk.query("SELECT reason, until FROM loss_permission")


def test_undo_takes_the_permission_for_a_loss_back_and_redo_gives_it_again(priced: Desk) -> None:
    change = lose(priced, 100_000, LATER, "contract")
    given = losses(priced)

    back = priced.application.pricing.revert(change, actor="mert")
    assert losses(priced) == []
    kinds = [(one.actor, one.kind, one.subject) for one in priced.application.activity.page(Wanted()).entries]
    assert ("mert", "loss_ended", "CY") in kinds

    priced.application.pricing.revert(back.change_id, actor="mert")
    assert (stored(priced)["CY", None][0], losses(priced)) == (100_000, given)


def test_undo_of_a_second_loss_brings_the_first_permission_back(priced: Desk) -> None:
    lose(priced, 110_000, LATER, "contract")
    first = losses(priced)
    second = lose(priced, 90_000, LATER + timedelta(days=9), "a longer one")
    assert losses(priced) != first

    priced.application.pricing.revert(second, actor="anna")

    assert (stored(priced)["CY", None][0], losses(priced)) == (110_000, first)


def test_a_row_edited_since_keeps_its_permission_until_it_is_restored_too(priced: Desk) -> None:
    change = lose(priced, 100_000, LATER, "contract")
    lose(priced, 105_000, LATER, "another contract")
    kept = losses(priced)

    assert [row.country for row in priced.application.pricing.revert(change, actor="anna").skipped] == ["CY"]
    assert losses(priced) == kept
    priced.application.pricing.revert(change, actor="anna", also_edited=True)
    assert (stored(priced)["CY", None][0], losses(priced)) == (171_429, [])


def test_prices_set_one_by_one_take_their_permission_back_too(priced: Desk) -> None:
    pricing = priced.application.pricing
    by_hand = pricing.set_price("CY", Decimal("0.1"), actor="anna", loss_until=LATER, reason="contract")
    edit = PriceEdit("BE", None, 114_286, False, 70_000, LossAllowed(LATER, "contract"))
    drafted = pricing.save_edits([edit], actor="anna").change_id
    assert len(losses(priced)) == 2
    pricing.revert(by_hand, actor="anna")
    pricing.revert(drafted, actor="anna")
    assert losses(priced) == []


def test_an_edit_that_changes_nothing_is_refused(priced: Desk) -> None:
    with pytest.raises(InvalidInput):
        apply(priced, order(PriceRule(RuleKind.MARGIN, 3_000)))


def test_presets_are_kept_by_name_in_any_case(priced: Desk) -> None:
    service = bulk(priced)
    assert service.save_preset(Preset("Spring ", {"scope": "eu"}), actor="anna") is None
    replaced = service.save_preset(Preset("SPRING", {"scope": "efta"}), actor="anna")
    assert replaced == Preset("Spring", {"scope": "eu"})
    assert service.presets() == [Preset("SPRING", {"scope": "efta"})]
    with pytest.raises(InvalidInput):
        service.save_preset(Preset(" ", {}), actor="anna")
    assert service.delete_preset("spring", actor="anna") == Preset("SPRING", {"scope": "efta"})
    assert (service.presets(), service.delete_preset("spring", actor="anna")) == ([], None)


def test_the_basis_knows_providers_client_prices_and_margins(priced: Desk) -> None:
    basis = bulk(priced).basis()
    by_iso = {one.iso: one for one in basis.countries}
    assert (by_iso["AT"].margin, by_iso["AT"].providers) == (3_000, frozenset({"Main"}))
    assert (basis.networks["AT"], basis.networks["BE"], basis.volumes, basis.client_prices) == (1, 0, {}, {})


PRICES = st.integers(1, 300) | st.integers(1, 200_000)


@st.composite
def orders(draw: st.DrawFn) -> EditOrder:
    """Any rule with any limits over any rows, each row decided about in any way."""
    kind = draw(st.none() | st.sampled_from(RuleKind))
    rule = None
    if kind is not None:
        value = st.integers(-9_999, 20_000) if kind in PERCENT_RULES else st.integers(-50_000, 200_000)
        try:
            rule = PriceRule(kind, draw(value))
        except InvalidInput:
            assume(False)
    step = draw(st.sampled_from((1, 100, 1_000, 5_000, 10_000)))
    limits = PriceLimits(
        draw(st.none() | st.integers(0, 5_000)), draw(st.none() | st.integers(0, 5_000)), step, draw(st.sampled_from(Rounding)),
        draw(st.sampled_from((0, step // 10))),
    )  # fmt: skip
    return EditOrder(
        draw(st.sets(st.sampled_from(sorted(ALL)), min_size=1).map(frozenset)), draw(st.sampled_from(NetworkScope)), rule, limits,
        draw(st.booleans()), draw(st.booleans()),
    )  # fmt: skip


@st.composite
def lists(draw: st.DrawFn) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for country, mccmnc in draw(st.sets(st.sampled_from(PLACES), min_size=1)):
        price = draw(st.none() | PRICES)
        manual = price is not None and draw(st.booleans())
        rows.append(
            {
                "country": country,
                "mccmnc": mccmnc or "",
                "cost": draw(st.none() | PRICES),
                "price": price,
                "manual": manual,
            }
        )
    return rows


@contextmanager
def another_list(desk: Desk, rows: list[dict[str, object]]) -> Iterator[SimpleNamespace]:
    """Give a service whose transactions are one, rolled back at the end: thousands of examples then cost no disk."""
    engine = make_engine(desk.database_url)
    with ExitStack() as opened:
        opened.callback(engine.dispose)
        connection = opened.enter_context(engine.connect())
        uow = UnitOfWork(connection)
        list_id = uow.prices.add_list("Another", "EUR")
        earlier = uow.prices.open_change(list_id, at=datetime.now(UTC), actor="anna", label="", rule="margin 30.00")
        values = [
            {
                "list_id": list_id, "country": row["country"], "mccmnc": row["mccmnc"], "network": "", "cost_micro": row["cost"],
                "cost_unconverted": False, "price_micro": row["price"], "manual": row["manual"], "rule_change_id": earlier,
            }
            for row in rows
        ]  # fmt: skip
        connection.execute(insert(rate), values)
        uow.prices.default_list = lambda: PriceList(list_id, "Another", "EUR", None)  # type: ignore[method-assign]

        @contextmanager
        def transaction() -> Iterator[UnitOfWork]:
            yield uow

        database = SimpleNamespace(begin=transaction, read=transaction)
        service = BulkEditService(database, lambda: datetime.now(UTC))  # type: ignore[arg-type]
        yield SimpleNamespace(service=service, uow=uow, list_id=list_id)
        connection.rollback()


def holds(rates: list[Rate]) -> dict[int, tuple[int | None, bool, str]]:
    return {one.rate_id: (one.price, one.manual, one.rule or one.former_rule) for one in rates}


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(rows=lists(), edit=orders(), data=st.data())
def test_what_is_stored_is_what_the_preview_showed_and_undo_restores_it(
    priced: Desk, rows: list[dict[str, object]], edit: EditOrder, data: st.DataObject
) -> None:
    with another_list(priced, rows) as book:
        first = book.service.preview(edit)
        decisions = {
            row.rate.rate_id: data.draw(st.sampled_from(("unticked", "raised", "allowed"))) for row in first.rows
        }
        unticked, raised, allowed = (
            frozenset(one for one, way in decisions.items() if way == what)
            for what in ("unticked", "raised", "allowed")
        )
        edit = replace(edit, unticked=unticked, raised=raised, allowed=allowed)
        preview = book.service.preview(edit)
        before = holds(book.uow.prices.rates(book.list_id))
        loss = LossAllowed(LATER, "any reason at all")
        if not preview.totals.written or preview.totals.refused:
            with pytest.raises(AppError):
                book.service.apply(edit, expected=preview.fingerprint, actor="anna", label="x", loss=loss)
            return
        applied = book.service.apply(edit, expected=preview.fingerprint, actor="anna", label="x", loss=loss)
        assert applied.rows == preview.totals.written
        after = holds(book.uow.prices.rates(book.list_id))
        for row in preview.rows:
            rule = before[row.rate.rate_id][2] if row.follows is None else row.follows
            if row.is_written:
                assert after.pop(row.rate.rate_id) == (row.after, row.manual, rule)
                assert not row.is_loss or row.allowed or row.notes
        assert after == {one: before[one] for one in after}
        undone = book.uow.prices.open_change(book.list_id, at=datetime.now(UTC), actor="anna", label="back", rule="")
        assert book.uow.prices.revert_rows(undone, applied.change_id) == []
        assert book.uow.prices.apply(undone) == applied.rows
        assert holds(book.uow.prices.rates(book.list_id)) == before
