"""The clients of the list at the left: chips, order, and what each says."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.domain.language import tr, trn
from desktop_app.services.client_accounts import ClientState, ClientSummary, running_dry
from desktop_app.views.formats import count_text, folded
from desktop_app.views.models.cell_looks import LOOK_ROLE, PLAIN
from desktop_app.views.models.credit_texts import credit_text, days_text
from desktop_app.views.models.record_rows import Heading, Row, RowsModel

CLIENT_ROLE: Final = LOOK_ROLE + 1
SOON_DAYS: Final = 7
Index = QModelIndex | QPersistentModelIndex


class ClientChip(StrEnum):
    """Which clients are shown."""

    ALL = "all"
    LOW = "low"
    DRY = "dry"
    OVERDRAWN = "overdrawn"
    PAUSED = "paused"
    ARCHIVED = "archived"


class ClientOrder(StrEnum):
    """In which order they are shown."""

    NAME = "name"
    DAYS = "days"
    CREDIT = "credit"
    USED = "used"


STATE_LOOKS: Final = {
    ClientState.ACTIVE: ("success", "circle-check"), ClientState.LOW: ("warning", "triangle-alert"),
    ClientState.OVERDRAWN: ("danger", "circle-alert"), ClientState.PAUSED: ("neutral", "pause"),
    ClientState.ARCHIVED: ("neutral", "archive"),
}  # fmt: skip


def state_text(state: ClientState) -> str:
    """Return what a person calls a state."""
    return {
        ClientState.ACTIVE: tr("Active"), ClientState.LOW: tr("Low"), ClientState.OVERDRAWN: tr("Overdrawn"),
        ClientState.PAUSED: tr("Paused"), ClientState.ARCHIVED: tr("Archived"),
    }[state]  # fmt: skip


def chip_text(chip: ClientChip) -> str:
    """Return what a chip says."""
    return {
        ClientChip.ALL: tr("All"), ClientChip.LOW: tr("Low"), ClientChip.DRY: tr("Dry soon"),
        ClientChip.OVERDRAWN: tr("Overdrawn"), ClientChip.PAUSED: tr("Paused"), ClientChip.ARCHIVED: tr("Archived"),
    }[chip]  # fmt: skip


def order_text(order: ClientOrder) -> str:
    """Return what a person calls an order."""
    return {
        ClientOrder.NAME: tr("By name"), ClientOrder.DAYS: tr("By days left"), ClientOrder.CREDIT: tr("By credit"),
        ClientOrder.USED: tr("By use in 30 days"),
    }[order]  # fmt: skip


def chosen(clients: Sequence[ClientSummary], chip: ClientChip) -> list[ClientSummary]:
    """Return the clients of a chip, in the order of their names; those that run dry by the days that are left."""
    if chip is ClientChip.ARCHIVED:
        return [one for one in clients if one.state is ClientState.ARCHIVED]
    if chip is ClientChip.DRY:
        return running_dry(clients, SOON_DAYS)
    present = [one for one in clients if one.state is not ClientState.ARCHIVED]
    tests: Mapping[ClientChip, Callable[[ClientSummary], bool]] = {
        ClientChip.ALL: lambda _one: True,
        ClientChip.LOW: lambda one: one.is_low,
        ClientChip.OVERDRAWN: lambda one: one.credit < 0,
        ClientChip.PAUSED: lambda one: one.client.paused,
    }
    return [one for one in present if tests[chip](one)]


def ordered(clients: Sequence[ClientSummary], order: ClientOrder) -> list[ClientSummary]:
    """Return clients in an order; those of which nothing is known come last."""
    if order is ClientOrder.DAYS:
        return sorted(clients, key=lambda one: (one.days_left is None, one.days_left or 0, one.credit))
    if order is ClientOrder.CREDIT:
        return sorted(clients, key=lambda one: one.credit)
    return sorted(clients, key=lambda one: -one.used) if order is ClientOrder.USED else list(clients)


class ClientListModel(RowsModel[ClientSummary]):
    """The clients of a chip that match what is typed; a search looks at name and e-mail address."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((Heading(tr("Client")),), parent, key=lambda one: one.client.client_id)
        self._clients: tuple[ClientSummary, ...] = ()
        self._volumes: Mapping[int, int] = {}
        self.chip, self.order = ClientChip.ALL, ClientOrder.NAME

    @property
    def clients(self) -> tuple[ClientSummary, ...]:
        """Every client, shown or not."""
        return self._clients

    def show_clients(self, clients: Sequence[ClientSummary]) -> None:
        """Know these clients."""
        self._clients = tuple(clients)
        self._arrange()

    def show_volumes(self, volumes: Mapping[int, int]) -> None:
        """Know how much each sent in thirty days, by client id."""
        self._volumes = volumes
        self._arrange()

    def arrange(self, chip: ClientChip, order: ClientOrder) -> None:
        """Show the clients of another chip, or in another order."""
        self.chip, self.order = chip, order
        self._arrange()

    def count(self, chip: ClientChip) -> int:
        """Return how many clients a chip has."""
        return len(chosen(self._clients, chip))

    def row_of(self, name: str) -> int:
        """Return the row of the client named ``name``, -1 when it is not shown."""
        wanted = folded(name)
        return next((row for row in range(self.rowCount()) if folded(self.record(row).name) == wanted), -1)

    def facts(self, one: ClientSummary) -> str:
        """Return the line under a client's name: what it sends, and how long its credit lasts when that is not long."""
        sent, left = count_text(self._volumes.get(one.client.client_id, 0)), one.days_left
        if left is None or left > SOON_DAYS or one.credit < 0:
            return tr("{count} SMS / 30 d", count=sent)
        return tr("{count} SMS · lasts {days}", count=sent, days=days_text(left))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, what a screen reader says, or the client itself (CLIENT_ROLE)."""
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        one = self.record(index.row())
        if role == CLIENT_ROLE:
            return one
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(one)
        return super().data(index, role)

    def _arrange(self) -> None:
        # Those that run dry are sorted already.
        order = ClientOrder.DAYS if self.chip is ClientChip.DRY else self.order
        self.show_rows([_row(one) for one in ordered(chosen(self._clients, self.chip), order)])

    def _spoken(self, one: ClientSummary) -> str:
        credit = tr("credit {amount}", amount=credit_text(one.credit, one.balance.currency))
        parts = [one.name, credit, self.facts(one)]
        if one.state is not ClientState.ACTIVE:
            parts.insert(1, state_text(one.state))
        return ", ".join(parts)


def _row(one: ClientSummary) -> Row[ClientSummary]:
    words = tuple(folded(part) for part in (one.name, one.client.email or ""))
    return Row(one, (one.name,), (PLAIN,), words)


def total_text(clients: Sequence[ClientSummary]) -> str:
    """Return the facts of the screen: how many clients, their credit per currency, and how many are low."""
    present = [one for one in clients if one.state is not ClientState.ARCHIVED]
    sums: dict[str, int] = {}
    for one in present:
        sums[one.balance.currency] = sums.get(one.balance.currency, 0) + one.credit
    facts = [trn("{count:,} client", "{count:,} clients", len(present))]
    totals = " + ".join(credit_text(total, code) for code, total in sorted(sums.items()))
    facts += [tr("{amount} total credit", amount=totals)] if totals else []
    low = sum(one.is_low for one in present)
    facts += [trn("{count} below its alert level", "{count} below their alert level", low)] if low else []
    return " · ".join(facts)
