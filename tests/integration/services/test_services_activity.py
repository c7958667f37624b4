"""The log of who did what: both sources as one, in pages, filtered; price changes taken back; on SQLite and PostgreSQL."""

import ast
import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.domain.activity import AREAS, PRICES_CHANGED, PRICES_REVERTED, ActivityEntry, kind_text, words_of
from desktop_app.domain.errors import Cancelled, NotFound
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.activity import ActivityService, Wanted
from desktop_app.services.job import Job
from tests.fixtures.application import Desk

PACKAGE = Path(__file__).parents[3] / "desktop_app"
START = datetime(2026, 1, 1, tzinfo=UTC)
EVERYTHING = Wanted()


@pytest.fixture
def activity(desk: Desk) -> ActivityService:
    return desk.application.activity


def prices(desk: Desk) -> dict[str, int | None]:
    return {row.rate.country: row.rate.price for row in desk.application.pricing.list_prices()}


def walk(activity: ActivityService, wanted: Wanted = EVERYTHING, limit: int = 3) -> list[ActivityEntry]:
    """Return everything, page by page."""
    page = activity.page(wanted, None, limit)
    found = list(page.entries)
    while page.following is not None:
        assert len(page.entries) == limit
        page = activity.page(wanted, page.following, limit)
        found += page.entries
    return found


def test_the_pages_give_everything_once_newest_first(desk: Desk, activity: ActivityService) -> None:
    with desk.application.database.begin() as uow:
        for number in range(7):  # one moment for many lines, and a price change in the middle
            uow.activity.add(START, "anna", "opted_out", f"Client {number}", added=1)
            if number == 3:
                list_id = uow.prices.all_lists()[0].list_id
                uow.prices.open_change(list_id, at=START, actor="anna", rule="", label="same moment")

    found = walk(activity)

    places = [entry.place for entry in found]
    assert places == sorted(set(places), reverse=True)
    assert activity.count(Wanted()) == len(found)
    assert {PRICES_CHANGED, "provider_added", "costs_stored", "switched", "client_added"} <= {one.kind for one in found}
    assert found == list(activity.page(Wanted(), None, 500).entries)


def test_filters_narrow_both_sources(desk: Desk, activity: ActivityService) -> None:
    desk.application.pricing.set_price("DE", Decimal("0.2"), actor="berta")
    desk.application.pricing.set_country_enabled("DE", enabled=False, actor="berta")
    desk.application.sender_ids.request("Aurora", "AURO", countries=["DE", "FR"], actor="carl")

    assert {one.actor for one in walk(activity, Wanted(actor="berta"))} == {"berta"}
    assert [one.kind for one in walk(activity, Wanted(kinds=frozenset({"country_switched"})))] == ["country_switched"]
    german = walk(activity, Wanted(country="DE"))
    assert [one.kind for one in german[:3]] == ["sender_requested", "country_switched", PRICES_CHANGED]
    assert {one.subject for one in german} & {"FR", "GB"} == set()
    assert {one.kind for one in walk(activity, Wanted(subject="Main"))} == {"costs_stored", "provider_added"}
    assert walk(activity, Wanted(since=datetime.now(UTC) + timedelta(hours=1))) == []
    assert walk(activity, Wanted(until=START)) == []
    assert {one.actor for one in walk(activity, Wanted(text="CARL"))} == {"carl"}
    named = walk(activity, Wanted(text="x%x", text_kinds=frozenset({"switched"}), text_countries=frozenset({"FR"})))
    assert {"switched", "sender_requested", PRICES_CHANGED} == {one.kind for one in named}
    assert walk(activity, Wanted(text="%")) == []
    assert activity.actors() == ["anna", "berta", "carl"]


@pytest.mark.parametrize(
    "wanted", [Wanted(kinds=frozenset({PRICES_REVERTED})), Wanted(country="ZZ"), Wanted(text="nowhere")]
)
def test_nothing_is_nothing(activity: ActivityService, wanted: Wanted) -> None:
    assert (walk(activity, wanted), activity.count(wanted)) == ([], 0)


