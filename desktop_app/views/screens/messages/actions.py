"""What is done with messages: copied, checked, sent again, opted out, looked up, decided, written to a file."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import MessageStatus
from desktop_app.services.job import Job
from desktop_app.services.unknown_outcomes import LookedUp
from desktop_app.views.dialogs.decide_outcome import DecideOutcome
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.models.message_texts import file_words
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.messages.list_page import ListPage
from desktop_app.workers.runner import Lane, Outcome, Topic

MONEY: Final = frozenset({Topic.MESSAGES, Topic.CREDITS})


class MessageActions(QObject):
    """Works on the selected messages of the list."""

    def __init__(self, place: Workplace, page: ListPage) -> None:
        super().__init__(page)
        self._place, self._page = place, page
        self.dialog: DecideOutcome | None = None

    def copy_ids(self) -> None:
        """Put the ids of the selected messages on the clipboard."""
        lines = self._page.selected
        self._copy([f"#{line.message_id}" for line in lines])

    def copy_numbers(self) -> None:
        """Put the numbers of the selected messages on the clipboard."""
        self._copy([line.to for line in self._page.selected])

    def send_again(self) -> None:
        """Compose a new message to the current recipient, with the same text."""
        line = self._page.current
        if line is not None:
            query = {"client": line.client, "text": line.text, "to": line.to}
            self._place.navigator.go(Address("compose", query=query))

    def check_now(self) -> None:
        """Ask the provider at once what became of the selected messages; unknown ones are looked up."""
        lines = self._page.selected
        unknown = [line.message_id for line in lines if line.status is MessageStatus.UNKNOWN]
        if unknown:
            self.look_up(unknown)
        sent = [line.message_id for line in lines if line.status is not MessageStatus.UNKNOWN]
        if not sent:
            return
        parts = self._place.parts

        def work(job: Job) -> Outcome[int]:
            return Outcome(parts.receipts.ask_about(sent, job), MONEY)

        def tell(changed: int) -> None:
            said = trn("{count:,} status changed", "{count:,} statuses changed", changed)
            self._place.notices.say(said if changed else tr("The provider says nothing new"))
            self._page.look()

        self._place.tasks.command(work, owner=self, lane=Lane.NETWORK, on_success=tell, on_error=self._show_error)

    def look_up(self, message_ids: list[int] | None = None) -> None:
        """Look up unknown outcomes at their providers again, all or some."""
        parts = self._place.parts

        def work(job: Job) -> Outcome[LookedUp]:
            return Outcome(parts.unknown_outcomes.look_up(message_ids, actor=parts.actor, job=job), MONEY)

        self._place.jobs.start(
            tr("Look up unknown outcomes"), work, owner=self, icon="circle-help", lane=Lane.NETWORK, message=looked_up_text,
            on_success=self._tell_looked_up, stops=True,
        )  # fmt: skip

    def ask_to_decide(self) -> None:
        """Ask for a decision about the current message."""
        line = self._page.current
        if line is None or line.status is not MessageStatus.UNKNOWN:
            return
        dialog = DecideOutcome(self._page, line, partial(self._decide, line))
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def opt_out(self) -> None:
        """Let nothing be sent to the selected numbers any more, each for its client."""
        lines = self._page.selected
        parts = self._place.parts
        by_client: dict[str, list[str]] = {}
        for line in lines:
            by_client.setdefault(line.client, []).append(line.to)

        def work(_job: Job) -> Outcome[int]:
            added = sum(
                parts.clients.add_opt_outs(client, numbers, actor=parts.actor) for client, numbers in by_client.items()
            )
            return Outcome(added, frozenset({Topic.CLIENTS}))

        def tell(added: int) -> None:
            said = trn("{count:,} number added to the opt-outs", "{count:,} numbers added to the opt-outs", added)
            self._place.notices.say(said if added else tr("These numbers opted out before"))

        if by_client:
            self._place.tasks.command(work, owner=self, on_success=tell, on_error=self._show_error)

    def export(self) -> None:
        """Ask for a file, then write what is filtered into it as a job."""
        name = tr("messages") + f"-{self._place.parts.clock().astimezone():%Y-%m-%d}.xlsx"
        kinds = tr("XLSX files (*.xlsx)"), tr("CSV files (*.csv)")
        dialog = QFileDialog(self._page, tr("Export messages"), name, ";;".join(kinds))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix("csv" if kind == kinds[1] else "xlsx"))
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write what is filtered into a file."""
        parts, wanted = self._place.parts, self._page.filters.wanted
        words = file_words(country_names(parts.language))

        def work(job: Job) -> Outcome[int]:
            return Outcome(parts.message_search.export(path, wanted, job, words))

        def message(count: int) -> str:
            return trn("{count:,} message in {name}", "{count:,} messages in {name}", count, name=path.name)

        # Not in the data lane: a long list would keep every other screen waiting.
        self._place.jobs.start(
            tr("Export messages"), work, owner=self, icon="download", message=message, lane=Lane.NETWORK,
            on_success=lambda count: self._place.notices.say(tr("Messages exported: {what}", what=message(count))),
        )  # fmt: skip

    def _copy(self, texts: list[str]) -> None:
        if texts:
            QGuiApplication.clipboard().setText("\n".join(texts))
            several = tr("{count:,} lines copied", count=len(texts))
            self._place.notices.say(several if len(texts) > 1 else tr("{text} copied", text=texts[0]))

    def _decide(self, line: MessageLine, sent: bool, reason: str, sid: str) -> None:
        parts = self._place.parts

        def work(_job: Job) -> Outcome[MessageStatus]:
            status = parts.unknown_outcomes.mark(
                line.message_id, sent=sent, reason=reason, actor=parts.actor, provider_message_id=sid
            )
            return Outcome(status, MONEY)

        def tell(_status: MessageStatus) -> None:
            self._place.notices.say(tr("Marked as sent") if sent else tr("Marked as not sent, credit returned"))
            self._page.reload()

        self._place.tasks.command(work, owner=self, on_success=tell, on_error=self._show_error)

    def _tell_looked_up(self, found: LookedUp) -> None:
        self._place.notices.say(looked_up_text(found))
        self._page.reload()

    def _forget(self) -> None:
        self.dialog = None

    def _show_error(self, error: AppError) -> None:
        self._page.banner.show_error(tr("That did not work"), error.user_message)


def looked_up_text(found: LookedUp) -> str:
    """Return what a look-up came to."""
    texts = [trn("{count:,} was sent", "{count:,} were sent", found.found)]
    if found.missing:
        texts.append(trn("{count:,} not found", "{count:,} not found", found.missing))
    if found.not_asked:
        texts.append(trn("{count:,} cannot be looked up", "{count:,} cannot be looked up", found.not_asked))
    if found.failure:
        texts.append(found.failure)
    return ", ".join(texts)
