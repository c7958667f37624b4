"""What works around the screens, put together: made once the window is painted, and furnished with the services."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFrame, QMainWindow, QMenu, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.appearance_commands import AppearanceCommands
from desktop_app.views.commands import Command, Commands, Offer
from desktop_app.views.dialogs.question import Question
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Address, Navigator
from desktop_app.views.retranslation import Retranslator
from desktop_app.views.screen import Screen, Workplace
from desktop_app.views.shell.country_offers import read_countries, record_actions
from desktop_app.views.shell.focus_regions import FocusRegions, first_operable
from desktop_app.views.shell.frame import Frame
from desktop_app.views.shell.help_sheet import HelpSheet
from desktop_app.views.shell.history import History
from desktop_app.views.shell.job_news import JobNews
from desktop_app.views.shell.jobs_panel import JobsPanel
from desktop_app.views.shell.leaving import Leaving
from desktop_app.views.shell.menu_bar import CommandMenus
from desktop_app.views.shell.mode import Mode, read_mode
from desktop_app.views.shell.notifications import Notifications, NotificationsPanel
from desktop_app.views.shell.palette import CommandPalette
from desktop_app.views.shell.phrases import bulk_offers
from desktop_app.views.shell.places import all_places
from desktop_app.views.shell.stack import ScreenStack
from desktop_app.views.shell.whereabouts import Whereabouts
from desktop_app.views.shell.window_commands import WindowActions, add_window_commands
from desktop_app.views.shell.window_geometry import geometry_text
from desktop_app.views.shell.window_state import WindowState
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.toast import ToastMessage
from desktop_app.workers.runner import Outcome, TaskRunner, Topic

if TYPE_CHECKING:
    from desktop_app.views.parts import WindowParts
    from desktop_app.views.shell.first_run import FirstRun

# Below this width the sidebar shows icons only.
WIDE_ENOUGH: Final = 1180
UNDO: Final = "undo"


class Shell(QObject):
    """Everything of a window but its screens; it says things in passing for them (``Notices``).

    Attributes:
        place: what the screens work with; there once it is furnished.
    """

    place: Workplace

    def __init__(
        self, window: QMainWindow, tasks: TaskRunner, theme: Theme, personal: PersonalSettings, clock: Clock,
        open_demo: Callable[[], object], leave_demo: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__(window)
        # First: it hears what is said while everything else is made.
        Retranslator(window, personal)
        self.window, self.tasks, self.theme, self.personal = window, tasks, theme, personal
        self._leave_demo = leave_demo
        self.state = WindowState.recall(personal)
        self.commands, self.navigator = Commands(window), Navigator(window)
        self.commands.added.connect(self._take_command)
        self.places = all_places()
        self.job_board, self.notifications = JobBoard(tasks, clock, window), Notifications(clock, window)
        self.history = History(tasks, window)
        self.frame = Frame(theme, self.places)
        window.setCentralWidget(self.frame)
        self.screens = ScreenStack(self.places, self.frame.pages)
        self.leaving = Leaving(window, tasks, self.screens, self.job_board)
        self.regions = FocusRegions(self._focus_regions, self._first_of, window)
        self.palette = CommandPalette(window, theme, self.commands, self.navigator, self.places)
        top = self.frame.top_bar
        self.jobs_panel = JobsPanel(window, theme, self.job_board, top.jobs)
        self.notifications_panel = NotificationsPanel(window, theme, self.notifications, top.bell, self.navigator.go)
        self._help: HelpSheet | None = None
        self.first_run: FirstRun | None = None
        add_window_commands(self.commands, self.navigator, self.places, self._actions(open_demo))
        self.destroyed.connect(AppearanceCommands(self.commands, personal).end)
        self.menus = CommandMenus(window, self.commands, theme)
        Whereabouts(window, self.frame, self.screens, self.navigator, self.commands)
        JobNews(window, self.frame, self.job_board, self.notifications)
        self._connect()
        self._restore()

    def furnish(self, parts: "WindowParts") -> None:
        """Show the screens, working with ``parts``."""
        # Here, not above: it brings the services, and the window is there before they are loaded.
        from desktop_app.views.credit_watch import CreditWatch
        from desktop_app.views.mail_round import MailRound
        from desktop_app.views.notice_round import NoticeRound
        from desktop_app.views.refresh import CostRefresh

        self.place = Workplace(parts, self.tasks, self.job_board, self.theme, self.commands, self.navigator, self)
        self.screens.furnish(self.place)
        self.frame.sidebar.show_person(parts.actor)
        self.frame.show_mode(Mode(is_sandbox=parts.sandbox))
        self.commands.action("file.leave_demo").setVisible(parts.sandbox)
        self.commands.action("file.demo").setVisible(not parts.sandbox)
        self.notifications.keep_in(self.personal, "notifications_demo" if parts.sandbox else "notifications")
        self._read_mode()
        self.tasks.query(lambda job: read_countries(parts.language, job), owner=self, on_success=self._offer_countries)
        last = Address.parse(self.state.address)
        self.navigator.go(last if self.screens.place(last.screen) else Address("overview"))
        CostRefresh(self.place, self)
        MailRound(self.place, self)
        CreditWatch(self.place, self)
        NoticeRound(self.place, self)

    def watch_sending(self) -> None:
        """Say in the status bar how sending stands."""
        # Here, not above: see furnish.
        from desktop_app.views.shell.sending_news import SendingNews

        SendingNews(self.place, self.frame.status_bar, self)

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """See Notices."""
        self.frame.toast.say(ToastMessage(text, action, run))

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """See Notices."""
        self.frame.toast.say(ToastMessage(text, action, run, is_problem=True))

    def notify(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """See Notices."""
        self.notifications.post(text, detail, address, icon)

    def show_opening(self) -> None:
        """Say that the application is being opened."""
        self.frame.pages.setCurrentWidget(self.frame.opening)

    def show_trouble(self, error: AppError) -> None:
        """Say that the database could not be opened, and why."""
        self.frame.pages.setCurrentWidget(self.frame.trouble)
        self.frame.trouble.show_trouble(error.user_message)

    def show_welcome(self) -> None:
        """Ask how the person wants to start; nothing is connected yet."""
        # Here, not above: see furnish.
        from desktop_app.views.shell.first_run import FirstRun

        if self.first_run is None:
            self.first_run = FirstRun(
                self.window, self.place, self.frame.welcome, self.commands.action("file.demo").trigger
            )
        self.frame.top_bar.breadcrumb.show_steps([(tr("Welcome"), "")])
        self.frame.pages.setCurrentWidget(self.frame.welcome)
        self.frame.welcome.demo.setFocus()

    def ask_to_leave_demo(self) -> None:
        """Name what goes with the demo data; only then throw it away."""
        Question(
            self.window, tr("Delete the demo data?"),
            tr("Everything you tried goes with it. Your own data is opened; nothing of the demo was in it."),
            ((tr("Delete demo data"), lambda: QTimer.singleShot(0, self, self._leave_demo)),), is_dangerous=True,
        ).open()  # fmt: skip

    def undo(self) -> None:
        """Undo the last step of the draft that is shown, else the last saved change."""
        screen = self.screens.shown
        if screen is None or not screen.undo():
            self.undo_saved()

    def undo_saved(self) -> None:
        """Undo the last saved change, whatever draft is shown."""
        self.frame.toast.dismiss(UNDO)
        self.history.undo()

    def redo(self) -> None:
        """Redo what was undone last, in the draft that is shown or saved."""
        screen = self.screens.shown
        if screen is None or not screen.redo():
            self.frame.toast.dismiss(UNDO)
            self.history.redo()

    def toggle_jobs(self, *, by_key: bool = True) -> None:
        """Open or close the jobs panel; it takes the focus when a key asked for it."""
        self._toggle(self.jobs_panel, by_key=by_key)

    def toggle_notifications(self, *, by_key: bool = True) -> None:
        """Open or close the notifications; they take the focus when a key asked for them."""
        self._toggle(self.notifications_panel, by_key=by_key)

    def adapt_sidebar(self) -> None:
        """Show icons only where the window is narrow or the person wants that."""
        collapsed = self.commands.action("view.sidebar").isChecked()
        self.frame.sidebar.set_narrow(collapsed or self.window.width() < self.theme.scaled(WIDE_ENOUGH))

    def pin_menu_bar(self) -> None:
        """Show the menu bar for good, or only when Alt is pressed."""
        self.menus.pin(on=self.commands.action("view.menu_bar").isChecked())

    def show_help(self) -> None:
        """Open the list of shortcuts."""
        if self._help is None:
            self._help = HelpSheet(self.commands, self.window)
            self._help.finished.connect(self._forget_help)
            self._help.open()

    def close_help(self) -> None:
        """Close the list of shortcuts."""
        if self._help is not None:
            self._help.accept()

    def keep(self) -> None:
        """Keep for next time where the window was and what it showed."""
        here = self.navigator.here
        WindowState(
            geometry_text(self.window), here.text if here is not None else self.state.address,
            self.commands.action("view.sidebar").isChecked(), self.commands.action("view.menu_bar").isChecked(),
            tuple(self.palette.recent),
        ).keep(self.personal)  # fmt: skip

    def _actions(self, open_demo: Callable[[], object]) -> WindowActions:
        return WindowActions(
            open_demo=open_demo, leave_demo=self.ask_to_leave_demo, leave=self.window.close, undo=self.undo, redo=self.redo,
            open_palette=self.palette.open, toggle_jobs=self.toggle_jobs,
            toggle_notifications=self.toggle_notifications, adapt_sidebar=self.adapt_sidebar,
            pin_menu_bar=self.pin_menu_bar, move_region=self.regions.move, show_help=self.show_help,
        )  # fmt: skip

    def _connect(self) -> None:
        frame, top = self.frame, self.frame.top_bar
        self.commands.offer(bulk_offers)
        self.commands.offer_more(record_actions)
        self.palette.link_copied.connect(lambda: self.say(tr("Link copied")))
        self.theme.changed.connect(self.adapt_sidebar)
        frame.sidebar.chosen.connect(self.navigator.go)
        frame.sidebar.help_wanted.connect(self.show_help)
        frame.status_bar.help.clicked.connect(self.show_help)
        top.back.clicked.connect(self.navigator.back)
        top.forward.clicked.connect(self.navigator.forward)
        top.breadcrumb.chosen.connect(self.navigator.go)
        top.field.clicked.connect(self.palette.open)
        top.jobs.clicked.connect(lambda: self.toggle_jobs(by_key=False))
        top.bell.clicked.connect(lambda: self.toggle_notifications(by_key=False))
        top.appearance.setMenu(self._appearance_menu())
        for panel in (self.jobs_panel, self.notifications_panel):
            self.navigator.arrived.connect(panel.close_panel)
        self.jobs_panel.closed.connect(lambda: top.jobs.setChecked(False))
        self.notifications_panel.closed.connect(lambda: top.bell.setChecked(False))
        self.notifications.changed.connect(lambda: top.bell.show_unread(self.notifications.unread))
        self.history.offered.connect(self._offer_undo)
        self.history.done.connect(lambda text: frame.toast.say(ToastMessage(text, topic=UNDO)))
        self.history.partly_done.connect(self._offer_rest)
        self.history.failed.connect(lambda error: frame.banner.show_error(tr("Nothing was undone"), error.user_message))
        self.leaving.settled.connect(lambda: QTimer.singleShot(0, self.window, self.window.close))
        self.tasks.refused.connect(self._show_refusal)
        self.tasks.changed.connect(self._follow_change)

    def _restore(self) -> None:
        self.palette.recent = list(self.state.recent)
        self.commands.action("view.sidebar").setChecked(self.state.collapsed)
        self.commands.action("view.menu_bar").setChecked(self.state.menu_bar)
        self.pin_menu_bar()
        self.adapt_sidebar()

    def _appearance_menu(self) -> QMenu:
        menu = QMenu(self.window)
        for name in ("system", "light", "dark"):
            menu.addAction(self.commands.action(f"view.theme.{name}"))
        return menu

    def _take_command(self, command: Command) -> None:
        # Its keys must work while the menu bar is hidden.
        if command.scope is None:
            self.window.addAction(command.action)

    def _toggle(self, panel: JobsPanel | NotificationsPanel, *, by_key: bool) -> None:
        if panel.isVisible():
            panel.close_panel()
            return
        panel.open()
        if by_key:
            panel.focus_first()

    def _offer_undo(self, outcome: Outcome[object]) -> None:
        # The toast said which change: its button undoes that, whatever draft is shown.
        message = ToastMessage(outcome.undo_label, tr("Undo"), self.undo_saved, keys="Ctrl+Z", topic=UNDO)
        self.frame.toast.say(message)

    def _offer_rest(self, text: str, address: str) -> None:
        self.frame.toast.say(ToastMessage(text, tr("Show"), lambda: self.navigator.go(address), topic=UNDO))

    def _show_refusal(self, error: AppError) -> None:
        self.frame.banner.show_error(tr("That did not work"), error.user_message)

    def _follow_change(self, topics: frozenset[Topic]) -> None:
        if topics & {Topic.PROVIDERS, Topic.SETTINGS} and self.screens.is_furnished:
            self._read_mode()

    def _read_mode(self) -> None:
        parts = self.place.parts
        self.tasks.query(lambda job: read_mode(parts, job), owner=self, on_success=self.frame.show_mode)

    def _offer_countries(self, countries: Sequence[Offer]) -> None:
        self.commands.offer(lambda typed: countries if typed.strip() else ())

    def _forget_help(self) -> None:
        if self._help is not None:
            self._help.deleteLater()
            self._help = None

    def _focus_regions(self) -> Sequence[QWidget]:
        screen = self.screens.shown
        inside = [] if screen is None else [
            one for one in screen.findChildren(QFrame) if {one.objectName(), one.property("look")} & {"inspector", "dock"}
        ]  # fmt: skip
        content = screen if screen is not None else self.frame.pages
        return [self.frame.sidebar, self.frame.top_bar, content, *inside, self.frame.toast]

    def _first_of(self, region: QWidget) -> QWidget:
        if region is self.frame.sidebar:
            return next((one for one in self.frame.sidebar.entries.values() if one.isChecked()), first_operable(region))
        return region.first_focus() if isinstance(region, Screen) else first_operable(region)
