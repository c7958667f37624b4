"""How the screen is laid out: title row, the form at the left, the cost at the right, the footer with the primary button."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.dressing import redress
from desktop_app.views.screens.compose.client_field import ClientField
from desktop_app.views.screens.compose.cost_panel import CostPanel
from desktop_app.views.screens.compose.fallback_fields import FallbackFields
from desktop_app.views.screens.compose.invalid_table import InvalidTable
from desktop_app.views.screens.compose.message_field import MessageField
from desktop_app.views.screens.compose.recipients_box import RecipientsBox, ResultLine
from desktop_app.views.screens.compose.segment_meter import SegmentMeter
from desktop_app.views.screens.compose.suggestion_bar import SuggestionBar
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.focus_ring import FocusRing
from desktop_app.views.widgets.icon_widgets import IconButton, IconLabel, KeyButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import Banner, label
from desktop_app.views.widgets.pills import rule

_EDGE: Final = 20


class ComposeFrame(QWidget):
    """Every widget of the screen, in its place; what they do is the screen's.

    Args:
        theme: colours and sizes.
        countries: (ISO code, what it is called) of the countries to choose a default among.
        country_name: gives a country's name.
    """

    def __init__(self, theme: Theme, countries: list[tuple[str, str]], country_name: Callable[[str], str]) -> None:
        super().__init__()
        self.facts = label(tr("New draft"), "facts")
        self.drafts_button = KeyButton(theme, tr("Drafts"), image="file-text")
        self.test_button = KeyButton(theme, tr("Send test"), "Ctrl+T", image="smartphone")
        self.banner = Banner(theme)
        self.client = ClientField(theme)
        self.sender_field = Choice[str](())
        self.sender_facts = label("", "facts")
        self.country = Choice[str](countries)
        self.recipients, self.results = RecipientsBox(theme), ResultLine(theme)
        self.invalid = InvalidTable(theme)
        self.message, self.meter = MessageField(theme), SegmentMeter(theme)
        self.message_facts = label("", "facts")
        self.encoding, self.characters, self.segments = (
            label("", "facts"),
            label("", "facts"),
            label("", "strong-small"),
        )
        self.field_button = KeyButton(theme, tr("Insert field"), image="braces")
        self.fallbacks = FallbackFields()
        self.suggestion = SuggestionBar(theme)
        self.limit, self.warnings = label("", "warning"), label("", "warning")
        self.cost = CostPanel(theme, country_name)
        self.footer_image, self.footer_text = IconLabel(theme, "clock", "text3"), label("", "facts")
        self.now_button = IconButton(theme, "x", tr("Send at once instead"))
        self.schedule_button = KeyButton(theme, tr("Schedule"), image="calendar-clock")
        self.send_button = KeyButton(theme, tr("Review and send"), "Ctrl+Return")
        self.send_button.setProperty("look", "primary")
        self._build()
        theme.changed.connect(self._follow)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the form enough room."""
        super().resizeEvent(event)
        self.cost.fit_into(self.width())

    def show_footer(self, text: str, *, is_problem: bool, is_scheduled: bool) -> None:
        """Say something beside the primary button; ``is_scheduled`` offers to send at once instead."""
        self.footer_text.setText(text)
        self.footer_text.setProperty("look", "error" if is_problem else "facts")
        redress(self.footer_text)
        self.footer_image.set_image("circle-alert" if is_problem else "clock", "danger_icon" if is_problem else "text3")
        self.footer_image.setVisible(bool(text))
        self.now_button.setVisible(is_scheduled)

    def _follow(self) -> None:
        self.cost.fit_into(self.width())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 16, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._title_row())
        column.addSpacing(14)
        column.addWidget(rule())
        sides = QHBoxLayout()
        sides.setSpacing(0)
        sides.addWidget(self._form(), 1)
        sides.addWidget(self.cost)
        column.addLayout(sides, 1)
        column.addWidget(rule())
        column.addLayout(self._footer())
        self._order()

    def _order(self) -> None:
        """Let Tab go from client to recipients to message, as messages are written; mending and the rest come after."""
        results, invalid = self.results, self.invalid
        order = (
            self.drafts_button, self.test_button, self.client, self.sender_field, self.country, self.recipients.import_button,
            self.recipients.groups_button, self.recipients.field, self.message, self.field_button, self.suggestion.keep_button,
            self.suggestion.take_button, self.fallbacks, results.cancel_button, results.copy_button, results.remove_button,
            invalid.view, invalid.more, self.cost.table, self.cost.partial_button, self.cost.top_up_button, self.cost.all_button,
            self.now_button, self.schedule_button, self.send_button,
        )  # fmt: skip
        for first, second in pairwise(order):
            self.setTabOrder(first, second)

    def _title_row(self) -> QHBoxLayout:
        texts, row = QVBoxLayout(), QHBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Compose"), "title"))
        texts.addWidget(self.facts)
        row.setContentsMargins(_EDGE, 0, _EDGE, 0)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.drafts_button)
        row.addWidget(self.test_button)
        return row

    def _form(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("form")
        column = QVBoxLayout(inside)
        column.setContentsMargins(_EDGE, 14, _EDGE, 16)
        column.setSpacing(6)
        above = QVBoxLayout()
        above.setContentsMargins(0, 0, 0, 8)
        above.addWidget(self.banner)
        column.addLayout(above)
        column.addLayout(self._heads())
        column.addSpacing(8)
        column.addLayout(self._recipients_head())
        column.addWidget(self.recipients)
        column.addWidget(self.results)
        column.addWidget(self.invalid)
        column.addSpacing(8)
        head = QHBoxLayout()
        head.addWidget(_caption(tr("Message"), self.message))
        head.addStretch()
        head.addWidget(self.message_facts)
        column.addLayout(head)
        column.addWidget(self._message_box())
        for part in (self.limit, self.warnings, self.suggestion, self.fallbacks):
            column.addWidget(part)
        for line in (self.limit, self.warnings):
            line.setWordWrap(True)
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.hide()
        column.addStretch(1)
        area = QScrollArea()
        area.setProperty("look", "plain")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _heads(self) -> QHBoxLayout:
        self.sender_field.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sender_field.setMinimumContentsLength(10)
        self.sender_field.setProperty("look", "tall")
        row = QHBoxLayout()
        row.setSpacing(14)
        for stretch, text, part, facts in (
            (5, tr("Send on behalf of"), self.client, None),
            (4, tr("Sender ID"), self.sender_field, self.sender_facts),
        ):
            cell, head = QVBoxLayout(), QHBoxLayout()
            cell.setSpacing(6)
            head.addWidget(_caption(text, part))
            head.addStretch()
            if facts is not None:
                head.addWidget(facts)
            cell.addLayout(head)
            cell.addWidget(part)
            row.addLayout(cell, stretch)
        return row

    def _recipients_head(self) -> QHBoxLayout:
        self.country.setProperty("look", "plain")
        self.country.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.country.setMinimumContentsLength(16)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_caption(tr("Recipients"), self.recipients.field))
        row.addStretch()
        row.addWidget(_caption(tr("Default country"), self.country, "facts"))
        row.addWidget(self.country)
        return row

    def _message_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("look", "token-field")
        FocusRing(box, self.message)
        self.field_button.setProperty("look", "quiet")
        tools = QHBoxLayout()
        tools.setContentsMargins(4, 4, 10, 4)
        tools.setSpacing(12)
        tools.addWidget(self.field_button)
        tools.addStretch()
        for part in (self.encoding, self.characters, self.segments):
            tools.addWidget(part)
        writing = QVBoxLayout()
        writing.setContentsMargins(8, 8, 8, 8)
        writing.setSpacing(8)
        writing.addWidget(self.message)
        writing.addWidget(self.meter)
        column = QVBoxLayout(box)
        column.setContentsMargins(1, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(writing)
        column.addWidget(rule())
        column.addLayout(tools)
        return box

    def _footer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(_EDGE, 10, _EDGE, 10)
        row.setSpacing(8)
        row.addWidget(self.footer_image)
        row.addWidget(self.footer_text)
        row.addWidget(self.now_button)
        row.addStretch(1)
        row.addWidget(self.schedule_button)
        row.addWidget(self.send_button)
        return row


def _caption(text: str, buddy: QWidget, look: str = "field") -> QLabel:
    made = label(text, look)
    made.setBuddy(buddy)
    return made
