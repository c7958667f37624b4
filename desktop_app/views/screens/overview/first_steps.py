"""The first steps of a fresh team: what is done, and a way to each."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.overview import FirstSteps
from desktop_app.views.dressing import redress
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import close_button, label


class StepsCard(QFrame):
    """The steps in one row.

    Signals:
        wanted: the address of a step.
        dismissed: the person does not want to see them any more.
    """

    wanted = Signal(str)
    dismissed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.close_button = close_button(theme, tr("Hide the first steps"))
        self.close_button.clicked.connect(self.dismissed)
        self.facts = label("", "facts")
        head = QHBoxLayout()
        head.addWidget(label(tr("First steps"), "h2"))
        head.addWidget(self.facts)
        head.addStretch()
        head.addWidget(self.close_button)
        self.buttons: dict[str, QPushButton] = {}
        self._marks: dict[str, IconLabel] = {}
        steps = QHBoxLayout()
        steps.setSpacing(12)
        for name, text, address in _steps():
            steps.addWidget(self._step(name, text, address), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(steps)

    def show_steps(self, steps: FirstSteps) -> None:
        """Tick what is done."""
        done = {name: bool(getattr(steps, name)) for name in self.buttons}
        for name, mark in self._marks.items():
            mark.set_image("circle-check" if done[name] else "circle-dashed", "success_icon" if done[name] else "text3")
            self.buttons[name].setAccessibleDescription(tr("done") if done[name] else tr("not done yet"))
            self.buttons[name].setProperty("look", "")
        following = next((name for name, is_done in done.items() if not is_done), "")
        for name, button in self.buttons.items():
            button.setProperty("look", "primary" if name == following else "")
            redress(button)
        self.facts.setText(tr("{done} of {count}", done=sum(done.values()), count=len(done)))

    def _step(self, name: str, text: str, address: str) -> QWidget:
        box = QWidget()
        self._marks[name], self.buttons[name] = IconLabel(self._theme, "circle-dashed", "text3", 18), QPushButton(text)
        self.buttons[name].clicked.connect(partial(self.wanted.emit, address))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._marks[name], 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.buttons[name], 1)
        return box


def _steps() -> tuple[tuple[str, str, str], ...]:
    return (
        ("provider", tr("Connect provider"), "providers?add=1"), ("prices", tr("Review prices"), "prices"),
        ("client", tr("Add client"), "clients?add=1"), ("sent", tr("Send a test"), "compose"),
    )  # fmt: skip
