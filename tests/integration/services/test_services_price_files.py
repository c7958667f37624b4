"""Price lists as files, on both databases: what each order puts in, what it refuses, and the copy that is kept."""

import csv
import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from desktop_app.domain.errors import Cancelled, InvalidInput, NotFound, StorageUnavailable
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.exports.sheet import read_sheet
from desktop_app.services.job import Job
from desktop_app.services.price_edits import PriceEdit
from desktop_app.services.price_exports import ExportOrder, FileFormat
from desktop_app.storage.repositories.costs import CostRow
from tests.fixtures.application import COSTS, Desk

CSV, XLSX, PDF = FileFormat.CSV, FileFormat.XLSX, FileFormat.PDF
# The desk sells at cost plus 20 %.
PRICES = {"DE": "0.060000", "FR": "0.048000", "GB": "0.036000", "TR": "0.024000", "US": "0.012000"}


def export(desk: Desk, path: Path, order: ExportOrder, job: Job | None = None) -> int:
    return desk.application.price_files.export(path, order, actor="anna", job=job, replace=True).rows


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def add_network(desk: Desk, name: str = "Telekom") -> None:
    rows = [CostRow(iso, None, "", "0.01", 10_000, "EUR") for iso in PRICES]
    desk.application.pricing.import_costs(
        "Main", [*rows, CostRow("DE", "26201", name, "0.05", 50_000, "EUR")], actor="anna"
    )


def test_all_three_kinds_say_the_same(desk: Desk, tmp_path: Path) -> None:
    counts = [export(desk, tmp_path / f"list.{kind}", ExportOrder(kind)) for kind in FileFormat]

    assert counts == [5, 5, 5]
    rows = rows_of(tmp_path / "list.csv")
    assert {row["country"]: row["price"] for row in rows} == PRICES
    header, *cells = CalamineWorkbook.from_path(str(tmp_path / "list.xlsx")).get_sheet_by_index(0).to_python()
    assert {row[0]: f"{row[2]:.6f}" for row in cells} == PRICES
    assert header == ["Country", "MCC/MNC", "Price per SMS", "Currency", "Country name", "Network"]
    text = text_of(tmp_path / "list.pdf")
    assert all(price.rstrip("0") in text for price in PRICES.values())


def test_a_list_has_neither_cost_nor_margin_unless_they_are_asked_for(desk: Desk, tmp_path: Path) -> None:
    for kind in (CSV, XLSX):
        export(desk, tmp_path / "plain", ExportOrder(kind))
        assert not {"our_cost", "our_margin", "Our cost", "Our margin %"} & set(read_sheet(tmp_path / "plain").header)

    export(desk, tmp_path / "full.csv", ExportOrder(CSV, costs=True))
    germany = next(row for row in rows_of(tmp_path / "full.csv") if row["country"] == "DE")
    assert (germany["price"], germany["our_cost"], germany["our_margin"]) == ("0.060000", "0.050000", "16.67")
    export(desk, tmp_path / "full.pdf", ExportOrder(PDF, costs=True))
    assert "16.67" in text_of(tmp_path / "full.pdf")


def test_a_clients_list_never_shows_what_we_pay(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="never shows what you pay"):
        export(desk, tmp_path / "list.csv", ExportOrder(CSV, client="Aurora", costs=True))

    assert list(tmp_path.glob("list*")) == []


def test_a_client_gets_its_special_prices(desk: Desk, tmp_path: Path) -> None:
    (client_id,) = desk.query("SELECT id FROM client")[0]
    desk.query(
        f"INSERT INTO client_price (client_id, country, mccmnc, price_micro) VALUES ({client_id}, 'DE', '', 55000)"
    )

    export(desk, tmp_path / "list.csv", ExportOrder(CSV, client="Aurora"))

    assert {row["country"]: row["price"] for row in rows_of(tmp_path / "list.csv")} == {**PRICES, "DE": "0.055000"}
    with pytest.raises(NotFound):
        export(desk, tmp_path / "no.csv", ExportOrder(CSV, client="Nobody"))


def test_per_thousand_is_another_column_that_no_reader_takes_for_a_price_per_sms(desk: Desk, tmp_path: Path) -> None:
    export(desk, tmp_path / "list.csv", ExportOrder(CSV, per_thousand=True, costs=True))

    germany = next(row for row in rows_of(tmp_path / "list.csv") if row["country"] == "DE")
    assert (germany["price_per_1000"], germany["our_cost"]) == ("60.000000", "50.000000")
    with pytest.raises(InvalidInput, match="no column for: price"):
        desk.application.price_files.import_sheet(tmp_path / "list.csv", "Main", actor="anna", dry_run=True)