def test_a_single_price_is_told_with_before_and_after(desk: Desk, activity: ActivityService) -> None:
    desk.application.pricing.set_price("DE", Decimal("0.1"), actor="anna")
    desk.application.pricing.set_price("DE", Decimal("0.123456"), actor="anna")

    words = words_of(activity.page(Wanted()).entries[0], {"DE": "Germany"}.get)  # type: ignore[arg-type]

    assert (words.what, words.target, words.before, words.after) == ("1 price changed", "Germany", "0.1000", "0.123456")


def test_a_change_has_its_rows_in_pages(desk: Desk, activity: ActivityService) -> None:
    change = desk.application.pricing.reprice(
        PriceRule(RuleKind.MARKUP, 5_000), actor="anna", include_manual=True
    ).change_id
    assert change is not None

    detail = activity.change(change)

    assert [row.country for row in detail.rows] == sorted(prices(desk))
    assert (detail.currency, detail.entry.change and detail.entry.change.rows) == ("EUR", len(detail.rows))
    assert [row.country for row in activity.change_rows(change, detail.rows[1])] == sorted(prices(desk))[2:]
    with pytest.raises(NotFound):
        activity.change(change + 1)


def test_taking_back_names_what_was_changed_since_and_by_whom(desk: Desk, activity: ActivityService) -> None:
    before = prices(desk)
    pricing = desk.application.pricing
    change = pricing.reprice(PriceRule(RuleKind.MARKUP, 5_000), actor="anna", include_manual=True).change_id
    assert change is not None
    pricing.set_price("DE", Decimal("0.5"), actor="Mert Aydın")
    pricing.set_price("FR", Decimal("0.5"), actor="Mert Aydın")

    back = activity.take_back(change, actor="berta")

    assert (back.restored, [row.country for row in back.skipped], back.editors) == (3, ["DE", "FR"], ("Mert Aydın",))
    assert prices(desk) == {**before, "DE": 500_000, "FR": 500_000}
    again = activity.take_back(change, actor="berta", also_edited=True)
    assert (again.restored, again.skipped) == (2, ())
    assert prices(desk) == before


def test_changes_and_what_took_them_back_know_each_other(desk: Desk, activity: ActivityService) -> None:
    change = desk.application.pricing.set_price("DE", Decimal("0.3"), actor="anna")
    back = activity.take_back(change, actor="berta")

    newest, older = activity.page(Wanted(kinds=frozenset({PRICES_CHANGED, PRICES_REVERTED}))).entries[:2]

    assert newest.change is not None
    assert older.change is not None
    assert (newest.kind, newest.change.reverts_id) == (PRICES_REVERTED, change)
    assert (older.change.change_id, older.change.reverted_by) == (change, back.change_id)
    assert words_of(older).note == "Restored later"


def test_the_log_is_exported_in_words_and_live_cells_are_disarmed(
    desk: Desk, activity: ActivityService, tmp_path: Path
) -> None:
    with desk.application.database.begin() as uow:
        uow.activity.add(START, "=HYPERLINK(1)", "client_added", "Aurora")
    path = tmp_path / "log.csv"

    count = activity.export(path, Wanted(), Job())

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert count == len(rows) == activity.count(Wanted())
    assert rows[-1]["person"] == "'=HYPERLINK(1)"
    assert {row["area"] for row in rows} >= {"Prices", "Costs and rates", "Providers", "Clients"}


def test_an_export_that_is_stopped_leaves_no_file(desk: Desk, activity: ActivityService, tmp_path: Path) -> None:
    job = Job()
    job.cancel()

    with pytest.raises(Cancelled):
        activity.export(tmp_path / "log.csv", Wanted(), job)

    assert list(tmp_path.glob("*.csv*")) == []


def kinds_in_code() -> set[str]:
    """Return the kinds that any service writes, as far as they are literal."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("activity.add"):
                found |= {one.value for one in ast.walk(node.args[2]) if isinstance(one, ast.Constant)}
    return {kind for kind in found if isinstance(kind, str) and not kind.endswith("_")}


def test_every_kind_that_is_written_has_words_and_an_area() -> None:
    kinds = kinds_in_code()

    assert len(kinds) >= 20
    assert sorted(kinds - AREAS.keys()) == []
    assert sorted(kind for kind in AREAS if kind_text(kind) == kind.replace("_", " ")) == []
