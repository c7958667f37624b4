"""Why a client's credit is what it is: entries per type, what is reserved for which batch, and the proof."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.client_ledger import MOVES, Explanation, type_text
from desktop_app.domain.language import tr, trn
from desktop_app.views.formats import count_text, date_text
from desktop_app.views.models.credit_texts import exact_money, signed_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import rule

WIDTH: Final = 480
MOST_HOLDS: Final = 12
# What it is, how it came about, the amount; "rule" for a line.
Line = tuple[str, str, str]


def explanation_lines(why: Explanation) -> list[Line]:
    """Return an explanation as lines; an empty one is a rule."""
    lines: list[Line] = []
    if why.since is not None:
        day = date_text(why.since.astimezone().date())
        lines.append((tr("Opening credit"), tr("before {day}", day=day), signed_text(why.opening)))
    for kind in MOVES:
        if kind in why.sums:
            count = trn("{count:,} entry", "{count:,} entries", why.counts.get(kind, 0))
            lines.append((type_text(kind), count, signed_text(why.sums[kind])))
    lines += [("", "", ""), (tr("Posted credit"), "", exact_money(why.posted, why.currency))]
    for hold in why.holds[:MOST_HOLDS]:
        sms = tr("batch {number} · {count} SMS", number=hold.batch_id, count=count_text(hold.sms))
        lines.append((tr("Reserved: {name}", name=hold.name), sms, signed_text(-hold.amount)))
    rest = why.holds[MOST_HOLDS:]
    if rest:
        amount = signed_text(-sum(hold.amount for hold in rest))
        lines.append((tr("Reserved"), trn("{count} more batch", "{count} more batches", len(rest)), amount))
    if why.balance.overdraft:
        lines.append((tr("Overdraft"), tr("may be used too"), signed_text(why.balance.overdraft)))
    available = why.posted - why.reserved + why.balance.overdraft
    lines += [("", "", ""), (tr("Available credit"), "", exact_money(available, why.currency))]
    return lines


def proof_text(why: Explanation) -> str:
    """Return what the independent audit says."""
    if why.is_proved:
        return trn(
            "Proved: the audit went over {count:,} entry of the books and found no contradiction.",
            "Proved: the audit went over {count:,} entries of the books and found no contradiction.", why.checked,
        )  # fmt: skip
    found = "; ".join(why.problems[:3]) or tr("entries and balance differ")
    return tr("Not proved: {found}. Run “sms-desk credit verify” and keep a backup.", found=found)


class ExplainDialog(QDialog):
    """Shows an explanation.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        name: the client.
        why: the explanation.
    """

    def __init__(self, place: Workplace, parent: QWidget, name: str, why: Explanation) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = tr("Credit of {name} explained", name=name)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.lines = explanation_lines(why)
        self.close_button = QPushButton(tr("Close"))
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        head = label(title, "title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        self.proof = label(proof_text(why), "small" if why.is_proved else "error")
        self.proof.setWordWrap(True)
        proof = QHBoxLayout()
        proof.setSpacing(8)
        image = ("shield-check", "success") if why.is_proved else ("shield-alert", "danger_icon")
        proof.addWidget(IconLabel(place.theme, *image), 0, Qt.AlignmentFlag.AlignTop)
        proof.addWidget(self.proof, 1)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(head)
        column.addWidget(self._table())
        column.addLayout(proof)
        column.addLayout(foot)

    def _table(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("form")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        total = False
        for row, (what, how, amount) in enumerate(self.lines):
            if not what:
                grid.addWidget(rule(), row, 0, 1, 3)
                total = True
                continue
            for column, (text, look) in enumerate(
                ((what, "strong" if total else "value"), (how, "facts"), (amount, "strong" if total else "value"))
            ):
                said = label(text, look)
                said.setTextFormat(Qt.TextFormat.PlainText)
                side = Qt.AlignmentFlag.AlignRight if column == 2 else Qt.AlignmentFlag.AlignLeft
                grid.addWidget(said, row, column, side | Qt.AlignmentFlag.AlignVCenter)
            total = False
        area = QScrollArea()
        area.setProperty("look", "plain")
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setMinimumHeight(min(inside.sizeHint().height() + 8, 420))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area
