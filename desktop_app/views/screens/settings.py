"""Settings: pages in a list with a search; choices of a person apply at once, settings of the team have Save."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr, trn
from desktop_app.views.commands import keys_text
from desktop_app.views.icons import icon, pixmap
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.settings_pages.about import AboutPage
from desktop_app.views.screens.settings_pages.appearance import AppearancePage
from desktop_app.views.screens.settings_pages.data import DataPage
from desktop_app.views.screens.settings_pages.general import GeneralPage
from desktop_app.views.screens.settings_pages.keyboard import KeyboardPage
from desktop_app.views.screens.settings_pages.notifications import NotificationsPage
from desktop_app.views.screens.settings_pages.page import Page
from desktop_app.views.screens.settings_pages.prices import PricesPage
from desktop_app.views.screens.settings_pages.rates import RatesPage
from desktop_app.views.screens.settings_pages.service import ServicePage
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.notices import label

PAGES: Final[tuple[type[Page], ...]] = (
    GeneralPage, AppearancePage, ServicePage, PricesPage, RatesPage, NotificationsPage, DataPage, KeyboardPage, AboutPage,
)  # fmt: skip
LIST_WIDTH: Final = 212
SAVED_ROLE: Final = Qt.ItemDataRole.UserRole


class PageDelegate(QStyledItemDelegate):
    """Marks the pages that need saving."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the item as the style does, and the sign at its right."""
        super().paint(painter, option, index)
        if index.data(SAVED_ROLE):
            area: QRect = option.rect
            sign = pixmap("save", self._theme.colour("text3").name(), 14, 2.0)
            place = QRect(area.right() - 24, area.center().y() - 6, 14, 14)
            painter.drawPixmap(QStyle.visualRect(option.direction, area, place).topLeft(), sign)


class SettingsScreen(Screen):
    """The list at the left, the page at the right, and below it the bar with Save while there is something to save."""

    name = "settings"
    icon = "settings"

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.pages = [kind(place) for kind in PAGES]
        self.search = FindField(place.theme, tr("Search settings"))
        self.list, self._stack = QListWidget(), QStackedWidget()
        self.nothing = label("", "facts")
        for page in self.pages:
            self._stack.addWidget(page)
            page.draft_changed.connect(self._show_draft)
        self._build()
        self._fill_list()
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._enter_page)
        self.list.currentRowChanged.connect(self._show_page)
        place.theme.changed.connect(self._follow_theme)
        self._follow_theme()
        place.commands.add("settings.search", tr("Search settings"), self._focus_search, keys="Ctrl+F", scope=self)
        save = place.commands.add("settings.save", tr("Save settings"), self.save, keys="Ctrl+S", scope=self)
        self.save_button.setToolTip(keys_text(save))
        self._show_draft()
        self.list.setCurrentRow(0)

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Settings")

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.pages[self._stack.currentIndex()]

    @property
    def unsaved(self) -> int:
        """See Screen."""
        return sum(page.unsaved for page in self.pages)

    def open_at(self, address: Address) -> None:
        """See Screen: "settings/prices" shows that page."""
        names = [page.name for page in self.pages]
        if address.record in names:
            self.search.clear()
            self.list.setCurrentRow(names.index(address.record))
        self.page.shown()
        self.counted.emit("")

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.list

    def undo(self) -> bool:
        """See Screen."""
        return self.page.undo()

    def save(self) -> None:
        """See Screen."""
        for page in self.pages:
            if page.unsaved:
                page.save()

    def discard(self) -> None:
        """See Screen."""
        for page in self.pages:
            if page.unsaved:
                page.discard()

    def language_changed(self) -> None:
        """See Screen."""
        for page in self.pages:
            page.language_changed()
        self.page.shown()

    def shots(self) -> Sequence[Shot]:
        """See Screen."""
        return [Shot(page.name, partial(self._photograph, page)) for page in self.pages]

    def _build(self) -> None:
        self.list.setAccessibleName(tr("Pages of the settings"))
        self.list.setProperty("look", "pages")
        self.list.setItemDelegate(PageDelegate(self._place.theme, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        left = QFrame()
        left.setProperty("look", "side")
        self._left = left
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 16, 12, 12)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._stack, 1)
        right.addWidget(self._make_bar())
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        row.addWidget(left)
        row.addLayout(right, 1)

    def _make_bar(self) -> QFrame:
        self.bar = QFrame()
        self.bar.setProperty("look", "dock")
        self.draft_text = label("", "strong")
        self.discard_button, self.save_button = QPushButton(tr("Discard")), QPushButton(tr("Save settings"))
        self.discard_button.clicked.connect(self.discard)
        self.save_button.setProperty("look", "primary")
        self.save_button.clicked.connect(self.save)
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(24, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.draft_text)
        row.addStretch()
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        return self.bar

    def _fill_list(self) -> None:
        for page in self.pages:
            item = QListWidgetItem(page.title)
            if page.is_saved:
                item.setData(SAVED_ROLE, True)
                item.setToolTip(tr("For everyone in the team; changes apply when they are saved"))
                item.setData(
                    Qt.ItemDataRole.AccessibleTextRole, tr("{page}, for the team, needs saving", page=page.title)
                )
            self.list.addItem(item)

    def _follow_theme(self) -> None:
        theme = self._place.theme
        self._left.setFixedWidth(theme.scaled(LIST_WIDTH))
        self.list.setIconSize(QSize(16, 16))
        for place, page in enumerate(self.pages):
            item = self.list.item(place)
            item.setSizeHint(QSize(0, theme.scaled(32)))
            item.setIcon(icon(theme, page.icon))

    def _show_page(self, row: int) -> None:
        if row < 0:
            return
        self._stack.setCurrentIndex(row)
        self.page.shown()
        self._show_draft()
        here = self._place.navigator.here
        if here is not None and here.screen == self.name:
            self._place.navigator.note(Address(self.name, self.page.name))

    def _filter(self, words: str) -> None:
        found = [page.filter(words) > 0 or page.matches_title(words) for page in self.pages]
        for place, is_found in enumerate(found):
            self.list.item(place).setHidden(not is_found)
        self.nothing.setText(tr("No setting matches “{words}”", words=words))
        self.nothing.setVisible(not any(found))
        if any(found) and not found[self._stack.currentIndex()]:
            self.list.setCurrentRow(found.index(True))

    def _enter_page(self) -> None:
        shown = [row for row in self.page.rows if not row.isHidden() and row.control is not None]
        if shown and shown[0].control is not None:
            shown[0].control.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_draft(self) -> None:
        count = self.unsaved
        self.draft_text.setText(trn("{count} unsaved setting", "{count} unsaved settings", count))
        self.bar.setVisible(count > 0)
        self.draft_changed.emit(count)

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _photograph(self, page: Page) -> None:
        self.list.setCurrentRow(self.pages.index(page))
