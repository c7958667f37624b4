"""From a finished message to a queued batch: review, send, test, and the time it leaves."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from desktop_app.domain.destinations import destination_text
from desktop_app.domain.errors import AppError, StorageUnavailable
from desktop_app.domain.fields import field_places
from desktop_app.domain.language import tr, trn
from desktop_app.services.draft_contents import name_of
from desktop_app.services.drafts import new_idem
from desktop_app.services.job import Job
from desktop_app.services.promises import SheetChanged
from desktop_app.services.send_orders import Preflight, SendOrder
from desktop_app.views.models.credit_texts import charge_text, credit_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.checker import Checked
from desktop_app.views.screens.compose.composer import Composer
from desktop_app.views.screens.compose.problems import first_problem
from desktop_app.views.screens.compose.review_dialog import ReviewDialog, ReviewFact
from desktop_app.views.screens.compose.schedule_dialog import ScheduleDialog
from desktop_app.views.screens.compose.test_dialog import TestDialog
from desktop_app.views.screens.compose.texts import reason_text, some_countries
from desktop_app.views.screens.compose.zones import local_zone, zoned_text
from desktop_app.workers.runner import Outcome, Topic

_SENT: Final = frozenset({Topic.CREDITS, Topic.DRAFTS, Topic.MESSAGES})
_MEMORY: Final = "compose_send"


class SendingFlow(QObject):
    """What happens after the primary button. The dialog that is open is ``dialog``."""

    def __init__(self, place: Workplace, screen: Composer, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._screen = place, screen
        self.dialog: QDialog | None = None

    def review(self) -> None:
        """Show once more what will be sent."""
        checked, keeper = self._screen.checked, self._screen.drafts.keeper
        if checked is None or checked.composition is None or self.dialog is not None or keeper.is_closed:
            return
        sheet = checked.composition.sheet
        kept = self._place.parts.personal.recall(_MEMORY).get("reason")
        usual = kept if isinstance(kept, str) and kept else tr("Requested by the client")
        dialog = ReviewDialog(
            self._place.theme, self._screen.window(), sheet.accepted, self._facts(checked, sheet),
            is_large=checked.composition.is_large, is_scheduled=self._screen.send_at is not None,
            reason=self._screen.reason or usual, send=partial(self._send, self._order(checked, sheet)),
        )  # fmt: skip
        self._open(dialog)

    def test(self) -> None:
        """Send the message to one's own numbers."""
        checked = self._screen.checked
        problem = first_problem(self._screen)
        if checked is None or checked.composition is None or not checked.composition.sheet.groups:
            if problem is not None:
                self._screen.review()
            return
        if not checked.wanted.has_text or self.dialog is not None:
            self._screen.review()
            return
        kept = self._place.parts.personal.recall(_MEMORY).get("test_numbers")
        preferences = self._place.parts.preferences
        self._place.tasks.query(
            lambda _job: preferences.read().company or tr("us"), owner=self,
            on_success=lambda company: self._open(
                TestDialog(
                    self._screen.window(), kept if isinstance(kept, str) else "", company, partial(self._price_test, checked),
                    partial(self._send_test, checked, new_idem()),
                )
            ),
        )  # fmt: skip

    def schedule(self) -> None:
        """Let the messages leave later."""
        if self.dialog is None:
            screen = self._screen
            self._open(
                ScheduleDialog(
                    screen.window(),
                    self._place.parts.clock(),
                    screen.send_at,
                    screen.zone or local_zone(),
                    screen.set_time,
                )
            )

    def _open(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            # Asked for twice before the first was there.
            dialog.deleteLater()
            return
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    def _facts(self, checked: Checked, sheet: Preflight) -> list[ReviewFact]:
        sms = trn("{count:,} SMS", "{count:,} SMS", sheet.segments)
        facts = [
            ReviewFact(tr("Client"), checked.wanted.client),
            ReviewFact(tr("Total cost"), f"{charge_text(sheet.total, sheet.currency)} · {sms}"),
            ReviewFact(tr("Credit after sending"), credit_text(sheet.available - sheet.total, sheet.currency)),
            ReviewFact(tr("Sender"), self._sender_fact(checked.wanted.sender, sheet)),
        ]
        if self._screen.send_at is not None:
            facts.append(ReviewFact(tr("Leaves"), zoned_text(self._screen.send_at, self._screen.zone)))
        left_out = sum(one.reason == "no_credit" for one in sheet.not_sent)
        if invalid := len(self._screen.recipients.audience.invalid):
            text = trn("{count:,} invalid number", "{count:,} invalid numbers", invalid)
            facts.append(ReviewFact(tr("Not sent"), text, is_loss=True))
        for one in sheet.refused:
            why = tr("needs pre-approval") if one.reason == "sender_not_approved" else reason_text(one.reason)
            text = tr(
                "{count:,} in {country}, {why}",
                count=one.count,
                country=destination_text(self._screen.country_name(one.country), one.network or None, one.network),
                why=why,
            )
            facts.append(ReviewFact(tr("Not sent"), text, is_loss=True))
        if left_out:
            facts.append(ReviewFact(tr("Not sent"), tr("{count:,} for lack of credit", count=left_out), is_loss=True))
        return facts

    def _sender_fact(self, sender: str, sheet: Preflight) -> str:
        others = list(dict.fromkeys(group.quote.country for group in sheet.groups if group.quote.sender != sender))
        if not others:
            return sender
        names = some_countries(others, self._screen.country_name)
        return tr("{sender} · number in {countries}", sender=sender, countries=names)

    def _order(self, checked: Checked, sheet: Preflight) -> SendOrder:
        """Return what is reviewed, with the key of its draft."""
        screen = self._screen
        return replace(
            checked.wanted.order(self._place.parts.actor), idem=screen.drafts.keeper.idem, send_at=screen.send_at,
            name=name_of(screen.writing(), screen.recipients.lists), promise=sheet.promise,
        )  # fmt: skip

    def _send(self, reviewed: SendOrder, reason: str) -> None:
        """Queue what was reviewed, and nothing else."""
        screen, parts = self._screen, self._place.parts
        parts.personal.remember(_MEMORY, {**parts.personal.recall(_MEMORY), "reason": reason})
        order = replace(reviewed, reason=reason)
        if self._shows(order):
            screen.reason = reason
            screen.drafts.keeper.save()
            screen.drafts.keeper.close()
        self._place.tasks.command(
            partial(_queue, parts.sending.queue, order),
            owner=self,
            on_success=partial(self._show_sent, order),
            on_error=partial(self._show_refusal, order),
        )

    def _shows(self, order: SendOrder) -> bool:
        """Return whether the draft of an order is still on the screen: queueing many takes a while, and people go on."""
        return self._screen.drafts.keeper.idem == order.idem

    def _show_sent(self, order: SendOrder, sheet: Preflight) -> None:
        if self._shows(order):
            self._screen.start_after_send()
        count = sheet.accepted
        text = (
            trn("{count:,} message queued", "{count:,} messages queued", count)
            if order.send_at is None
            else trn("{count:,} message scheduled", "{count:,} messages scheduled", count)
        )
        address = Address("messages", query={"batch": str(sheet.batch_id)})
        self._place.notices.say(text, tr("View job"), lambda: self._place.navigator.go(address))

    def _show_refusal(self, order: SendOrder, error: AppError) -> None:
        screen = self._screen
        title = _refusal_title(error)
        if not self._shows(order):
            self._place.notices.warn(f"{order.name}: {title}. {self._named(error)}")
            return
        if error.code == "idempotency_conflict":
            # The draft was sent already, and changed since: what is on the screen is another one.
            screen.drafts.keeper.start(None, "", None)
        screen.drafts.keeper.reopen()
        screen.view.banner.show_error(title, self._named(error))
        screen.ask_again()

    def _named(self, error: AppError) -> str:
        """Return the sentence of an error with countries by their names."""
        if isinstance(error, StorageUnavailable):
            return tr("The database did not answer. Press Send again: it is sent once.")
        if not isinstance(error, SheetChanged):
            return error.user_message
        return error.sentence(self._screen.country_name)

    def _test_order(self, checked: Checked, numbers: tuple[str, ...], idem: str = "") -> SendOrder:
        fields = (
            self._screen.recipients.audience.fields[:1] * len(numbers) if field_places(checked.wanted.text) else None
        )
        return replace(
            checked.wanted.order(self._place.parts.actor), recipients=numbers, fields=fields, budget=None, is_test=True,
            name=tr("Test"), reason=tr("Test"), idem=idem,
        )  # fmt: skip

    def _price_test(self, checked: Checked, numbers: tuple[str, ...], show: Callable[[str], object]) -> None:
        order, sending = self._test_order(checked, numbers), self._place.parts.sending

        def shown(sheet: Preflight) -> None:
            if self.dialog is not None and sheet.groups:
                show(charge_text(sheet.total, sheet.currency))

        self._place.tasks.query(
            lambda _job: sending.look(order), owner=self, on_success=shown, on_error=lambda _error: None
        )

    def _send_test(self, checked: Checked, idem: str, numbers: tuple[str, ...]) -> None:
        parts = self._place.parts
        parts.personal.remember(_MEMORY, {**parts.personal.recall(_MEMORY), "test_numbers": ", ".join(numbers)})
        self._place.tasks.command(
            partial(_queue, parts.sending.queue, self._test_order(checked, numbers, idem)), owner=self,
            on_success=self._show_tested, on_error=self._show_test_refusal,
        )  # fmt: skip

    def _show_tested(self, sheet: Preflight) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        address = Address("messages", query={"batch": str(sheet.batch_id)})
        text = trn("Test to {count:,} number queued", "Test to {count:,} numbers queued", sheet.accepted)
        self._place.notices.say(text, tr("View job"), lambda: self._place.navigator.go(address))

    def _show_test_refusal(self, error: AppError) -> None:
        if isinstance(self.dialog, TestDialog):
            self.dialog.show_problem(self._named(error))


def _refusal_title(error: AppError) -> str:
    if isinstance(error, SheetChanged):
        return tr("Prices or credit changed meanwhile")
    if isinstance(error, StorageUnavailable):
        # The answer to a commit may be what was lost.
        return tr("It is not known whether it was queued")
    return tr("Nothing was sent")


def _queue(queue: Callable[[SendOrder], Preflight], order: SendOrder, _job: Job) -> Outcome[Preflight]:
    return Outcome(queue(order), _SENT)
