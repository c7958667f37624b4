"""Price sheets from files, on both databases: what a review says is what is stored, and what is not kept stays."""

from functools import partial
from pathlib import Path

import pytest

from desktop_app.domain.errors import Cancelled, InvalidInput, StaleData
from desktop_app.services.job import Job
from desktop_app.services.price_edits import PricesChanged
from desktop_app.services.price_exports import ExportOrder, FileFormat
from desktop_app.services.price_imports import ImportOrder, ImportReview, ImportStored
from desktop_app.storage.repositories.costs import CostRow
from tests.fixtures.application import COSTS, Desk, at_once

Place = tuple[str, str | None]
HEADER = "country,mccmnc,network,price,currency\n"


def sheet(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(header + "".join(line + "\n" for line in lines), "utf-8")
    return path


def review(desk: Desk, path: Path, provider: str | None = None, currency: str = "") -> ImportReview:
    imports = desk.application.price_imports
    order = ImportOrder(path, imports.open_sheet(path).guess, currency, provider)
    return imports.review(order, language="de", job=Job())


def changes(found: ImportReview) -> dict[Place, tuple[int | None, int | None]]:
    return {row.place: (row.before, row.after) for row in found.rows}


def prices(desk: Desk) -> dict[Place, tuple[int | None, bool]]:
    rows = desk.application.pricing.list_prices(networks=True)
    return {(row.rate.country, row.rate.mccmnc): (row.rate.price, row.rate.manual) for row in rows}


def costs(desk: Desk) -> dict[Place, int | None]:
    rows = desk.application.pricing.list_prices(networks=True)
    return {(row.rate.country, row.rate.mccmnc): row.cost for row in rows if row.cost is not None}


def add_network(desk: Desk) -> None:
    rows = [CostRow(iso, None, "", "0.01", 10_000, "EUR") for iso in ("DE", "FR", "GB", "TR", "US")]
    desk.application.pricing.import_costs(
        "Main", [*rows, CostRow("DE", "26201", "T", "0.01", 10_000, "EUR")], actor="a"
    )


def test_a_sheet_tells_its_headings_its_first_rows_and_what_they_look_like(desk: Desk, tmp_path: Path) -> None:
    path = sheet(tmp_path, *(f"Land {n};{n};0,{n}" for n in range(1, 9)), header="Destination;Rate in EUR;Rate\n")

    head = desk.application.price_imports.open_sheet(path)

    assert head.header == ("Destination", "Rate in EUR", "Rate")
    assert head.sample == tuple((f"Land {n}", f"{n}", f"0,{n}") for n in range(1, 5))
    assert head.guess == {"country": 0, "price": 2}
    assert list(head.fields)[:3] == ["country", "mccmnc", "mcc"]


def test_sale_prices_are_reviewed_and_saved_as_one_change_that_can_be_reverted(desk: Desk, tmp_path: Path) -> None:
    before = prices(desk)
    path = sheet(tmp_path, "DE,,,0.07,EUR", "Frankreich,,,0.048,EUR", 'US,,,"0,02",EUR', "SE,,,0.5,EUR")

    found = review(desk, path)
    assert changes(found) == {
        ("DE", None): (60_000, 70_000),
        ("US", None): (12_000, 20_000),
        ("SE", None): (None, 500_000),
    }
    assert (found.read, found.unchanged, found.unlisted, found.error_count) == (4, 1, 2, 0)
    assert prices(desk) == before, "a review stores nothing"

    done = desk.application.price_imports.store(found, [("DE", None), ("SE", None)], actor="anna")

    assert done.rows == 2
    assert prices(desk) == {**before, ("DE", None): (70_000, True), ("SE", None): (500_000, True)}
    assert done.change_id is not None
    desk.application.pricing.revert(done.change_id, actor="anna")
    assert {place: price for place, price in prices(desk).items() if place != ("SE", None)} == before


def test_what_a_sale_price_cannot_be_is_named_by_its_row(desk: Desk, tmp_path: Path) -> None:
    path = sheet(tmp_path, "DE,,,0.01,EUR", "FR,,,0.5,USD", "GB,,,0.0400001,EUR", 'TR,,,"12,3,4",EUR', "US,,,0.03,EUR")

    found = review(desk, path)

    assert [(error.row, error.message) for error in found.errors] == [
        (2, "0.01 is below the cost 0.050000."),
        (3, "The price is in USD, the price list in EUR."),
        (4, "0.0400001 has more than six decimals."),
        (5, "“12,3,4” is not a price."),
    ]
    assert (found.error_count, list(changes(found))) == (4, [("US", None)])


def test_a_network_that_inherits_what_the_sheet_says_gets_no_price_of_its_own(desk: Desk, tmp_path: Path) -> None:
    add_network(desk)

    same = review(desk, sheet(tmp_path, "DE,,,0.07,EUR", "DE,26201,T,0.07,EUR"))
    other = review(desk, sheet(tmp_path, "DE,,,0.07,EUR", "DE,26201,T,0.06,EUR"))

    assert list(changes(same)) == [("DE", None)]
    assert changes(other) == {("DE", None): (60_000, 70_000), ("DE", "26201"): (60_000, 60_000)}
    desk.application.price_imports.store(other, list(changes(other)), actor="anna")
    assert prices(desk)["DE", "26201"] == (60_000, True)


def test_our_own_export_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    add_network(desk)
    for kind in (FileFormat.CSV, FileFormat.XLSX):
        path = tmp_path / f"list.{kind}"
        desk.application.price_files.export(path, ExportOrder(kind, vat_note="Prices exclude VAT"), actor="anna")

        found = review(desk, path)

        assert (found.rows, found.read, found.unchanged, found.error_count) == ((), 6, 6, 0)


def test_a_price_that_somebody_changed_meanwhile_saves_nothing(desk: Desk, tmp_path: Path) -> None:
    found = review(desk, sheet(tmp_path, "DE,,,0.07,EUR", "US,,,0.03,EUR"))
    desk.query("UPDATE rate SET price_micro = 65000 WHERE country = 'DE'")
    before = prices(desk)

    with pytest.raises(PricesChanged):
        desk.application.price_imports.store(found, list(changes(found)), actor="anna")

    assert prices(desk) == before


def test_of_two_price_sheets_saved_at_the_same_moment_one_is_refused(desk: Desk, tmp_path: Path) -> None:
    imports = desk.application.price_imports
    for price in (70_000, 80_000, 90_000):
        found = review(desk, sheet(tmp_path, *(f"{iso},,,0.{price:06d},EUR" for iso in COSTS)))
        other = review(desk, sheet(tmp_path, *(f"{iso},,,0.{price + 1:06d},EUR" for iso in COSTS)))

        done = at_once(*(partial(imports.store, one, list(changes(one)), actor="anna") for one in (found, other)))

        assert sorted(type(one).__name__ for one in done) == ["ImportStored", "PricesChanged"]
        saved = price if isinstance(done[0], ImportStored) else price + 1
        assert {price for price, _ in prices(desk).values()} == {saved}


def test_costs_that_somebody_changed_meanwhile_are_left_alone(desk: Desk, tmp_path: Path) -> None:
    found = review(desk, sheet(tmp_path, "DE,,,0.06,EUR", "FR,,,0.04,EUR"), "Main")
    desk.import_costs("Main", {**COSTS, "FR": "0.045", "PL": "0.02"})
    before = costs(desk)

    with pytest.raises(StaleData, match="The costs changed since the file was read"):
        desk.application.price_imports.store(found, [("DE", None)], actor="anna")

    assert costs(desk) == before


def test_of_two_cost_sheets_stored_at_the_same_moment_one_is_refused(desk: Desk, tmp_path: Path) -> None:
    """Never a mixture: neither the rows of both, nor the costs of one and the closings of the other."""
    imports = desk.application.price_imports
    for turn in range(3):
        found = review(desk, sheet(tmp_path, f"DE,,,0.06{turn},EUR", f"FR,,,0.04{turn},EUR"), "Main")
        other = review(desk, sheet(tmp_path, f"GB,,,0.03{turn},EUR", f"SE,,,0.05{turn},EUR"), "Main")

        done = at_once(*(partial(imports.store, one, list(changes(one)), actor="anna") for one in (found, other)))

        assert sorted(type(one).__name__ for one in done) == ["ImportStored", "StaleData"]
        stored = found if isinstance(done[0], ImportStored) else other
        assert costs(desk) == {place: row.cost for place, row in stored.costs.items()}


def test_a_sheet_without_any_price_closes_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="lists no price at all"):
        review(desk, sheet(tmp_path, "DE,,,,", "FR,,,,"), "Main")