def test_another_currency_takes_the_rate_of_the_day_and_says_so(desk: Desk, tmp_path: Path) -> None:
    accounts = desk.application.accounts
    accounts.set_exchange_rate("EUR", "USD", Decimal("1.083"), date(2026, 1, 2), actor="anna")

    export(desk, tmp_path / "list.csv", ExportOrder(CSV, currency="USD"))
    export(desk, tmp_path / "list.pdf", ExportOrder(PDF, currency="USD", language="de"))

    germany = next(row for row in rows_of(tmp_path / "list.csv") if row["country"] == "DE")
    assert (germany["price"], germany["currency"]) == ("0.064980", "USD")
    text = text_of(tmp_path / "list.pdf")
    assert "Umgerechnet mit 1 EUR = 1,083 USD, Kurs vom 2. Januar 2026" in text
    assert "Deutschland" in text
    assert "0,06498" in text
    with pytest.raises(InvalidInput, match="no exchange rate from EUR to TRY") as refused:
        export(desk, tmp_path / "x.csv", ExportOrder(CSV, currency="TRY"))
    assert refused.value.code == "no_rate"
    assert desk.application.price_files.choices().rates == (("USD", Decimal("1.083"), date(2026, 1, 2)),)


def listed(path: Path, column: str = "price") -> dict[str, str]:
    return {row["mccmnc"] or row["country"]: row[column] for row in rows_of(path)}


def test_prices_per_thousand_are_exactly_a_thousand_times_the_price(desk: Desk, tmp_path: Path) -> None:
    for country, price in {"DE": "0.0777", "FR": "0.040001", "US": "99999.999999"}.items():
        desk.application.pricing.set_price(country, Decimal(price), actor="anna")

    export(desk, tmp_path / "list.csv", ExportOrder(CSV, per_thousand=True))
    export(desk, tmp_path / "list.pdf", ExportOrder(PDF, per_thousand=True))

    assert listed(tmp_path / "list.csv", "price_per_1000") == {
        "DE": "77.700000", "FR": "40.001000", "GB": "36.000000", "TR": "24.000000", "US": "99999999.999000",
    }  # fmt: skip
    text = text_of(tmp_path / "list.pdf")
    assert all(price in text for price in ("77.70", "40.001", "36.00", "99999999.999"))


def test_converted_prices_are_rounded_half_up_and_costs_up(desk: Desk, tmp_path: Path) -> None:
    """At 1.00001: 0.05 is exactly half a millionth more, 0.012 a tenth of one, and the cost 0.01 a tenth of one."""
    desk.application.pricing.set_price("DE", Decimal("0.05"), actor="anna")
    accounts = desk.application.accounts
    accounts.set_exchange_rate("EUR", "USD", Decimal("1.00001"), date(2026, 1, 2), actor="anna")

    export(desk, tmp_path / "list.csv", ExportOrder(CSV, currency="USD", costs=True))

    prices = {"DE": "0.050001", "FR": "0.048000", "GB": "0.036000", "TR": "0.024000", "US": "0.012000"}
    costs = {"DE": "0.050001", "FR": "0.040001", "GB": "0.030001", "TR": "0.020001", "US": "0.010001"}
    assert listed(tmp_path / "list.csv") == prices
    assert listed(tmp_path / "list.csv", "our_cost") == costs
    assert listed(tmp_path / "list.csv", "our_margin")["DE"] == "0.00"


def test_a_client_in_another_currency_reads_what_it_is_charged(desk: Desk, tmp_path: Path) -> None:
    """0.055 x 0.8421 = 0.0463155, half a millionth rounded up; 0.048 x 0.8421 = 0.0404208, rounded up; and so on."""
    application = desk.application
    application.accounts.set_exchange_rate("EUR", "GBP", Decimal("0.8421"), date(2026, 1, 2), actor="anna")
    application.clients.add("Cavendish", currency="GBP", actor="anna")
    application.credits.top_up("Cavendish", Decimal(5), reason="first", actor="anna")
    application.sender_ids.request("Cavendish", "CAVENDISH", actor="anna")
    application.pricing.set_client_price("Cavendish", "DE", Decimal("0.055"), actor="anna")

    export(desk, tmp_path / "list.csv", ExportOrder(CSV, client="Cavendish"))

    assert listed(tmp_path / "list.csv") == {
        "DE": "0.046316", "FR": "0.040421", "GB": "0.030316", "TR": "0.020210", "US": "0.010105",
    }  # fmt: skip
    sheet = desk.queue(["+4915123456784"], client="Cavendish", sender="CAVENDISH")
    assert (sheet.groups[0].quote.price, sheet.currency) == (46_316, "GBP")


