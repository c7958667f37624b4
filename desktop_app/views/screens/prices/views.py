"""Views that a person saved: what is filtered, what sorts, which columns; in a menu and in the palette."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from desktop_app.domain.language import tr
from desktop_app.views.commands import Offer
from desktop_app.views.dialogs.bulk_dialogs import NameDialog
from desktop_app.views.models.price_columns import HIDDEN, Column
from desktop_app.views.models.saved_views import SavedView, keep_views, kept_views
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices.filters import FilterBar
from desktop_app.views.widgets.price_view import PriceView

MOST: Final = 50


class SavedViews(QObject):
    """Shows, saves and deletes the views of one person.

    Args:
        place: the workplace.
        filters: what is filtered; its button gets the menu.
        table: whose columns and sorting belong to a view.
        sort_usually: sorts the table as it is without a view.
    """

    def __init__(
        self, place: Workplace, filters: FilterBar, table: PriceView, sort_usually: Callable[[], object]
    ) -> None:
        super().__init__(table)
        self._place, self._filters, self._table, self._sort_usually = place, filters, table, sort_usually
        self.dialog: NameDialog | None = None
        self.menu = QMenu(filters.views)
        self.menu.aboutToShow.connect(self.fill)
        filters.views.setMenu(self.menu)
        place.commands.offer(self._offers)

    @property
    def views(self) -> list[SavedView]:
        """The views by name; what is not understood is left out."""
        return kept_views(self._place.parts.personal)

    def show(self, name: str) -> bool:
        """Show a view and return whether there is one of that name."""
        view = self._named(name)
        if view is None:
            return False
        self._table.take_arrangement(view.arrangement)
        self._table.take_sorting(view.arrangement)
        self._filters.show_query(view.query)
        self._table.setFocus()
        return True

    def show_usual(self) -> None:
        """Show everything in the usual columns and order."""
        self._table.arrange(list(Column), {*HIDDEN, Column.MARKUP})
        self._sort_usually()
        self._filters.clear()
        self._table.setFocus()

    def ask_name(self) -> None:
        """Ask what the view on screen is to be called, and keep it."""
        detail = tr("Filters, columns and their order are kept for you on this computer.")
        self.dialog = NameDialog(
            self._place, (tr("Save view"), detail, tr("Save view"), tr("Replaces the view of this name.")), "",
            [view.name for view in self.views], self._table.window(),
        )  # fmt: skip
        self.dialog.named.connect(self.save)
        self.dialog.open()

    def save(self, name: str) -> None:
        """Keep what is on screen under a name, and say so; that can be undone."""
        former = self._named(name)
        self.keep(name)
        self._say(tr("View {name} saved", name=name), name, former)

    def keep(self, name: str) -> None:
        """Keep what is on screen under a name; a view of this name is replaced."""
        self._put(SavedView(name, dict(self._filters.query), self._table.arrangement()))

    def delete(self, name: str) -> None:
        """Forget a view, and say so; that can be undone."""
        former = self._named(name)
        self.forget(name)
        self._say(tr("View {name} deleted", name=name), name, former)

    def forget(self, name: str) -> None:
        """Forget a view."""
        self._store([one for one in self.views if one.name.casefold() != name.casefold()])

    def fill(self) -> None:
        """Say in the menu what there is; the view on screen is marked."""
        self.menu.clear()
        views, query, here = self.views, dict(self._filters.query), self._table.arrangement()
        for view in views:
            action = self.menu.addAction(_literal(view.name))
            action.setCheckable(True)
            action.setChecked(dict(view.query) == query and _same(view.arrangement, here))
            action.triggered.connect(_quietly(partial(self.show, view.name)))
        if not views:
            self.menu.addAction(tr("No saved views yet")).setEnabled(False)
        self.menu.addSeparator()
        self.menu.addAction(tr("Usual view")).triggered.connect(_quietly(self.show_usual))
        self.menu.addAction(tr("Save view…")).triggered.connect(_quietly(self.ask_name))
        if views:
            deleting = self.menu.addMenu(tr("Delete view"))
            for view in views:
                deleting.addAction(_literal(view.name)).triggered.connect(_quietly(partial(self.delete, view.name)))

    def _offers(self, typed: str) -> Iterable[Offer]:
        if not typed.strip():
            return []
        return [
            Offer(view.name, tr("Saved view of the prices"), Address("prices", query={"view": view.name}).text, "bookmark",
                  words="view prices filter")
            for view in self.views
        ]  # fmt: skip

    def _named(self, name: str) -> SavedView | None:
        return next((one for one in self.views if one.name.casefold() == name.casefold()), None)

    def _put(self, view: SavedView) -> None:
        others = [one for one in self.views if one.name.casefold() != view.name.casefold()]
        self._store([*others[: MOST - 1], view])

    def _say(self, text: str, name: str, former: SavedView | None) -> None:
        undo = partial(self.forget, name) if former is None else partial(self._put, former)
        self._place.notices.say(text, tr("Undo"), undo)

    def _store(self, views: Iterable[SavedView]) -> None:
        keep_views(self._place.parts.personal, views)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(part) == other.get(part) for part in ("order", "hidden", "sorting"))


def _literal(name: str) -> str:
    return name.replace("&", "&&")


def _quietly(run: Callable[[], object]) -> Callable[[bool], None]:
    def called(_checked: bool) -> None:
        run()

    return called
