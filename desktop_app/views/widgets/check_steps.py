"""The steps of a connection test, each with its result."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout

from desktop_app.domain.language import tr
from desktop_app.services.provider_checks import STEPS, Check, Step, StepState
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label

_IMAGES: Final = {
    StepState.PASSED: ("circle-check", "success_icon"),
    StepState.FAILED: ("circle-x", "danger_icon"),
    StepState.SKIPPED: ("circle-dashed", "text3"),
}


def step_text(step: Step) -> str:
    """Return what a step is called."""
    return {
        Step.ADDRESS: tr("Address found"), Step.LOGIN: tr("Login"), Step.BALANCE: tr("Balance"), Step.PRICES: tr("Prices"),
    }[step]  # fmt: skip


class CheckSteps(QFrame):
    """Shows how far a test went; under the steps the first failure in plain words, with what to do."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("bulk")
        self._marks: dict[Step, IconLabel] = {}
        self._results: dict[Step, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for row, step in enumerate(STEPS):
            self._marks[step] = IconLabel(theme, "circle-dashed", "text3")
            self._results[step] = label("", "facts")
            grid.addWidget(self._marks[step], row, 0)
            grid.addWidget(QLabel(step_text(step)), row, 1)
            grid.addWidget(self._results[step], row, 2, Qt.AlignmentFlag.AlignRight)
        self._problem, self._advice = label("", "error"), label("", "facts")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(grid)
        for part in (self._problem, self._advice):
            part.setWordWrap(True)
            part.hide()
            column.addWidget(part)

    @property
    def problem(self) -> str:
        """The first failure and the advice, "" without one."""
        return f"{self._problem.text()} {self._advice.text()}".strip()

    def result(self, step: Step) -> str:
        """Return what is said of a step."""
        return self._results[step].text()

    def reset(self) -> None:
        """Show that nothing was tried."""
        for step in STEPS:
            self._marks[step].set_image("circle-dashed", "text3")
            self._results[step].setText("")
        self._explain("", "")

    def show_running(self, done: int) -> None:
        """Show that the step number ``done`` is being tried."""
        for place, step in enumerate(STEPS):
            if place == done:
                self._marks[step].set_image("loader-circle", "accent_text")
                self._results[step].setText(tr("trying …"))
            elif place < done:
                self._marks[step].set_image(*_IMAGES[StepState.PASSED])
                self._results[step].setText("")

    def show_check(self, check: Check) -> None:
        """Show how every step ended, and say it to a screen reader."""
        for one in check.steps:
            self._marks[one.step].set_image(*_IMAGES[one.state])
            failed = one.state is StepState.FAILED
            text = tr("failed") if failed else one.detail
            self._results[one.step].setText(text or tr("not tried"))
        failure = check.failure
        self._explain(*(("", "") if failure is None else (failure.detail, failure.advice)))
        said = tr("The test passed.") if check.passed else self.problem
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def show_problem(self, text: str) -> None:
        """Say why nothing could be tried."""
        self.reset()
        self._explain(text, "")

    def _explain(self, problem: str, advice: str) -> None:
        for part, text in ((self._problem, problem), (self._advice, advice)):
            part.setText(text)
            part.setVisible(bool(text))