def test_networks_show_their_own_price_or_their_countrys(desk: Desk, tmp_path: Path) -> None:
    add_network(desk)
    export(desk, tmp_path / "inherited.csv", ExportOrder(CSV))
    edit = PriceEdit("DE", "26201", None, False, 71_000)
    desk.application.pricing.save_edits([edit], actor="anna")

    export(desk, tmp_path / "own.csv", ExportOrder(CSV))
    export(desk, tmp_path / "client.csv", ExportOrder(CSV, client="Aurora"))

    assert listed(tmp_path / "inherited.csv")["26201"] == "0.060000"
    assert (listed(tmp_path / "own.csv")["DE"], listed(tmp_path / "own.csv")["26201"]) == ("0.060000", "0.071000")
    assert listed(tmp_path / "client.csv") == PRICES, "a client is charged by country"


def test_what_is_switched_off_or_has_no_price_is_in_no_list(desk: Desk, tmp_path: Path) -> None:
    desk.application.pricing.set_country_enabled("TR", enabled=False, actor="anna")
    desk.import_costs("Main", {**COSTS, "PL": "0.02"})

    for client in (None, "Aurora"):
        export(desk, tmp_path / "list.csv", ExportOrder(CSV, client=client))
        assert listed(tmp_path / "list.csv") == {iso: price for iso, price in PRICES.items() if iso != "TR"}


def test_without_an_exchange_rate_a_rule_has_no_price(desk: Desk, tmp_path: Path) -> None:
    """What a rule made of a cost that nobody can convert any more is no price; one set by hand stays what it is."""
    pricing = desk.application.pricing
    pricing.reprice(PriceRule(RuleKind.MARKUP, 5000), actor="anna", countries=["FR"], include_manual=True)
    desk.import_costs("Main", {iso: COSTS[iso] for iso in ("DE", "FR")}, currency="USD")

    export(desk, tmp_path / "list.csv", ExportOrder(CSV))
    export(desk, tmp_path / "client.csv", ExportOrder(CSV, client="Aurora"))

    by_hand = {iso: price for iso, price in PRICES.items() if iso != "FR"}
    assert listed(tmp_path / "list.csv") == by_hand
    assert listed(tmp_path / "client.csv") == {}, "nothing is sent there"


def test_a_client_is_not_offered_what_would_be_sold_below_cost(desk: Desk, tmp_path: Path) -> None:
    desk.import_costs("Main", {**COSTS, "DE": "0.060001", "FR": "0.048"})

    export(desk, tmp_path / "list.csv", ExportOrder(CSV, client="Aurora"))

    assert listed(tmp_path / "list.csv") == {iso: price for iso, price in PRICES.items() if iso != "DE"}


def test_filtered_rows_and_networks(desk: Desk, tmp_path: Path) -> None:
    add_network(desk)

    few = export(desk, tmp_path / "few.csv", ExportOrder(CSV, countries=frozenset({"DE", "FR"})))
    fewer = export(desk, tmp_path / "fewer.csv", ExportOrder(CSV, countries=frozenset({"DE", "FR"}), networks=False))

    assert (few, fewer) == (3, 2)
    assert [row["mccmnc"] for row in rows_of(tmp_path / "few.csv")] == ["", "26201", ""]


def test_the_pdf_names_company_client_date_and_vat(desk: Desk, tmp_path: Path) -> None:
    desk.application.preferences.change(actor="anna", company="Northwind Telecom")

    export(desk, tmp_path / "list.pdf", ExportOrder(PDF, client="Aurora", vat_note="Prices exclude VAT"))
    export(desk, tmp_path / "list.xlsx", ExportOrder(XLSX, client="Aurora", vat_note="=1+1"))

    text = text_of(tmp_path / "list.pdf")
    today = desk.application.clock().date()
    assert all(
        words in text for words in ("Northwind Telecom", "For Aurora", "Prices per SMS in EUR · Prices exclude VAT")
    )
    assert f"{today:%B} {today.day}, {today.year}" in text
    about = CalamineWorkbook.from_path(str(tmp_path / "list.xlsx")).get_sheet_by_name("About this list").to_python()
    assert [row[0] for row in about][:2] == ["Northwind Telecom", "For Aurora"]
    assert about[-1][0] == "Prices per SMS in EUR · =1+1"


