"""What keeps a message from being sent, and where it is mended: the first thing in reading order."""

from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.services.promises import CreditState
from desktop_app.views.screens.compose.composer import Composer

Problem = tuple[str, QWidget]


def first_problem(screen: Composer) -> Problem | None:
    """Return a sentence and the widget to go to, None when the message can be sent."""
    return _problem_of_form(screen) or _problem_of_sheet(screen)


def _problem_of_form(screen: Composer) -> Problem | None:
    view, client = screen.view, screen.senders.client
    if screen.drafts.keeper.is_closed:
        return tr("This message is being queued"), view.send_button
    if client is None:
        return tr("Choose a client first"), view.client
    if client.paused:
        return tr("{client} is paused. Nothing is sent for it", client=client.name), view.client
    if not screen.senders.sender_id:
        return tr("{client} has no sender ID yet", client=client.name), view.sender_field
    if screen.recipients.is_reading:
        return tr("The recipients are still being read"), view.recipients.field
    if not screen.recipients.audience.numbers:
        return tr("Add recipients first"), view.recipients.field
    if not screen.message.text.strip():
        return tr("Write the message first"), view.message
    missing = next((name for name in view.fallbacks.fields if name not in view.fallbacks.values), None)
    if missing is not None:
        return tr("Say what stands in the place of {field}", field=f"{{{missing}}}"), view.fallbacks.fields[missing]
    return None


def _problem_of_sheet(screen: Composer) -> Problem | None:
    view, checked = screen.view, screen.checked
    if checked is None or not screen.checker.is_settled:
        return tr("The cost is still being computed"), view.send_button
    if checked.composition is None:
        return checked.error.user_message if checked.error is not None else "", view.message
    sheet = checked.composition.sheet
    if not sheet.groups:
        return tr("Nobody of the recipients can be sent to"), view.recipients.field
    if sheet.credit_state is CreditState.SHORT:
        button = view.cost.partial_button
        return tr("Not enough credit"), view.cost.top_up_button if button.isHidden() else button
    return None
