"""Settings › Data: where the database is, backups made, listed and put back."""

from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from desktop_app.domain.language import tr
from desktop_app.services.backups import Backup, DatabasePlace, Restored
from desktop_app.services.job import Job
from desktop_app.views.formats import size_text
from desktop_app.views.moments import moment_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Page, Row
from desktop_app.workers.runner import Outcome, Topic

LISTED = 20


class DataPage(Page):
    """Backups are jobs; putting one back asks first."""

    name = "data"
    icon = "database"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._backups, self._actor = place.parts.backups, place.parts.actor
        self.backup_button = QPushButton(tr("Back up now…"))
        self.backup_button.clicked.connect(self.back_up)
        self.restore_button = QPushButton(tr("Choose a file…"))
        self.restore_button.clicked.connect(self.choose_backup)
        self.copy_button = QPushButton(tr("Copy"))
        self.copy_button.setAccessibleName(tr("Copy the place of the database"))
        self.place_row = Row(tr("Database"), "", self.copy_button, tr("file folder place server"))
        self.backup_row = Row(
            tr("Backup"), tr("A checked copy of everything: prices, clients, credit, messages."), self.backup_button,
            tr("save copy"),
        )  # fmt: skip
        self.restore_row = Row(
            tr("Restore"), tr("Puts a backup in the place of the database. The present one is kept beside it."),
            self.restore_button, tr("backup"),
        )  # fmt: skip
        self.copy_button.clicked.connect(self._copy_place)
        self.add_card("", self.place_row, self.backup_row, self.restore_row)
        self.add_card(tr("Demo data"), self._demo_row(place))
        self._kept = self.add_part()
        self.end()
        self.question: QMessageBox | None = None

    @property
    def title(self) -> str:
        """See Page."""
        return tr("Data")

    def shown(self) -> None:
        """See Page."""
        backups = self._backups

        def read(_job: Job) -> tuple[DatabasePlace, list[Backup]]:
            return backups.place(), backups.list_kept()

        self.place.tasks.query(read, owner=self, on_success=self._show)

    def back_up(self) -> None:
        """Ask for a file and write a backup to it, as a job."""
        target, _ = QFileDialog.getSaveFileName(
            self, tr("Back up now"), str(self._backups.suggested_file()), tr("Backups (*.db)")
        )
        if not target:
            return

        def work(job: Job) -> Outcome[Backup]:
            return Outcome(self._backups.back_up(Path(target), job, actor=self.place.parts.actor))

        self.place.jobs.start(
            tr("Back up the database"), work, owner=self, icon="database", on_success=self._say_backed_up,
            message=lambda backup: backup.file.name,
        )  # fmt: skip

    def choose_backup(self) -> None:
        """Ask for a backup, then whether it is to be put back."""
        source, _ = QFileDialog.getOpenFileName(
            self, tr("Restore a backup"), str(self._backups.suggested_file().parent), tr("Backups (*.db)")
        )
        if source:
            self.ask_to_restore(Path(source))

    def ask_to_restore(self, source: Path) -> None:
        """Name what would happen; only then put the backup back."""
        self.question = QMessageBox(self)
        self.question.setIcon(QMessageBox.Icon.NoIcon)
        self.question.setWindowTitle(tr("Restore a backup"))
        self.question.setText(tr("Restore {file}?", file=source.name))
        self.question.setInformativeText(
            tr("All prices, clients, credit and messages become those of the backup, for everyone who works on this "
               "database. What was done since is no longer shown. The present database is kept beside it as a file.")
        )  # fmt: skip
        restore = self.question.addButton(tr("Restore backup"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = self.question.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        self.question.setDefaultButton(cancel)
        self.question.setEscapeButton(cancel)
        restore.clicked.connect(partial(self.restore, source))
        self.question.open()

    def restore(self, source: Path) -> None:
        """Put a backup back, as a job."""

        def work(_job: Job) -> Outcome[Restored]:
            return Outcome(self._backups.restore(source, actor=self._actor), frozenset(Topic))

        self.place.jobs.start(
            tr("Restore {file}", file=source.name), work, owner=self, icon="database", on_success=self._say_restored,
            message=lambda restored: restored.source.name,
        )  # fmt: skip

    def _demo_row(self, place: Workplace) -> Row:
        is_demo = place.parts.sandbox
        self.demo_button = QPushButton(tr("Delete demo data…") if is_demo else tr("Look around with demo data"))
        name = "file.leave_demo" if is_demo else "file.demo"
        self.demo_button.clicked.connect(lambda: place.commands.action(name).trigger())
        detail = tr("You look at an invented business. It has a database of its own; yours holds nothing of it.")
        if not is_demo:
            detail = tr("An invented business in a database of its own, to try things. Yours stays as it is.")
        return Row(tr("Demo data"), detail, self.demo_button, tr("sandbox example delete"))

    def _show(self, found: tuple[DatabasePlace, list[Backup]]) -> None:
        where, kept = found
        self.where = where
        self.place_row.show_detail(f"{where.text} · {size_text(where.size)}" if where.size is not None else where.text)
        for button in (self.backup_button, self.restore_button):
            button.setEnabled(where.is_file)
        if not where.is_file:
            self.backup_row.show_detail(
                tr("PostgreSQL is backed up and restored with its own tools, pg_dump and pg_restore.")
            )
        self.clear_part(self._kept)
        if kept and where.is_file:
            self.add_card(tr("Backups on this computer"), *map(self._row, kept[:LISTED]), into=self._kept)

    def _row(self, backup: Backup) -> Row:
        button = QPushButton(tr("Restore…"))
        button.clicked.connect(partial(self.ask_to_restore, backup.file))
        when = moment_text(backup.at, self.place.parts.clock())
        row = Row(backup.file.name, f"{when} · {size_text(backup.size)}", button)
        button.setAccessibleName(tr("Restore {file}", file=backup.file.name))
        return row

    def _say_backed_up(self, backup: Backup) -> None:
        self.place.notices.say(tr("Backup written: {file}", file=backup.file.name))
        self.shown()

    def _say_restored(self, restored: Restored) -> None:
        kept = restored.kept.name if restored.kept else ""
        self.place.notices.say(
            tr("Backup restored; the former database is kept as {file}", file=kept) if kept else tr("Backup restored")
        )  # fmt: skip
        self.shown()

    def _copy_place(self) -> None:
        QGuiApplication.clipboard().setText(self.where.text)
        self.place.notices.say(tr("Place of the database copied"))