def test_names_from_outside_are_no_formulas_and_come_back_as_they_were(desk: Desk, tmp_path: Path) -> None:
    name = '=HYPERLINK("http://x")'
    add_network(desk, name)

    for kind in (CSV, XLSX):
        export(desk, tmp_path / f"list.{kind}", ExportOrder(kind))
        sheet = read_sheet(tmp_path / f"list.{kind}")
        column = next(place for place, title in enumerate(sheet.header) if title.lower() == "network")
        assert name in [cells[column] for _, cells in sheet.rows]
    assert {row["network"] for row in rows_of(tmp_path / "list.csv")} == {"", "'" + name}


def test_a_copy_is_kept_as_it_was_sent(desk: Desk, tmp_path: Path) -> None:
    service = desk.application.price_files
    target = tmp_path / "aurora.pdf"

    done = service.export(target, ExportOrder(PDF, client="Aurora", keep_copy=True), actor="anna")
    service.export(tmp_path / "public.csv", ExportOrder(CSV), actor="anna")

    (kept,) = service.issued()
    assert (kept.name, kept.file_format, kept.actor, kept.digest) == ("aurora.pdf", "pdf", "anna", done.digest)
    assert service.issued_content(kept.list_id) == target.read_bytes()
    assert done.digest == hashlib.sha256(target.read_bytes()).hexdigest()
    assert desk.query("SELECT kind, subject FROM activity ORDER BY id DESC")[0] == ("list_issued", "Aurora")


def test_a_copy_that_cannot_be_kept_is_said(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.services.price_files.MAX_BYTES", 10)

    with pytest.raises(StorageUnavailable, match="was written, but no copy of it was kept"):
        export(desk, tmp_path / "list.csv", ExportOrder(CSV, keep_copy=True))

    assert len(rows_of(tmp_path / "list.csv")) == 5
    assert desk.application.price_files.issued() == []


@pytest.mark.parametrize("kind", list(FileFormat))
def test_a_job_that_is_stopped_leaves_what_was_there(desk: Desk, tmp_path: Path, kind: FileFormat) -> None:
    target = tmp_path / "list"
    target.write_text("from last month", "utf-8")
    job = Job()
    job.cancel()

    with pytest.raises(Cancelled):
        export(desk, target, ExportOrder(kind), job)

    assert target.read_text("utf-8") == "from last month"
    assert list(tmp_path.glob(".list*")) == []


@pytest.mark.parametrize("kind", list(FileFormat))
def test_a_full_disk_is_said_and_leaves_nothing(
    desk: Desk, tmp_path: Path, kind: FileFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop_app.exports.files.os.fsync", full)

    with pytest.raises(StorageUnavailable, match="The disk is full"):
        export(desk, tmp_path / "list", ExportOrder(kind))

    assert list(tmp_path.glob("*list*")) == []


def test_a_preview_shows_the_first_lines_and_a_name_that_is_free(desk: Desk, tmp_path: Path) -> None:
    service, order = desk.application.price_files, ExportOrder(XLSX, client="Aurora", language="de")
    today = desk.application.clock().date().isoformat()

    first = service.preview(order, folder=tmp_path, count=2)
    first.path.write_text("taken", "utf-8")
    second = service.preview(order, folder=tmp_path, count=2)

    assert first.rows == (("Deutschland", "DE", "0,0600"), ("Frankreich", "FR", "0,0480"))
    assert (first.total, first.titles, first.currency) == (5, ("Land", "Code", "EUR je SMS"), "EUR")
    assert (first.path.name, second.path.name) == (f"Aurora-eur-{today}.xlsx", f"Aurora-eur-{today} (2).xlsx")


@pytest.mark.parametrize("kind", list(FileFormat))
def test_progress_reaches_the_end(desk: Desk, tmp_path: Path, kind: FileFormat) -> None:
    steps: list[tuple[int, int, str]] = []

    export(desk, tmp_path / "list", ExportOrder(kind), Job(lambda *step: steps.append(step)))

    assert (steps[0], steps[-1]) == ((0, 5, ""), (5, 5, ""))


def test_a_file_that_is_there_is_not_replaced_silently(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    target.write_text("from last month", "utf-8")

    with pytest.raises(InvalidInput, match=r"“list\.csv” is there already") as refused:
        desk.application.price_files.export(target, ExportOrder(CSV), actor="anna")

    assert refused.value.code == "file_exists"
    assert target.read_text("utf-8") == "from last month"


@pytest.mark.parametrize("language", ["en", "de", "tr"])
def test_a_list_in_every_language_is_read_back(desk: Desk, tmp_path: Path, language: str) -> None:
    for kind in (CSV, XLSX):
        export(desk, tmp_path / "list", ExportOrder(kind, language=language, costs=True))

        done = desk.application.price_files.import_sheet(tmp_path / "list", "Main", actor="anna", dry_run=True)

        assert (done.rows, done.errors) == (5, ())
