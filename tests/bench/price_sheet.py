"""Importing a price sheet of 40,000 rows: reading against python-calamine alone, and all of it to the stored costs."""

from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

from desktop_app.app import open_application
from desktop_app.config import load_settings
from desktop_app.domain.regions import COUNTRIES
from desktop_app.exports import xlsx_file
from desktop_app.exports.sheet import read_sheet
from desktop_app.exports.table import Column, Kind, Table
from tests.bench.harness import Row, in_pairs, measured, several


def run(folder: Path, *, size: int = 40_000, runs: int = 5) -> list[Row]:
    """Measure reading and the whole import."""
    path = folder / f"sheet-{size}.xlsx"
    _write(path, size)
    own, reference, ratio = in_pairs(lambda: measured(lambda: _read(path)), lambda: measured(lambda: _bare(path)), runs)
    whole = _whole(folder / f"profile-{size}", path, runs)
    return [
        Row(f"price sheet import, {size:,} rows: read", own, reference, ratio, f"{own / size * 1e6:.1f} us per row",
            "<= 1.2x python-calamine", ratio <= 1.2),
        Row(f"price sheet import, {size:,} rows: read, checked and stored", whole, None, None,
            f"{whole / size * 1e6:.1f} us per row", "<= 1.5 CPU s", whole <= 1.5),
    ]  # fmt: skip


def _write(path: Path, size: int) -> None:
    countries = sorted(COUNTRIES)
    rows = []
    for number in range(size):
        code = f"{200 + number % 550:03d}{number // 550:03d}"
        price = Decimal(10_000 + number).scaleb(-6)
        rows.append((countries[number % len(countries)], code, price, "EUR", f"Network {number}"))
    columns = tuple(
        Column(key, key, kind)
        for key, kind in (("country", Kind.TEXT), ("mccmnc", Kind.TEXT), ("price", Kind.DECIMAL), ("currency", Kind.TEXT),
                          ("network", Kind.TEXT))
    )  # fmt: skip
    xlsx_file.write(path, Table(columns, rows), "Costs")


def _read(path: Path) -> int:
    return sum(1 for _ in read_sheet(path).rows)


def _bare(path: Path) -> int:
    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


def _whole(folder: Path, path: Path, runs: int) -> float:
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "bench"}
    settings = load_settings(environment, profile=folder, actor="bench")
    turns = iter(range(1000))
    with open_application(settings, environment=environment) as application:

        def once() -> float:
            # A provider of its own each time: everything is new and stored. The first is the default one, whose costs also
            # become those of the price list; it is the warm-up.
            name = f"Sheet {next(turns)}"
            application.accounts.add_provider(
                name, "twilio", base_url="http://127.0.0.1:9/twilio", settings={"account_sid": "AC" + "0" * 32},
                secret="x" * 32, default=True, actor="bench",
            )  # fmt: skip
            return measured(lambda: application.price_files.import_sheet(path, name, actor="bench"))

        return several(once, runs)
