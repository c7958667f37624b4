"""The states of the Messages screen that are photographed."""

from collections.abc import Callable

from desktop_app.domain.messages import MessageStatus
from desktop_app.views.screen import Shot
from desktop_app.views.screens.messages.actions import MessageActions
from desktop_app.views.screens.messages.jobs_page import JobsPage
from desktop_app.views.screens.messages.list_page import ListPage
from desktop_app.views.screens.messages.tabs import Tab


def message_shots(
    page: ListPage, jobs: JobsPage, actions: MessageActions, show_tab: Callable[[Tab], object]
) -> tuple[Shot, ...]:
    """Return them; the screen as it is comes first."""

    def filtered(status: str) -> None:
        page.filters.show_query({"status": status})
        page.reload()
        page.side.set_open(on=True)

    def shows(status: MessageStatus) -> bool:
        story = page.panel.story
        return story is not None and story.line.status is status

    def everything() -> None:
        page.filters.clear()
        show_tab(Tab.MESSAGES)

    def stopping() -> bool:
        if jobs.question is None:
            jobs.ask_to_stop()
        return jobs.question is not None

    def show_sending() -> None:
        show_tab(Tab.JOBS)
        jobs.side.set_open(on=True)

    def nothing_found() -> None:
        page.filters.show_query({"q": "nobody wrote this"})
        page.reload()

    def close_and_show() -> None:
        _close(actions)
        everything()

    def answer() -> None:
        if jobs.question is not None:
            jobs.question.reject()
        everything()

    return (
        Shot("", ready=lambda: page.is_loaded),
        Shot("failed", lambda: filtered("undelivered"), lambda: shows(MessageStatus.UNDELIVERED), everything),
        Shot("unknown", lambda: filtered("unknown"), lambda: shows(MessageStatus.UNKNOWN), everything),
        Shot(
            "decide", lambda: filtered("unknown"), lambda: shows(MessageStatus.UNKNOWN) and _asks(actions),
            close_and_show,
        ),
        Shot("no_result", nothing_found, lambda: page.model.rowCount() == 0, everything),
        Shot("jobs", show_sending, lambda: jobs.panel.state is not None, everything),
        Shot("jobs_stop", show_sending, lambda: jobs.panel.state is not None and _sending(jobs) and stopping(), answer),
        Shot("scheduled", lambda: show_tab(Tab.SCHEDULED), leave=everything),
        Shot("drafts", lambda: show_tab(Tab.DRAFTS), leave=everything),
    )  # fmt: skip


def _sending(jobs: JobsPage) -> bool:
    """Make the first job current of which something still waits."""
    for row in range(jobs.model.rowCount()):
        if jobs.model.record(row).counts.is_sending:
            jobs.table.selectRow(row)
            return True
    return False


def _asks(actions: MessageActions) -> bool:
    if actions.dialog is None:
        actions.ask_to_decide()
    return actions.dialog is not None


def _close(actions: MessageActions) -> None:
    if actions.dialog is not None:
        actions.dialog.reject()
