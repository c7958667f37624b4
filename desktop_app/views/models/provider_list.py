"""The providers as a list: one card per account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.domain.language import tr, trn
from desktop_app.services.clock import Clock
from desktop_app.services.provider_records import ProviderState, ProviderSummary
from desktop_app.views.formats import MISSING, folded, plain_tip
from desktop_app.views.models.cell_looks import LOOK_ROLE, PLAIN
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.moments import moment_text, money_text

PROVIDER_ROLE: Final = LOOK_ROLE + 1
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
    if not provider.countries:
        return tr("No costs yet")
    facts = [trn("{count} country", "{count} countries", provider.countries)]
    if provider.costs_synced_at is not None:
        facts.append(tr("costs {when}", when=moment_text(provider.costs_synced_at, now)))
    return " · ".join(facts)


class ProviderListModel(RowsModel[ProviderSummary]):
    """The accounts that match the filter, in the order of their names; a filter looks at name, kind and address."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__((Heading(tr("Provider")),), parent, key=lambda provider: provider.provider_id)
        self._clock = clock

    def show_providers(self, providers: Sequence[ProviderSummary]) -> None:
        """Show these accounts."""
        self.show_rows([_row(one) for one in providers])

    def row_of(self, name: str) -> int:
        """Return the row of the account named ``name``, -1 when it is not shown."""
        return next((row for row in range(self.rowCount()) if self.record(row).name == name), -1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, what a screen reader says, or the account itself (PROVIDER_ROLE)."""
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        provider = self.record(index.row())
        if role == PROVIDER_ROLE:
            return provider
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(provider)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(provider.paused_reason or provider.last_error or "")
        return super().data(index, role)

    def _spoken(self, provider: ProviderSummary) -> str:
        parts = [provider.name, state_text(provider.state)]
        if provider.is_default:
            parts.append(tr("default provider"))
        if provider.balance is not None:
            parts.append(tr("credit {amount}", amount=balance_text(provider)))
        parts += [response_text(provider)] if provider.response_ms is not None else []
        parts.append(costs_text(provider, self._clock()))
        return ", ".join(parts)


def _row(provider: ProviderSummary) -> Row[ProviderSummary]:
    words = tuple(folded(part) for part in (provider.name, provider.label, provider.base_url))
    return Row(provider, (provider.name,), (PLAIN,), words)
