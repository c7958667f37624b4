"""Where a key is kept when this computer has no safe place of its own: the vault, or memory until the program ends."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout

from desktop_app.domain.language import tr
from desktop_app.services.provider_records import Keeping
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label


class KeepingChoice(QFrame):
    """A warning with two ways out; hidden while a keyring or an open vault takes the key. ``changed`` when one is taken."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "banner-warning")
        self._title, self._why = label("", "strong"), label("", "facts")
        self._why.setWordWrap(True)
        self.in_vault, self.in_session = QRadioButton(), QRadioButton(tr("Keep for this session only"))
        self.passphrase = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("Passphrase of the vault"))
        self.passphrase.setPlaceholderText(tr("Passphrase"))
        texts = QVBoxLayout()
        texts.setSpacing(6)
        for part in (self._title, self._why, self.in_vault, self.passphrase, self.in_session):
            texts.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, "shield-alert", "warning_icon"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        self.in_vault.setChecked(True)
        self.in_vault.toggled.connect(self._follow)
        self.passphrase.textChanged.connect(lambda _: self.changed.emit())
        self.hide()

    def show_keeping(self, keeping: Keeping) -> None:
        """Ask only where the key would be forgotten."""
        self._title.setText(tr("This computer has no secure store for keys"))
        self._why.setText(keeping.why)
        self._why.setVisible(bool(keeping.why))
        self.in_vault.setText(
            tr("Keep in the vault of this profile") if keeping.has_vault else tr("Keep in a new encrypted vault")
        )
        self.setVisible(keeping.where.value == "session")

    @property
    def session_only(self) -> bool:
        """Whether the person chose to lose the key when the program ends."""
        return not self.isHidden() and self.in_session.isChecked()

    @property
    def vault_passphrase(self) -> str:
        """The passphrase to open the vault with first, "" when none is needed."""
        return "" if self.isHidden() or self.in_session.isChecked() else self.passphrase.text()

    @property
    def problem(self) -> str:
        """What is missing, "" when nothing is."""
        if self.isHidden() or self.in_session.isChecked() or self.passphrase.text():
            return ""
        return tr("Enter a passphrase for the vault, or keep the key for this session only.")

    def _follow(self, in_vault: bool) -> None:
        self.passphrase.setEnabled(in_vault)
        self.changed.emit()
