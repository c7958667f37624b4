"""The providers as a list: one card per account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.domain.language import tr, trn
from desktop_app.services.clock import Clock
from desktop_app.services.provider_records import ProviderState, ProviderSummary
from desktop_app.views.formats import MISSING, folded
from desktop_app.views.moments import moment_text, money_text

PROVIDER_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def state_text(state: ProviderState) -> str:
    """Return what a person calls a state."""
    return {
        ProviderState.WORKING: tr("Working"), ProviderState.SLOW: tr("Slow"), ProviderState.FAILING: tr("Failing"),
        ProviderState.NO_CREDIT: tr("No credit"), ProviderState.PAUSED: tr("Paused"),
        ProviderState.TEST_ONLY: tr("Test only"), ProviderState.UNTESTED: tr("Not tested"),
    }[state]  # fmt: skip


STATE_LOOKS: Final = {
    ProviderState.WORKING: ("success", "circle-check"), ProviderState.SLOW: ("warning", "hourglass"),
    ProviderState.FAILING: ("danger", "circle-alert"), ProviderState.NO_CREDIT: ("danger", "wallet"),
    ProviderState.PAUSED: ("neutral", "pause"), ProviderState.TEST_ONLY: ("info", "flask-conical"),
    ProviderState.UNTESTED: ("neutral", "circle-dashed"),
}  # fmt: skip


def response_text(provider: ProviderSummary) -> str:
    """Return how fast the last answer came ("148 ms"); "–" before the first."""
    return MISSING if provider.response_ms is None else tr("{count} ms", count=provider.response_ms)


def balance_text(provider: ProviderSummary) -> str:
    """Return the money at the provider ("€4,210.40"); "–" before it told."""
    return MISSING if provider.balance is None else money_text(provider.balance.amount, provider.balance.currency)


def told_text(provider: ProviderSummary, now: datetime) -> str:
    """Return how old the balance is, "" before it was told."""
    return "" if provider.answered_at is None else tr("told {when}", when=moment_text(provider.answered_at, now))


def costs_text(provider: ProviderSummary, now: datetime) -> str:
    """Return how many countries it has costs for, and how old these are."""
    facts = [trn("{count} country", "{count} countries", provider.countries)]
    if provider.costs_synced_at is not None:
        facts.append(tr("costs {when}", when=moment_text(provider.costs_synced_at, now)))
    return " · ".join(facts)


class ProviderListModel(QAbstractListModel):
    """The accounts that match the filter, in the order of their names."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._all: tuple[ProviderSummary, ...] = ()
        self._shown: list[ProviderSummary] = []
        self._text = ""

    def show_providers(self, providers: Sequence[ProviderSummary]) -> None:
        """Show these accounts; where the same ones stay, only what they say changes."""
        self._all = tuple(providers)
        found = self._found()
        if [one.provider_id for one in found] == [one.provider_id for one in self._shown] and found:
            self._shown = found
            self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
            return
        self.beginResetModel()
        self._shown = found
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show the accounts whose name, kind or address contains ``text``."""
        self._text = folded(text)
        self.beginResetModel()
        self._shown = self._found()
        self.endResetModel()

    @property
    def total(self) -> int:
        """How many accounts there are, shown or not."""
        return len(self._all)

    def provider(self, row: int) -> ProviderSummary:
        """Return the account of a row."""
        return self._shown[row]

    def row_of(self, name: str) -> int:
        """Return the row of the account named ``name``, -1 when it is not shown."""
        return next((row for row, one in enumerate(self._shown) if one.name == name), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many accounts are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, what a screen reader says, or the account itself (PROVIDER_ROLE)."""
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        provider = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return provider.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(provider)
        if role == Qt.ItemDataRole.ToolTipRole:
            return provider.paused_reason or provider.last_error
        return provider if role == PROVIDER_ROLE else None

    def _found(self) -> list[ProviderSummary]:
        return [
            one for one in self._all if any(self._text in folded(part) for part in (one.name, one.label, one.base_url))
        ]

    def _spoken(self, provider: ProviderSummary) -> str:
        parts = [provider.name, state_text(provider.state)]
        if provider.is_default:
            parts.append(tr("default provider"))
        if provider.balance is not None:
            parts.append(tr("credit {amount}", amount=balance_text(provider)))
        parts += [response_text(provider)] if provider.response_ms is not None else []
        parts.append(costs_text(provider, self._clock()))
        return ", ".join(parts)
