"""One job in detail: how far it is, what it costs, and the buttons that pause, resume and stop it."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QProgressBar, QPushButton, QVBoxLayout

from desktop_app.domain.language import tr
from desktop_app.domain.messages import BatchControl, MessageStatus
from desktop_app.services.batches import BatchState
from desktop_app.services.clock import Clock
from desktop_app.views.formats import MISSING, count_text, percent_text
from desktop_app.views.icons import button_icon
from desktop_app.views.models.job_rows import (
    amount_text,
    delivered_share,
    job_name,
    standing_of,
    standing_pill,
    standing_text,
)
from desktop_app.views.moments import exact_moment, start_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconButton
from desktop_app.views.widgets.inspector_parts import FactGrid
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import Pill, rule

WIDTH: Final = 360


class JobPanel(QFrame):
    """The inspector of the list of jobs; what its buttons do is the page's.

    Signals:
        closed: the person closed it.
    """

    closed = Signal()

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._clock, self._theme = clock, theme
        self.state: BatchState | None = None
        self.setObjectName("inspector")
        self.setFixedWidth(theme.scaled(WIDTH))
        self.name, self.client, self.standing = label("", "h2"), label("", "facts"), Pill(theme)
        self.close_button = IconButton(theme, "x", tr("Close details"), keys="Ctrl+I")
        self.bar, self.progress = QProgressBar(textVisible=False), label("", "facts")
        self.bar.setAccessibleName(tr("Progress of the job"))
        self.pause_button, self.resume_button = QPushButton(tr("Pause")), QPushButton(tr("Resume"))
        self.stop_button, self.again_button = QPushButton(tr("Stop…")), QPushButton()
        self.messages_button = QPushButton(tr("Show messages"))
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(tr("Text of the job"))
        self.text.setProperty("look", "quote")
        self.text.setFixedHeight(theme.scaled(96))
        self._values = {
            name: label("", "value") for name in ("sent", "flight", "waiting", "unsent", "delivered", "failed")
        }
        self._values |= {
            name: label("", "value") for name in ("cost", "returned", "by", "reason", "submitted", "starts")
        }
        self._build()
        for button in (self.pause_button, self.resume_button, self.stop_button, self.again_button):
            button.hide()
        self.close_button.clicked.connect(self.closed)
        theme.changed.connect(self._paint)
        self._paint()

    def show_state(self, state: BatchState) -> None:
        """Show a job as it stands now."""
        self.state = state
        line, counts, now = state.line, state.counts, self._clock()
        standing = standing_of(state, now)
        image, tint = standing_pill(standing)
        self.name.setText(job_name(line))
        self.client.setText(f"{line.client} · {line.sender} · #{line.batch_id}")
        self.standing.show_state(standing_text(standing), tint, image)
        self.bar.setRange(0, max(1, counts.all))
        self.bar.setValue(counts.all - counts.waiting - counts.by_status.get(MessageStatus.SENDING, 0))
        self.progress.setText(tr("{done:,} of {count:,} sent", done=counts.sent, count=counts.all))
        share = delivered_share(counts)
        texts = {
            "sent": count_text(counts.sent), "flight": count_text(counts.in_flight), "waiting": count_text(counts.waiting),
            "unsent": count_text(counts.not_sent), "failed": count_text(counts.failed),
            "delivered": MISSING if share is None else f"{count_text(counts.delivered)} · {percent_text(share)}",
            "cost": amount_text(counts.charged, line.currency), "returned": amount_text(counts.returned, line.currency),
            "by": line.actor, "reason": line.reason or MISSING, "submitted": exact_moment(line.created_at),
            "starts": start_text(line.send_at) if line.send_at is not None else tr("At once"),
        }  # fmt: skip
        for name, text in texts.items():
            self._values[name].setText(text)
        if self.text.toPlainText() != line.text:
            self.text.setPlainText(line.text)
        self._offer(state)

    def _offer(self, state: BatchState) -> None:
        control, counts = state.line.control, state.counts
        is_live = control is not BatchControl.STOPPED and counts.is_sending
        self.pause_button.setVisible(is_live and control is BatchControl.RUNNING)
        self.resume_button.setVisible(is_live and control is BatchControl.PAUSED)
        self.stop_button.setVisible(is_live)
        failed = sum(counts.by_status.get(status, 0) for status in _AGAIN)
        self.again_button.setText(tr("Send again to {count:,} failed", count=failed))
        self.again_button.setVisible(failed > 0)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 16, 12, 8)
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(2)
        for part in (self.name, self.client):
            part.setWordWrap(True)
            names.addWidget(part)
        head.addLayout(names, 1)
        head.addWidget(self.standing, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.pause_button, self.resume_button, self.stop_button):
            buttons.addWidget(button)
        buttons.addStretch()
        grid = FactGrid()
        for name, caption in (
            ("sent", tr("Sent")), ("flight", tr("In flight")), ("waiting", tr("Waiting")), ("unsent", tr("Not sent")),
            ("delivered", tr("Delivered")), ("failed", tr("Failed")), ("cost", tr("Cost so far")),
            ("returned", tr("Returned to credit")), ("starts", tr("Starts")), ("submitted", tr("Submitted")),
            ("by", tr("By")), ("reason", tr("Reason")),
        ):  # fmt: skip
            grid.add(caption, self._values[name])
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 4, 16, 12)
        inside.setSpacing(10)
        inside.addWidget(self.bar)
        inside.addWidget(self.progress)
        inside.addLayout(buttons)
        inside.addWidget(rule())
        inside.addLayout(grid)
        inside.addWidget(self.text)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.messages_button)
        foot.addWidget(self.again_button)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(inside)
        column.addStretch()
        column.addWidget(rule())
        column.addLayout(foot)

    def _paint(self) -> None:
        for button, image in ((self.pause_button, "pause"), (self.resume_button, "play")):
            button.setIcon(button_icon(self._theme, image))


_AGAIN: Final = (MessageStatus.UNDELIVERED, MessageStatus.EXPIRED, MessageStatus.REJECTED)


def stopped_text(state: BatchState) -> str:
    """Return what stopping came to: "Stopped. 906 sent, 12 in flight, 334 not sent, €111.36 returned to credit"."""
    counts = state.counts
    figures = {"sent": counts.sent, "flight": counts.in_flight, "unsent": counts.not_sent}
    money = amount_text(counts.returned, state.line.currency)
    if not counts.in_flight:
        return tr("Stopped. {sent:,} sent, {unsent:,} not sent, {money} returned to credit", money=money, **figures)
    return tr(
        "Stopped. {sent:,} sent, {flight:,} in flight, {unsent:,} not sent, {money} returned to credit", money=money,
        **figures,
    )  # fmt: skip
