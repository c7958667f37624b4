"""The price table's model: Qt's contract, sorting, filtering and folding on typed lines."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.rates import EffectivePrice, Rate
from desktop_app.services.pricing import PriceRow
from desktop_app.views.formats import folded, percent_text, price_text
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_draft import edit_of
from desktop_app.views.models.price_drafting import drafted
from desktop_app.views.models.price_filter import Criteria
from desktop_app.views.models.price_lines import PriceLine, PriceSheet, QuickFilter, make_sheet
from desktop_app.views.models.price_sheet import nearest_name, price_lines, with_volumes
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.widgets.price_header import next_sorting


def row(
    iso: str, cost: int | None, price: int | None, network: tuple[str, str] | None = None, *, manual: bool = False
) -> PriceRow:
    mccmnc, name = network or (None, "")
    rate = Rate(1, iso, mccmnc, name, cost, False, price, manual, "" if manual else "markup 25.00")
    applies = EffectivePrice(price, manual, rate.rule, inherited=network is not None)
    return PriceRow(rate, applies, "EUR", cost, "EUR", enabled=iso != "FR")


ROWS = [
    row("TR", 18_400, 30_700), row("TR", 18_400, 30_700, ("28601", "Turkcell")), row("TR", 18_000, 30_700, ("28602", "Vodafone")),
    row("DE", 86_400, 123_400), row("DE", 87_100, 123_400, ("26201", "Telekom")),
    row("US", 43_400, 62_000), row("SA", 148_500, 146_000, manual=True), row("FR", 9_000, 100_000), row("AQ", None, None),
]  # fmt: skip
LINES = price_lines(ROWS, "en", provider="Main", old_costs={("US", None): 40_000})
SHEET = make_sheet(LINES, PriceSheet((), "EUR", "Main", None, spoken_currency="euro"))


@pytest.fixture
def model(qtbot: QtBot) -> PriceTableModel:
    made = PriceTableModel()
    made.show_sheet(SHEET)
    return made


def names(model: PriceTableModel) -> list[str]:
    return [str(model.index(number, Column.COUNTRY).data()) for number in range(model.rowCount())]


def line(key: str) -> PriceLine:
    found = SHEET.find(key)
    assert found is not None
    return found


def test_it_keeps_the_contract_of_qt_while_it_changes(model: PriceTableModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.toggle(names(model).index("Germany"))
    model.sort(Column.COST, Qt.SortOrder.DescendingOrder)
    model.set_filter("vodafone", QuickFilter.ALL)
    model.set_filter("", QuickFilter.ALL)
    model.tick_all()
    model.show_edits({"TR": edit_of(line("TR"), 50_000)}, {"TR"})
    model.show_sheet(make_sheet(LINES[:3], SHEET))
    model.toggle(names(model).index("Germany"))


def test_networks_stand_under_their_country_when_unfolded(model: PriceTableModel) -> None:
    start = names(model)
    assert start == ["Antarctica", "France", "Germany", "Saudi Arabia", "Türkiye", "United States"]

    model.toggle(start.index("Türkiye"))
    assert names(model)[4:7] == ["Türkiye", "Turkcell", "Vodafone"]
    assert model.index(5, Column.PRICE).data() == "inherits"

    model.toggle(4)
    assert names(model) == start


@pytest.mark.parametrize("typed", ["turkiye", "TÜRKİYE", "türkiye", "TURKIYE", "TURKıYE", "tr", "+90", "90", "286"])
def test_any_form_of_a_name_finds_the_country(model: PriceTableModel, typed: str) -> None:
    model.set_filter(typed, QuickFilter.ALL)

    assert names(model) == ["Türkiye"]


@pytest.mark.parametrize("typed", ["vodafone", "28602"])
def test_a_network_is_found_and_shown_under_its_country(model: PriceTableModel, typed: str) -> None:
    model.set_filter(typed, QuickFilter.ALL)

    assert names(model) == ["Türkiye", "Vodafone"]
    assert model.shown_countries == 1


def test_sorting_is_by_value_and_puts_what_is_missing_last(model: PriceTableModel) -> None:
    model.sort(Column.COST)
    assert names(model) == ["France", "Türkiye", "United States", "Germany", "Saudi Arabia", "Antarctica"]

    model.sort(Column.COST, Qt.SortOrder.DescendingOrder)
    assert names(model) == ["Saudi Arabia", "Germany", "United States", "Türkiye", "France", "Antarctica"]

    model.sort(-1)
    assert names(model)[0] == "Antarctica"


@pytest.mark.parametrize(
    ("quick", "found"),
    [
        (QuickFilter.LOSS, ["Saudi Arabia"]), (QuickFilter.MANUAL, ["Saudi Arabia"]),
        (QuickFilter.TARGET, []), (QuickFilter.COST, ["United States"]),
        (QuickFilter.UNPRICED, ["Antarctica"]), (QuickFilter.OFF, ["France"]),
    ],
)  # fmt: skip
def test_chips_count_and_show_the_same(model: PriceTableModel, quick: QuickFilter, found: list[str]) -> None:
    model.set_filter("", quick)

    assert names(model) == found
    assert model.count(quick) == len(found)


def test_figures_are_text_on_the_right_and_spoken_whole(model: PriceTableModel) -> None:
    saudi = names(model).index("Saudi Arabia")
    profit = model.index(saudi, Column.PROFIT)

    assert profit.data() == "−0.0025"
    assert profit.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert profit.data(Qt.ItemDataRole.AccessibleTextRole) == "Saudi Arabia, profit −0.0025 euro, below cost"
    assert model.index(saudi, Column.MARGIN).data() == "−1.7%"
    assert model.index(0, Column.COST).data() == "–"
    assert profit.data(Qt.ItemDataRole.EditRole) == Decimal("-0.0025")
    assert model.headerData(Column.COST, Qt.Orientation.Horizontal) == "Cost €"


@pytest.mark.parametrize(
    ("micro", "text"),
    [
        (0, "0.0000"),
        (62_000, "0.0620"),
        (108_875, "0.108875"),
        (-2_500, "−0.0025"),
        (100_000_000_000, "100000.0000"),
        (None, "–"),
    ],
)
def test_a_price_shows_four_decimals_and_hides_none(micro: int | None, text: str) -> None:
    assert price_text(micro) == text


@pytest.mark.parametrize(
    ("hundredths", "text"), [(3000, "30.0%"), (-172, "−1.7%"), (-4, "0.0%"), (4285, "42.9%"), (None, "–")]
)
def test_a_percent_shows_one_decimal(hundredths: int | None, text: str) -> None:
    assert percent_text(hundredths) == text


def test_all_turkish_letters_i_are_one() -> None:
    assert {folded(text) for text in ("Iİıi", "iiii", "IIII")} == {"iiii"}


def test_two_columns_sort_after_each_other(model: PriceTableModel) -> None:
    up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder

    model.sort_by(((Column.RULE, up), (Column.COST, down)))

    # Manual first, then by markup the dearest, what has no cost last.
    assert names(model) == ["Saudi Arabia", "Germany", "United States", "Türkiye", "France", "Antarctica"]


@pytest.mark.parametrize(
    ("clicks", "sorted_by"),
    [
        ("c", "cost up"), ("cc", "cost down"), ("ccc", ""), ("cR", "cost up, rule up"), ("cRR", "cost up, rule down"),
        ("cRRR", "cost up"), ("cRC", "cost down, rule up"), ("cRr", "rule down"),
    ],
)  # fmt: skip
def test_clicks_on_headings_sort_up_down_and_not_with_shift_a_second(clicks: str, sorted_by: str) -> None:
    sorting: tuple[tuple[Column, Qt.SortOrder], ...] = ()
    for letter in clicks:
        column = Column.COST if letter.casefold() == "c" else Column.RULE
        sorting = next_sorting(sorting, column, adds=letter.isupper())

    ways = {Qt.SortOrder.AscendingOrder: "up", Qt.SortOrder.DescendingOrder: "down"}
    assert ", ".join(f"{column.name.casefold()} {ways[order]}" for column, order in sorting) == sorted_by


def test_ticks_are_of_countries_and_all_that_match(model: PriceTableModel) -> None:
    model.toggle(names(model).index("Türkiye"))
    model.set_criteria(Criteria(countries=frozenset({"DE", "TR"})))

    assert model.tick_all() == 2
    assert model.ticked_countries == {"DE", "TR"}
    assert model.tick_state() is Qt.CheckState.Checked
    model.set_criteria(Criteria())
    assert model.tick_state() is Qt.CheckState.PartiallyChecked
    model.tick(names(model).index("Vodafone"))
    assert model.ticked_countries == {"DE"}


def test_a_country_that_is_gone_is_no_longer_ticked(model: PriceTableModel) -> None:
    model.tick_all()

    model.show_sheet(make_sheet(LINES[:2], SHEET))

    assert model.ticked_countries == {LINES[0].iso, LINES[1].iso}


def test_networks_that_inherit_follow_the_draft_of_their_country() -> None:
    country = drafted(line("TR"), {"TR": edit_of(line("TR"), 46_000)})

    assert (country.price, country.margin, country.rule) == (46_000, 6000, "Manual")
    assert [(one.price, one.inherited) for one in country.networks] == [(46_000, True)] * 2
    assert line("TR").price == 30_700


def test_a_network_edited_by_itself_leaves_the_others_alone() -> None:
    network = line("TR/28602")

    country = drafted(line("TR"), {network.key: edit_of(network, 40_000)})

    assert country.price == 30_700
    assert [(one.name, one.price, one.inherited) for one in country.networks] == [
        ("Turkcell", 30_700, True), ("Vodafone", 40_000, False),
    ]  # fmt: skip


def test_the_same_rows_with_other_values_keep_the_place(model: PriceTableModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_sheet(make_sheet(with_volumes(LINES, {("TR", None): 5, ("TR", "28601"): 7}), SHEET))

    turkey = names(model).index("Türkiye")
    assert model.index(turkey, Column.VOLUME).data() == "12"


@pytest.mark.parametrize(
    ("typed", "meant"), [("germnay", "Germany"), ("türkei", "Türkiye"), ("xyzzy", None), ("", None)]
)
def test_a_mistyped_name_is_guessed(typed: str, meant: str | None) -> None:
    found = nearest_name(typed, LINES)

    assert (found and found.name) == meant
