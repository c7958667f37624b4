"""A provider's price sheet: every row right or named."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain import regions
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import install_translator
from desktop_app.domain.money import amount_of
from desktop_app.exports import csv_file, xlsx_file
from desktop_app.exports.price_sheet import MAX_ERRORS, PriceSheet, read_price_sheet
from desktop_app.exports.table import Cell, Column, Kind, Table

MakeXlsx = Callable[..., Path]
EXPORTED = (
    Column("country", "Country", Kind.TEXT),
    Column("mccmnc", "MCC/MNC", Kind.TEXT),
    Column("price", "Price", Kind.DECIMAL),
    Column("currency", "Currency", Kind.TEXT),
    Column("network", "Network", Kind.TEXT),
)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., PriceSheet]:
    def read_text(text: str, parse_country: Callable[[str], str] = regions.parse_country) -> PriceSheet:
        (tmp_path / "sheet.csv").write_text(text, encoding="utf-8", newline="")
        return read_price_sheet(tmp_path / "sheet.csv", parse_country=parse_country)

    return read_text


def values(sheet: PriceSheet) -> list[tuple[object, ...]]:
    assert not sheet.errors, sheet.errors
    assert sheet.error_count == 0
    return [(row.country, row.mccmnc, row.network, row.price, row.currency) for row in sheet.rows]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["DE", "US", "TR", "AT"]),
            st.none() | st.from_regex(r"[2-7][0-9]{4,5}", fullmatch=True),
            st.integers(1, 10**10).map(amount_of),
            st.sampled_from(["EUR", "USD"]),
            st.text("=+-@ '|%Aaé", max_size=12).map(str.strip),
        ),
        max_size=15,
        unique_by=lambda row: row[:2],
    )
)
def test_our_own_export_comes_back(tmp_path: Path, form: str, rows: list[tuple[Cell, ...]]) -> None:
    path = tmp_path / f"prices.{form}"
    table = Table(EXPORTED, rows)
    if form == "csv":
        csv_file.write(path, table)
    else:
        xlsx_file.write(path, table, "Prices")
    expected = [(country, code, network, price, currency) for country, code, price, currency, network in rows]
    assert values(read_price_sheet(path)) == expected


def test_headings_in_another_language_come_back(tmp_path: Path) -> None:
    german = {"Country": "Zielland", "Price": "VK", "Currency": "Whg.", "MCC/MNC": "Netzkennung", "Network": "Netzname"}
    install_translator(lambda source: german.get(source, source))
    try:
        columns = tuple(Column(column.key, german[column.title], column.kind) for column in EXPORTED)
        row = ("DE", "26201", Decimal("0.1"), "EUR", "Telekom")
        xlsx_file.write(tmp_path / "a.xlsx", Table(columns, [row]), "Preise")
        assert values(read_price_sheet(tmp_path / "a.xlsx")) == [("DE", "26201", "Telekom", Decimal("0.1"), "EUR")]
    finally:
        install_translator(str)


@pytest.mark.parametrize(
    "header",
    [
        "country,mccmnc,price,currency",
        "ISO,MCC-MNC,Rate,CCY",
        "Country Code,MCC/MNC,Cost,Currency Code",
        "iso2,mcc_mnc,Price per SMS,currency",
        "COUNTRY (ISO),mccmnc,price (per SMS),Currency",
        "country,mccmnc,price,currency,country_name",
    ],
)
def test_headings_of_others(read: Callable[..., PriceSheet], header: str) -> None:
    row = "DE,26201,0.1,EUR" + ",Germany" * (header.count(",") - 3)
    assert values(read(f"{header}\n{row}\n")) == [("DE", "26201", "", Decimal("0.1"), "EUR")]


def test_codes_go_before_names_and_parts_are_joined(read: Callable[..., PriceSheet]) -> None:
    text = "Country;Country name;ISO;MCC;MNC;Operator;Rate;Currency\nGermany;Germany;de;262;01;Telekom;0,05;eur\nGermany;Germany;DE;;;;0,07;EUR\n"
    assert values(read(text)) == [
        ("DE", "26201", "Telekom", Decimal("0.05"), "EUR"),
        ("DE", None, "", Decimal("0.07"), "EUR"),
    ]


def test_names_are_parsed_by_whom_the_caller_names(read: Callable[..., PriceSheet]) -> None:
    text = "country,price,currency\nGermany,0.1,EUR\n"
    assert values(read(text, parse_country={"Germany": "DE"}.__getitem__))[0][0] == "DE"
    assert read(text).errors[0].column == "country"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("a,b,c", "no column for: country, price, currency"),
        ("country,price", "no column for: currency"),
        ("country,price,cost,currency", "“price” and “cost” both look like the price"),
        ("country,mcc,price,currency", "MCC and MNC belong together"),
        ("DE,26201,0.1,EUR", "no column for"),
    ],
)
def test_headings_that_do_not_do(read: Callable[..., PriceSheet], header: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        read(f"{header}\n")


@pytest.mark.parametrize(
    ("cell", "price"),
    [
        ("0.1", "0.1"),
        ("0,1", "0.1"),
        ("0.03330001", "0.03330001"),
        ("0,03330001", "0.03330001"),
        ("0.000000000001", "0.000000000001"),
        ("€ 0.10", "0.10"),
        (" 0.1 ", "0.1"),
        ("1,234.5", "1234.5"),
        (".05", "0.05"),
        ("100000", "100000"),
    ],
)
def test_prices_are_exact(read: Callable[..., PriceSheet], cell: str, price: str) -> None:
    row = read(f'country;price;currency\nDE;"{cell}";EUR\n').rows[0]
    assert row.price == Decimal(price)
    assert row.price_text == cell.strip()


NO_PRICES = ["0", "-0", "0.000000", "-0.1", "100000.000001", "999999", "NaN", "sNaN", "Infinity", "1e3", "1E-7", "0x10"]
NO_PRICES += [
    "1_000",
    "٤٤",
    "１２",
    "free",
    "n/a",
    "0.1 EUR",
    "=1+1",
    "1.2.3",
    "9" * 400,
    "true",
    "null",
    "4.47701E+11",
]
NO_PRICES += ["2023-03-15", "0.1\u200b"]


@pytest.mark.parametrize(
    "cell",
    NO_PRICES,
)
def test_what_is_no_price_is_named(read: Callable[..., PriceSheet], cell: str) -> None:
    sheet = read(f'country;price;currency\nAT;0.1;EUR\nDE;"{cell}";EUR\n')
    assert [row.country for row in sheet.rows] == ["AT"]
    assert [(error.row, error.column) for error in sheet.errors] == [(3, "price")]
    assert len(sheet.errors[0].message) < 150


def test_a_destination_without_a_price(read: Callable[..., PriceSheet]) -> None:
    sheet = read("country,price,currency\nDE,,EUR\nAT,,\n")
    assert [(row.country, row.price, row.price_text, row.currency) for row in sheet.rows] == [
        ("DE", None, "", "EUR"),
        ("AT", None, "", ""),
    ]


@pytest.mark.parametrize(
    ("line", "column", "told"),
    [
        ("XX,26201,0.1,EUR", "country", "is not a country"),
        (",26201,0.1,EUR", "country", "is not a country"),
        ("DE,2620,0.1,EUR", "mccmnc", "is no MCC and MNC.*cannot be restored"),
        ("DE,262.1,0.1,EUR", "mccmnc", "is no MCC and MNC"),
        ("DE,2620011,0.1,EUR", "mccmnc", "is no MCC and MNC"),
        ("DE,２６２０１,0.1,EUR", "mccmnc", "is no MCC and MNC"),
        ("DE,26201,0.1,", "currency", "is not a currency"),
        ("DE,26201,0.1,EURO", "currency", "is not a currency"),
        ("DE,26202,0.1,EUR", "mccmnc", "Row 2 has the same destination"),
        ("DE,262-02,0.2,USD", "mccmnc", "Row 2 has the same destination"),
        (f"DE,26203,0.1,EUR,{'x' * 201}", "network", "longer than 200"),
    ],
)
def test_what_is_wrong_is_named(read: Callable[..., PriceSheet], line: str, column: str, told: str) -> None:
    line += "" if line.count(",") == 4 else ","
    sheet = read(f"country,mccmnc,price,currency,network\nDE,26202,0.1,EUR,\n{line}\nFR,20801,0.1,EUR,\n")
    assert [row.country for row in sheet.rows] == ["DE", "FR"]
    assert [(error.row, error.column) for error in sheet.errors] == [(3, column)]
    with pytest.raises(InvalidInput, match=told):
        raise InvalidInput(sheet.errors[0].message)


@pytest.mark.parametrize("at", [2, 500, 1_001])
def test_one_bad_row_anywhere_is_found(read: Callable[..., PriceSheet], at: int) -> None:
    lines = [f"DE,{26_000 + n},0.1,EUR" for n in range(1_000)]
    lines[at - 2] = "DE,27999,free,EUR"
    sheet = read("country,mccmnc,price,currency\n" + "\n".join(lines))
    assert [error.row for error in sheet.errors] == [at]
    assert len(sheet.rows) == 999


def test_many_errors_are_counted(read: Callable[..., PriceSheet]) -> None:
    sheet = read("country,price,currency\n" + "XX,0.1,EUR\n" * (MAX_ERRORS + 500))
    assert (len(sheet.errors), sheet.error_count, sheet.rows) == (MAX_ERRORS, MAX_ERRORS + 500, ())


def test_numbers_a_spreadsheet_made(make_xlsx: MakeXlsx) -> None:
    def cells(row: int, *values: str) -> str:
        made = "".join(
            f'<c r="{letter}{row}"><v>{value}</v></c>'
            if value.replace(".", "").replace("E-", "").isdigit()
            else f'<c r="{letter}{row}" t="str"><v>{value}</v></c>'
            for letter, value in zip("ABCD", values, strict=True)
        )
        return f'<row r="{row}">{made}</row>'

    xml = cells(1, "country", "mccmnc", "price", "currency") + cells(2, "DE", "26201", "0.30000000000000004", "EUR")
    xml += cells(3, "DE", "310410", "3.6999999999999998E-5", "EUR") + cells(4, "DE", "2620.5", "1", "EUR")
    xml += (
        cells(5, "DE", "26202", "1E-20", "EUR")
        + cells(6, "DE", "26203", "0", "EUR")
        + cells(7, "49", "26204", "1", "EUR")
    )
    sheet = read_price_sheet(make_xlsx(xml))
    assert [(row.mccmnc, row.price, row.price_text) for row in sheet.rows[:2]] == [
        ("26201", Decimal("0.3"), "0.3"),
        ("310410", Decimal("0.000037"), "0.000037"),
    ]
    assert [(error.row, error.column) for error in sheet.errors] == [(4, "mccmnc"), (6, "price"), (7, "country")]


@pytest.mark.parametrize("mnc", ["1", "0001", "x", ""])
def test_an_mnc_that_lost_its_zero_is_not_guessed(read: Callable[..., PriceSheet], mnc: str) -> None:
    sheet = read(f"country,mcc,mnc,price,currency\nDE,262,{mnc},0.1,EUR\nDE,26,01,0.1,EUR\n")
    assert [error.column for error in sheet.errors] == ["mnc", "mcc"]
    assert "1, 01 and 001 are three networks" in sheet.errors[0].message