def test_costs_are_replaced_and_what_is_not_listed_is_closed(desk: Desk, tmp_path: Path) -> None:
    found = review(desk, sheet(tmp_path, "DE,,,0.06,EUR", "FR,,,0.04,EUR", "SE,,,0.0000001,EUR", "GB,,,,"), "Main")

    assert changes(found) == {
        ("DE", None): (50_000, 60_000), ("SE", None): (None, 1), ("GB", None): (30_000, None), ("TR", None): (20_000, None),
        ("US", None): (10_000, None),
    }  # fmt: skip
    assert (found.currency, found.unchanged, found.unlisted) == ("EUR", 1, 3)

    done = desk.application.price_imports.store(found, list(changes(found)), actor="anna")

    assert (done.rows, done.change_id) == (5, None)
    assert costs(desk) == {("DE", None): 60_000, ("FR", None): 40_000, ("SE", None): 1}


def test_costs_that_were_not_kept_stay(desk: Desk, tmp_path: Path) -> None:
    before = costs(desk)
    found = review(desk, sheet(tmp_path, "DE,,,0.06,EUR", "SE,,,0.1,EUR", "US,,,0.02,EUR"), "Main")

    desk.application.price_imports.store(found, [("DE", None), ("FR", None)], actor="anna")

    after = {place: cost for place, cost in before.items() if place != ("FR", None)}
    assert costs(desk) == {**after, ("DE", None): 60_000}
    with pytest.raises(InvalidInput, match="No row was chosen"):
        desk.application.price_imports.store(found, [], actor="anna")


