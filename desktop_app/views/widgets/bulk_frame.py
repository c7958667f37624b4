"""How the bulk edit is laid out: what the person sets at the left, what comes of it at the right, what to do below."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr
from desktop_app.services.bulk_edit import Preview
from desktop_app.views.formats import currency_symbol
from desktop_app.views.icons import BUTTON_ICON, button_icon
from desktop_app.views.models.bulk_lines import PreviewFilter, PreviewSheet
from desktop_app.views.models.bulk_preview import BulkPreviewModel
from desktop_app.views.models.bulk_texts import apply_text
from desktop_app.views.models.previewer import ShownPreview
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.bulk_banners import ConflictBanner, LossBanner
from desktop_app.views.widgets.bulk_form import BulkForm
from desktop_app.views.widgets.bulk_table import BulkTable
from desktop_app.views.widgets.bulk_totals import BulkTotals
from desktop_app.views.widgets.chip_row import ChipRow
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.icon_widgets import IconLabel, KeyButton
from desktop_app.views.widgets.notices import Banner, Placeholder, label

_CHIP_ICONS: Final = {
    PreviewFilter.RAISED: ("arrow-up", "text2"), PreviewFilter.LOWERED: ("arrow-down", "text2"),
    PreviewFilter.SKIPPED: ("lock", "text2"), PreviewFilter.WARNINGS: ("triangle-alert", "warning_icon"),
}  # fmt: skip


class BulkFrame(QWidget):
    """The widgets of the screen, in their places; it decides nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = BulkPreviewModel(self)
        self.form = BulkForm(theme)
        self.totals = BulkTotals(theme)
        self.table = BulkTable(self.model, theme)
        self.loss, self.conflict, self.banner = LossBanner(theme), ConflictBanner(theme), Banner(theme)
        self.placeholder = Placeholder(theme)
        self.pages = QStackedWidget()
        self.presets = QPushButton(tr("Load preset"))
        self.close_button = KeyButton(theme, tr("Close"), "Esc", image="x")
        self.close_button.setProperty("look", "quiet")
        self.save_preset, self.cancel = QPushButton(tr("Save as preset")), QPushButton(tr("Cancel"))
        self.save_preset.setProperty("look", "quiet")
        self.apply = KeyButton(theme, "", "Ctrl+Return")
        self.apply.setProperty("look", "primary")
        self.find_field = FindField(theme, tr("Find country"), tr("Find in the preview"))
        self.find_field.setMinimumWidth(110)
        self.find_field.setMaximumWidth(190)
        self.chips = {chosen: QPushButton() for chosen in PreviewFilter}
        self._build()
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    @property
    def chosen(self) -> PreviewFilter:
        """The chip that is pressed."""
        return next(chosen for chosen, chip in self.chips.items() if chip.isChecked())

    def count_chips(self) -> None:
        """Write how many rows each chip selects."""
        texts = {
            PreviewFilter.ALL: tr("All"), PreviewFilter.RAISED: tr("Raised"), PreviewFilter.LOWERED: tr("Lowered"),
            PreviewFilter.SKIPPED: tr("Skipped"), PreviewFilter.WARNINGS: tr("Warnings"),
        }  # fmt: skip
        for chosen, chip in self.chips.items():
            chip.setText(f"{texts[chosen]}  {self.model.count(chosen)}")
        self.chip_line.show_chips()

    def show_preview(self, shown: ShownPreview, currency: str, names: Mapping[str, str]) -> None:
        """Show a preview of prices in ``currency``; ``names`` are those of the countries."""
        preview, symbol = shown.preview, currency_symbol(currency)
        self.model.show_sheet(shown.sheet, currency)
        self.totals.show_totals(preview.totals, symbol)
        self.table.fit(shown.sheet, has_profit=preview.totals.is_weighted)
        example = preview.example
        name = "" if example is None else names.get(example.rate.country, example.rate.country)
        self.form.example.show_row(example, name)
        self.form.show_counts(len(preview.order.countries), len(preview.rows), shown.sheet.by_hand)
        self.loss.show_losing(shown.sheet.losing, preview.order.limits.cap, symbol)
        self._loss_room.setContentsMargins(20, 0 if self.loss.isHidden() else 10, 20, 0)
        self.count_chips()
        self.pages.setCurrentWidget(self.sheet)
        self._name_apply(preview)

    def show_nothing(self) -> None:
        """Say what to do while no country is in scope."""
        self.model.show_sheet(PreviewSheet(), "")
        self.form.example.show_row(None, "")
        self.form.show_counts(0, 0, 0)
        self.loss.hide()
        self.count_chips()
        title = tr("No country in this scope") if self.form.scope.tokens else tr("Choose the countries to change")
        detail = tr(
            "Type a region such as EU, a country, a provider, a saved view, or a test like “margin < 25”, and press Enter."
        )
        self.placeholder.show_text("globe", title, detail, "")
        self.pages.setCurrentWidget(self.placeholder)
        self._name_apply(None)

    def _name_apply(self, preview: Preview | None) -> None:
        self.apply.setText(apply_text(preview))
        self.apply.updateGeometry()

    def _build(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.form)
        middle.addWidget(_line(vertical=True))
        middle.addLayout(self._right_side(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(_line())
        column.addLayout(middle, 1)
        column.addWidget(_line())
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Bulk price edit"), "title"))
        texts.addWidget(label(tr("Nothing changes until you apply. The preview updates as you type."), "facts"))
        row = QHBoxLayout()
        row.setContentsMargins(20, 14, 12, 12)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.presets)
        row.addWidget(self.close_button)
        return row

    def _right_side(self) -> QVBoxLayout:
        notices = QVBoxLayout()
        notices.setContentsMargins(20, 0, 20, 0)
        notices.setSpacing(8)
        for notice in (self.banner, self.conflict):
            notices.addWidget(notice)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.totals)
        rows.addWidget(_line())
        self._loss_room = QVBoxLayout()
        self._loss_room.addWidget(self.loss)
        rows.addLayout(self._loss_room)
        rows.addLayout(self._chip_row())
        rows.addWidget(self.table, 1)
        self.pages.addWidget(self.placeholder)
        self.pages.addWidget(page)
        self.sheet = page
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(notices)
        column.addWidget(self.pages, 1)
        return column

    def _chip_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(6)
        self.chip_line = ChipRow(list(self.chips.values()))
        group = QButtonGroup(self)
        for chip in self.chips.values():
            chip.setProperty("look", "chip")
            chip.setCheckable(True)
            chip.setIconSize(BUTTON_ICON)
            chip.clicked.connect(lambda _checked: self.chip_line.show_chips())
            group.addButton(chip)
        self.chips[PreviewFilter.ALL].setChecked(True)
        row.addWidget(self.chip_line, 1)
        row.addWidget(self.find_field)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(8)
        row.addWidget(IconLabel(self._theme, "undo-2", "text3"))
        row.addWidget(label(tr("Undo with Ctrl+Z right after, or any time later from Activity."), "facts"), 1)
        for button in (self.save_preset, self.cancel, self.apply):
            row.addWidget(button)
        return row

    def _paint_icons(self) -> None:
        for chosen, (name, colour) in _CHIP_ICONS.items():
            self.chips[chosen].setIcon(button_icon(self._theme, name, colour, 14))


def _line(*, vertical: bool = False) -> QFrame:
    line = QFrame()
    line.setProperty("look", "rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
