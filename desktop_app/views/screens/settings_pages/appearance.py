"""Settings › Appearance: theme, size of text, density, motion, contrast."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.personal import LARGEST_TEXT, SMALLEST_TEXT, TEXT_STEP, USUAL_TEXT, Personal
from desktop_app.views.formats import whole_percent_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Row
from desktop_app.views.screens.settings_pages.personal_page import PersonalPage
from desktop_app.views.widgets.inputs import Segments, Switch
from desktop_app.views.widgets.notices import label


class AppearancePage(PersonalPage):
    """How everything looks; it changes at once."""

    name = "appearance"
    icon = "sun-moon"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.theme = Segments((("system", tr("Follow system")), ("light", tr("Light")), ("dark", tr("Dark"))))
        self.theme.chosen.connect(lambda: self.choose(tr("Theme changed"), theme=self.theme.value))
        self.density = Segments(
            (("compact", tr("Compact")), ("default", tr("Default")), ("relaxed", tr("Relaxed")))
        )  # fmt: skip
        self.density.chosen.connect(lambda: self.choose(tr("Density changed"), density=self.density.value))
        self.motion, self.contrast = Switch(), Switch()
        self.motion.clicked.connect(
            lambda on: self.choose(tr("Motion reduced") if on else tr("Motion switched on"), reduces_motion=on)
        )
        self.contrast.clicked.connect(
            lambda on: self.choose(
                tr("High contrast switched on") if on else tr("High contrast switched off"), high_contrast=on
            )
        )
        self.add_card(
            "",
            Row(tr("Theme"), "", self.theme, tr("colours night")),
            self._size_row(),
            Row(tr("Density of tables"), tr("How high the rows of tables are."), self.density, tr("row height")),
            Row(tr("Reduce motion"), tr("Panels and messages appear without moving or fading."), self.motion),
            Row(
                tr("High contrast"),
                tr("Stronger lines and captions. It is always on when the system asks for it."),
                self.contrast,
            ),
        )
        self.end()
        self.show_personal(place.parts.personal.values)

    @property
    def title(self) -> str:
        """See Page."""
        return tr("Appearance")

    def show_personal(self, personal: Personal) -> None:
        """See PersonalPage."""
        self.theme.show_value(personal.theme)
        self.density.show_value(personal.density)
        self.motion.setChecked(personal.reduces_motion)
        self.contrast.setChecked(personal.high_contrast)
        self.slider.blockSignals(True)
        self.slider.setValue(personal.text_size // TEXT_STEP)
        self.slider.blockSignals(False)
        self._show_size(self.slider.value())
        self.reset.setEnabled(personal.text_size != USUAL_TEXT)

    def _size_row(self) -> Row:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(SMALLEST_TEXT // TEXT_STEP, LARGEST_TEXT // TEXT_STEP)
        self.slider.setPageStep(1)
        # Everything is laid out anew at each size: only where the slider rests.
        self.slider.setTracking(False)
        self.slider.setFixedSize(160, 28)
        self.slider.sliderMoved.connect(self._show_size)
        self.slider.valueChanged.connect(self._choose_size)
        self.size_label = label("", "strong")
        self.size_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reset = QPushButton(tr("Reset"))
        self.reset.setAccessibleName(tr("Reset the size of text"))
        self.reset.clicked.connect(lambda: self._choose_size(USUAL_TEXT // TEXT_STEP))
        control = QWidget()
        row = QHBoxLayout(control)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for part in (self.slider, self.size_label, self.reset):
            row.addWidget(part)
        control.setFocusProxy(self.slider)
        title = tr("Size of text")
        self.slider.setAccessibleName(title)
        return Row(title, tr("Rows and buttons grow with it. Also with Ctrl++ and Ctrl+−."), control, tr("zoom font"))

    def _show_size(self, tens: int) -> None:
        self.size_label.setText(whole_percent_text(tens * TEXT_STEP))

    def _choose_size(self, tens: int) -> None:
        size = tens * TEXT_STEP
        self.choose(tr("Size of text: {size}%", size=size), text_size=size)
