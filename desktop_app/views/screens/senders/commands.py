"""The commands of the screen: one registry for menus, keys, palette and help."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.views.commands import Commands, Menu
from desktop_app.views.screens.senders.queue_page import QueuePage


@dataclass(frozen=True, slots=True)
class Doing:
    """What the screen itself does: open the form of a new request, and so on."""

    new: Callable[[], object]
    find: Callable[[], object]
    reload: Callable[[], object]
    export: Callable[[], object]
    copy_link: Callable[[], object]
    show_log: Callable[[], object]


def add_commands(commands: Commands, screen: QWidget, queue: QueuePage, doing: Doing) -> None:
    """Register what can be done with sender IDs. Letters work where the list or the page of a document has the focus."""
    add = commands.add
    add("senders.new", tr("New sender ID request…"), doing.new, keys="Ctrl+N", menu=Menu.TOOLS, icon="plus", scope=screen,
        words=tr("sender name alphanumeric"))  # fmt: skip
    add("senders.find", tr("Find sender ID or client"), doing.find, keys="Ctrl+F", icon="search", scope=screen)
    add("senders.reload", tr("Read the requests again"), doing.reload, keys="F5", icon="refresh-cw", scope=screen)
    add("senders.export", tr("Export status matrix…"), doing.export, keys="Ctrl+E", icon="download", scope=screen,
        words=tr("csv file"))  # fmt: skip
    add("senders.hand_over", tr("Hand over to the provider…"), queue.hand_over, icon="arrow-right", scope=screen)
    add("senders.add_documents", tr("Add documents…"), queue.papers.add, icon="upload", scope=screen)
    add("senders.copy_link", tr("Copy link to this request"), doing.copy_link, icon="link", scope=screen)
    add("senders.log", tr("Show in Activity"), doing.show_log, icon="history", scope=screen)
    letters: tuple[tuple[str, str, Callable[[], object], str, str], ...] = (
        ("senders.approve", tr("Approve ticked countries"), queue.approve, "A", "check"),
        ("senders.reject", tr("Reject…"), queue.reject, "R", "x"),
        ("senders.ask", tr("Ask for documents…"), queue.ask, "D", "mail"),
        ("senders.check", tr("Mark document as checked"), queue.mark_checked, "Space", "file-check"),
        ("senders.next", tr("Next request"), lambda: queue.step(1), "J", "arrow-down"),
        ("senders.previous", tr("Previous request"), lambda: queue.step(-1), "K", "arrow-up"),
    )
    for name, text, run, keys, icon in letters:
        action = add(name, text, run, keys=keys, icon=icon, scope=queue.list)
        queue.viewer.canvas.addAction(action)