def test_where_a_row_was_skipped_no_cost_is_closed(desk: Desk, tmp_path: Path) -> None:
    before = costs(desk)
    found = review(desk, sheet(tmp_path, "DE,,,0.06,EUR", "FR,,,free,EUR"), "Main")

    assert (found.error_count, changes(found), found.unlisted) == (1, {("DE", None): (50_000, 60_000)}, 4)
    desk.application.price_imports.store(found, list(changes(found)), actor="anna")
    assert costs(desk) == {**before, ("DE", None): 60_000}


def test_columns_can_be_chosen_and_the_currency_given(desk: Desk, tmp_path: Path) -> None:
    path = sheet(tmp_path, "x,Deutschland,262,01,0.06", header="What,Where,A,B,C\n")
    imports = desk.application.price_imports
    columns = {"country": 1, "mcc": 2, "mnc": 3, "price": 4}

    found = imports.review(ImportOrder(path, columns, "EUR", "Main"), language="de", job=Job())

    assert changes(found)["DE", "26201"] == (None, 60_000)
    for wrong, sentence in (
        ({"country": 1}, "Choose the column with the Price"),
        ({**columns, "price": 1}, "cannot be both Country and Price"),
        ({"country": 1, "price": 4, "mcc": 2}, "MCC and MNC belong together"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            imports.review(ImportOrder(path, wrong, "EUR", "Main"), language="de", job=Job())
    with pytest.raises(InvalidInput, match="Choose the column with the Currency"):
        imports.review(ImportOrder(path, columns, "", "Main"), language="de", job=Job())


def test_reading_can_be_stopped(desk: Desk, tmp_path: Path) -> None:
    job = Job()
    job.cancel()
    path = sheet(tmp_path, "DE,,,0.06,EUR")

    with pytest.raises(Cancelled):
        desk.application.price_imports.review(
            ImportOrder(path, {"country": 0, "price": 3}, "EUR", None), language="en", job=job
        )
