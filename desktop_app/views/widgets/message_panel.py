"""One message in detail: where it stands and why, its way to the phone, its price, and the reports as they came."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr, trn
from desktop_app.domain.messages import Bucket, MessageStatus, bucket_of
from desktop_app.views.dressing import redress
from desktop_app.views.formats import count_text
from desktop_app.views.models.message_texts import MARKS, number_text, status_text
from desktop_app.views.models.message_timeline import MessageStory, Step
from desktop_app.views.moments import exact_moment, unit_price_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconButton, IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import Pill, rule

WIDTH: Final = 360
_RAW_HEIGHT: Final = 150
_LONG: Final = 24


class Steps(QWidget):
    """The way of a message, one step below the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.texts: list[str] = []

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        _clear(self._column)
        self.texts = [
            " · ".join(part for part in (step.title, step.detail, step.at, step.after) if part) for step in steps
        ]
        for step, text in zip(steps, self.texts, strict=True):
            row = self._row(step)
            row.setAccessibleName(text)
            self._column.addWidget(row)

    def _row(self, step: Step) -> QFrame:
        frame = QFrame()
        line = QHBoxLayout(frame)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(IconLabel(self._theme, step.icon, step.tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        title = label(step.title, "strong" if step.at else "facts")
        title.setWordWrap(True)
        texts.addWidget(title)
        if step.detail:
            detail = label(step.detail, "facts")
            detail.setWordWrap(True)
            texts.addWidget(detail)
        texts.addStretch()
        line.addLayout(texts, 1)
        times = QVBoxLayout()
        times.setSpacing(1)
        times.addWidget(label(step.at, "facts"), 0, Qt.AlignmentFlag.AlignRight)
        if step.after:
            times.addWidget(label(f"+ {step.after}", "caption"), 0, Qt.AlignmentFlag.AlignRight)
        times.addStretch()
        line.addLayout(times)
        return frame


class MessagePanel(QFrame):
    """The inspector of the list of messages.

    Signals:
        closed: the person closed it.
        job_wanted: the id of the batch that the person wants to see.
    """

    closed = Signal()
    job_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.story: MessageStory | None = None
        self.setObjectName("inspector")
        self.setFixedWidth(theme.scaled(WIDTH))
        self.number, self.client = label("", "h2"), label("", "facts")
        self.status = Pill(theme)
        self.close_button = IconButton(theme, "x", tr("Close details"), keys="Ctrl+I")
        self.failure, self.advice, self.code = label("", "strong"), label("", "facts"), label("", "facts")
        self._note, self._note_image = QFrame(), IconLabel(theme, "circle-alert", "danger_icon")
        self.steps = Steps(theme)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(tr("Text of the message"))
        self.text.setProperty("look", "quote")
        self._facts, self._price = QGridLayout(), QGridLayout()
        self.job_button = QPushButton()
        self.job_button.setProperty("look", "link")
        self.raw_button = QPushButton(tr("Reports as they came"))
        self.raw_button.setProperty("look", "fold")
        self.raw_button.setCheckable(True)
        self.raw = QPlainTextEdit(readOnly=True)
        self.raw.setAccessibleName(tr("Reports as they came"))
        self.raw.setProperty("look", "code")
        self.raw.setFixedHeight(_RAW_HEIGHT)
        self.raw.hide()
        self.check_button, self.again_button = QPushButton(tr("Check status now")), QPushButton(tr("Send again"))
        self.decide_button = QPushButton(tr("Decide…"))
        self._build()
        self._parts: tuple[QWidget, ...] = (
            self.status, self._note, self.text, self.job_button, self.raw_button, self.raw, self.decide_button,
            self.check_button, self.again_button,
        )  # fmt: skip
        for part in self._parts:
            part.hide()
        self.close_button.clicked.connect(self.closed)
        self.raw_button.toggled.connect(self.raw.setVisible)
        self.job_button.clicked.connect(self._open_job)

    def show_story(self, story: MessageStory) -> None:
        """Show a message."""
        self.story = story
        line = story.line
        image, tint = MARKS[line.status]
        self.number.setText(number_text(line.to))
        self.client.setText(f"{line.client} · {line.sender}")
        self.status.show_state(status_text(line.status), tint, image)
        for part in (self._area, self.status, self.text, self.job_button, self.check_button):
            part.show()
        self._show_note(story)
        self.steps.show_steps(story.steps)
        self.text.setPlainText(line.text)
        self._fit_text()
        self._show_facts(story)
        self.raw.setPlainText("\n\n".join(story.raw))
        self.raw_button.setVisible(bool(story.raw))
        self.raw.setVisible(self.raw_button.isChecked() and bool(story.raw))
        self.decide_button.setVisible(line.status is MessageStatus.UNKNOWN)
        # What may still arrive is not offered to be sent twice.
        self.again_button.setVisible(bucket_of(line.status) is not Bucket.WAITING)

    def show_nothing(self) -> None:
        """Show no message: none is in the list."""
        self.story = None
        for line in (self.number, self.client):
            line.setText("")
        self.steps.show_steps(())
        for grid in (self._facts, self._price):
            _clear(grid)
        for part in (*self._parts, self._area):
            part.hide()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.number)
        names.addWidget(self.client)
        head.addLayout(names, 1)
        self.status.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        head.addWidget(self.status, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.client.setWordWrap(True)
        inside = QWidget()
        inside.setObjectName("facts")
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(12)
        column.addWidget(self._build_note())
        column.addWidget(self.steps)
        column.addWidget(rule())
        column.addWidget(self.text)
        column.addLayout(self._facts)
        column.addWidget(self.job_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(rule())
        column.addLayout(self._price)
        column.addWidget(self.raw_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.raw)
        column.addStretch()
        area = self._area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 10, 16, 12)
        buttons.setSpacing(8)
        for button in (self.decide_button, self.check_button, self.again_button):
            buttons.addWidget(button)
        buttons.addStretch()
        head.setContentsMargins(16, 16, 12, 8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(area, 1)
        outer.addStretch()
        outer.addWidget(rule())
        outer.addLayout(buttons)
        for grid in (self._facts, self._price):
            grid.setHorizontalSpacing(12)
            grid.setVerticalSpacing(6)
            grid.setColumnStretch(1, 1)

    def _build_note(self) -> QFrame:
        texts = QVBoxLayout()
        texts.setSpacing(3)
        for part in (self.failure, self.advice, self.code):
            part.setWordWrap(True)
            texts.addWidget(part)
        row = QHBoxLayout(self._note)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(8)
        row.addWidget(self._note_image, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        return self._note

    def _show_note(self, story: MessageStory) -> None:
        failure = story.failure
        self._note.setVisible(failure is not None)
        if failure is None:
            return
        _image, tint = MARKS[story.line.status]
        look = "danger" if tint == "danger" else "warning"
        self._note.setProperty("look", f"banner-{look}")
        redress(self._note)
        self._note_image.set_image("circle-alert", f"{look}_icon")
        self.failure.setText(failure.what)
        again = tr("Next look-up: {time}.", time=story.checked_next) if story.checked_next else ""
        self.advice.setText(" ".join(part for part in (failure.advice, again) if part))
        self.advice.setVisible(bool(self.advice.text()))
        self.code.setText(f"({story.code})" if story.code else "")
        self.code.setVisible(bool(story.code))

    def _show_facts(self, story: MessageStory) -> None:
        line = story.line
        price = unit_price_text(line.price, line.currency)
        segments = trn("{count:,} segment", "{count:,} segments", line.segments)
        facts = [
            (tr("Country"), story.country), (tr("Price"), f"{price} · {segments}"), (tr("Provider"), line.provider),
            (tr("ID"), f"#{line.message_id}"),
        ]  # fmt: skip
        facts += [(tr("ID at the provider"), sid) for sid in story.sids]
        facts.append((tr("Submitted"), exact_moment(line.created_at)))
        _fill(self._facts, facts)
        _fill(self._price, story.price_facts)
        self.job_button.setText(tr("Show job {number}", number=f"#{count_text(line.batch_id)}"))

    def _fit_text(self) -> None:
        lines = self.text.document().size().height()
        self.text.setFixedHeight(int(min(max(lines, 2), 8) * self.text.fontMetrics().lineSpacing()) + 24)

    def _open_job(self) -> None:
        if self.story is not None:
            self.job_wanted.emit(self.story.line.batch_id)


def _fill(grid: QGridLayout, facts: Sequence[tuple[str, str]]) -> None:
    _clear(grid)
    for row, (name, text) in enumerate(facts):
        # A provider's id has no blanks to break at.
        value = label(text, "value") if " " in text or len(text) < _LONG else ElidedLabel("value")
        value.setText(text)
        value.setWordWrap(" " in text)
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(label(name, "facts"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, row, 1)


def _clear(layout: QGridLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
