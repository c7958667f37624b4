"""The states of the screen that are photographed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from desktop_app.views.dialogs.sender_dialogs import SenderDialog
from desktop_app.views.screen import Screen, Shot
from desktop_app.views.screens.senders.matrix_page import MatrixPage
from desktop_app.views.screens.senders.queue_page import QueuePage
from desktop_app.views.screens.senders.rules_page import RulesPage


@dataclass(frozen=True, slots=True)
class ShotGround:
    """The screen as far as the photographs need it.

    Attributes:
        show_tab: shows "queue", "matrix" or "rules".
        is_loaded: whether the requests were read.
        request_new: opens the form of a new request.
        fail: shows that the requests could not be read.
        empty: shows that there are none.
        reload: reads them again.
        show_loading: shows the grey bars.
        show_page: shows the page that belongs there.
        is_busy: whether something is being read.
    """

    screen: Screen
    queue: QueuePage
    matrix: MatrixPage
    rules: RulesPage
    show_tab: Callable[[str], object]
    is_loaded: Callable[[], bool]
    request_new: Callable[[], object]
    fail: Callable[[], object]
    empty: Callable[[], object]
    reload: Callable[[], object]
    show_loading: Callable[[], object]
    show_page: Callable[[], object]
    is_busy: Callable[[], bool]

    def dialogs(self) -> list[SenderDialog]:
        """Return the dialogs that are open."""
        return [one for one in self.screen.window().findChildren(SenderDialog) if one.isVisible()]

    def close_dialogs(self) -> None:
        """Close them."""
        for one in self.dialogs():
            one.reject()

    def has_dialog(self) -> bool:
        """Return whether one is open."""
        return bool(self.dialogs())

    def show_at_rest(self, show: Callable[[], object]) -> bool:
        """Show a state as soon as nothing is read: what arrives later would take it away. Return whether it is shown."""
        if self.is_busy():
            return False
        show()
        return True

    def show_rule(self) -> None:
        """Open the form of a rule."""
        self.show_tab("rules")
        self.rules.select_and_edit("KW")

    def leave_rule(self) -> None:
        """Go back to the queue."""
        self.close_dialogs()
        self.show_tab("queue")


def sender_shots(ground: ShotGround) -> tuple[Shot, ...]:
    """Return the states; the queue as it is comes first."""
    queue, back = ground.queue, partial(ground.show_tab, "queue")
    wide, rested = queue.viewer.set_wide, ground.show_at_rest
    forms = (
        ("reject", queue.reject), ("ask", queue.ask), ("hand_over", queue.hand_over), ("new", ground.request_new),
    )  # fmt: skip
    return (
        Shot("", ready=lambda: ground.is_loaded() and queue.viewer.page_count > 0),
        Shot("document", partial(wide, True), lambda: queue.viewer.page_count > 0, partial(wide, False)),
        *(Shot(name, show, ground.has_dialog, ground.close_dialogs) for name, show in forms),
        Shot("matrix", partial(ground.show_tab, "matrix"), lambda: ground.matrix.model.rowCount() > 0, back),
        Shot("rules", partial(ground.show_tab, "rules"), lambda: ground.rules.model.total > 0, back),
        Shot("rule", ground.show_rule, ground.has_dialog, ground.leave_rule),
        Shot("nothing", partial(queue.find_field.setText, "zzz"), leave=queue.find_field.clear),
        Shot("error", ready=partial(rested, ground.fail), leave=ground.reload),
        Shot("empty", ready=partial(rested, ground.empty), leave=ground.reload),
        Shot("loading", ready=partial(rested, ground.show_loading), leave=ground.show_page),
    )
