"""Providers: who we buy from, how each stands, connecting another one, and everything that can be done with them."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.provider_checks import Check
from desktop_app.services.provider_records import ProviderState, ProviderSummary, Removal
from desktop_app.views.commands import Menu
from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.dialogs.provider_removal import removal_question
from desktop_app.views.dialogs.question import Question
from desktop_app.views.jobs import JobEntry, JobState
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.models.provider_list import ProviderListModel
from desktop_app.views.navigator import Address
from desktop_app.views.partial_sync import MISSED_ADDRESS, show_missed_text, tell_partial
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.provider_commands import default_work, pause_work, remove_work, resume_work, sync_text
from desktop_app.views.screens.provider_panel import ProviderPanel, Tab
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import Banner, Placeholder, Skeleton, label
from desktop_app.views.widgets.pills import rule
from desktop_app.views.widgets.provider_cards import ProviderCards
from desktop_app.workers.runner import Lane, Outcome, Topic

SKELETON_MILLISECONDS: Final = 300
LIST_WIDTH: Final = 308
CHANGED: Final = frozenset({Topic.PROVIDERS, Topic.PRICES})


class ProvidersScreen(Screen):
    """The screen: the list at the left, one account in detail at the right."""

    name = "providers"
    icon = "radio-tower"

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Providers")

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.list

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._tasks = place, place.tasks
        self._providers, self._actor = place.parts.providers, place.parts.actor
        self._is_loaded = False
        self._wanted = ""
        self._testing: set[str] = set()
        self._syncs: dict[str, JobEntry] = {}
        self.question: Question | None = None
        self.model = ProviderListModel(place.parts.clock, self)
        self.list = ProviderCards(self.model, place.theme, place.parts.clock)
        self.panel = ProviderPanel(place)
        self.banner, self.placeholder = Banner(place.theme), Placeholder(place.theme)
        self._pages = QStackedWidget()
        self._body = QWidget()
        for page in (QWidget(), Skeleton(place.theme), self.placeholder, self._body):
            self._pages.addWidget(page)
        self._build()
        self._connect()
        self._add_commands()
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)
        self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc clears the filter; the rest as usual."""
        if event.key() == Qt.Key.Key_Escape and self.filter_field.text():
            self.filter_field.clear()
            return
        super().keyPressEvent(event)

    def open_at(self, address: Address) -> None:
        """See Screen. The record is an account's name; query: add=1 opens the form, tab one of the panel's parts."""
        if address.record:
            self._wanted = address.record
            self.filter_field.clear()
            self._select_wanted()
        tab = address.query.get("tab", "")
        if tab in set(Tab):
            self.panel.show_tab(Tab(tab))
        if address.query.get("add"):
            self.add_provider()

    def language_changed(self) -> None:
        """See Screen."""
        self.reload()

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        return (
            Shot("", ready=lambda: self._is_loaded),
            Shot("costs", partial(self.panel.show_tab, Tab.COSTS), lambda: self.panel.cost_table.model.total > 0,
                 partial(self.panel.show_tab, Tab.CONNECTION)),
            Shot("add", self.add_provider, leave=self._close_forms),
        )  # fmt: skip

    def _close_forms(self) -> None:
        for form in self.window().findChildren(ProviderDialog):
            form.reject()

    @property
    def current(self) -> ProviderSummary | None:
        """The account that is shown."""
        row = self.list.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def reload(self) -> None:
        """Read the accounts again; those on screen stay until they are there."""
        self._tasks.query(
            lambda _job: self._providers.list_providers(), owner=self, on_success=self._show_providers,
            on_error=self._show_load_error,
        )  # fmt: skip

    def add_provider(self) -> None:
        """Open the form for another account."""
        dialog = ProviderDialog(self._place, self.window(), others=self.model.total)
        dialog.saved.connect(self._go_to_added)
        dialog.open()

    def edit(self) -> None:
        """Open the form of the current account."""
        if (provider := self.current) is None:
            return
        dialog = ProviderDialog(self._place, self.window(), provider)
        dialog.saved.connect(self._show_edited)
        dialog.open()

    def test(self) -> None:
        """Try the current account, step by step."""
        if (provider := self.current) is None or provider.name in self._testing:
            return
        self._testing.add(provider.name)
        self._show_busy()
        name, providers, actor = provider.name, self._providers, self._actor

        def work(job: Job) -> Outcome[Check]:
            return Outcome(providers.test(name, actor=actor, job=job), frozenset({Topic.PROVIDERS}))

        self._tasks.command(
            work, owner=self, lane=Lane.NETWORK, on_success=partial(self._show_test, name),
            on_error=partial(self._show_test_error, name),
        )  # fmt: skip

    def sync(self) -> None:
        """Pull the costs of the current account as a job; cancelled, the old costs stay."""
        if (provider := self.current) is None or self._is_syncing(provider.name):
            return
        name, accounts, actor = provider.name, self._place.parts.accounts, self._actor

        def work(job: Job) -> Outcome[str]:
            result = accounts.sync_costs(name, actor=actor, job=job)
            found = result.difference
            return Outcome(sync_text(found.raised, found.lowered, found.new), CHANGED)

        self._syncs[name] = self._place.jobs.start(
            tr("Sync costs of {name}", name=name), work, owner=self, icon="refresh-cw", lane=Lane.NETWORK,
            on_success=lambda text: self._place.notices.say(text, tr("Show prices"), self._go_to_changed),
            on_error=partial(self._show_sync_error, name), message=str,
        )  # fmt: skip
        self._show_busy()

    def set_default(self) -> None:
        """Let the current account send and give the costs."""
        self._command(partial(default_work, self._providers))

    def pause(self) -> None:
        """Send nothing through the current account until it is resumed."""
        self._command(partial(pause_work, self._providers))

    def resume(self) -> None:
        """Send through the current account again."""
        self._command(partial(resume_work, self._providers))

    def remove(self) -> None:
        """Ask before the current account goes, naming what goes with it; refused, offer to pause it instead."""
        if (provider := self.current) is None:
            return
        name = provider.name
        self._tasks.query(
            lambda _job: self._providers.plan_removal(name), owner=self, on_success=partial(self._ask_removal, name)
        )

    def copy_link(self) -> None:
        """Put the address of the current account on the clipboard."""
        if (provider := self.current) is not None:
            QGuiApplication.clipboard().setText(Address(self.name, provider.name).text)
            self._place.notices.say(tr("Link copied"))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 16, 1, 1)
        column.setSpacing(12)
        head = self._title_row()
        head.setContentsMargins(20, 0, 20, 0)
        column.addLayout(head)
        notice = QHBoxLayout()
        notice.setContentsMargins(20, 0, 20, 0)
        notice.addWidget(self.banner)
        column.addLayout(notice)
        sides = QHBoxLayout(self._body)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addWidget(self._list_side())
        sides.addWidget(rule(upright=True))
        sides.addWidget(self.panel, 1)
        column.addWidget(rule())
        column.addWidget(self._pages, 1)
        column.setSpacing(0)
        column.insertSpacing(1, 14)

    def _title_row(self) -> QHBoxLayout:
        self.facts = label("", "facts")
        self.add_button = KeyButton(self._place.theme, tr("Add provider"), "Ctrl+N", image="plus")
        self.add_button.clicked.connect(self.add_provider)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Providers"), "title"))
        texts.addWidget(self.facts)
        row = QHBoxLayout()
        row.addLayout(texts, 1)
        row.addWidget(self.add_button)
        return row

    def _list_side(self) -> QFrame:
        side = QFrame()
        side.setFixedWidth(self._place.theme.scaled(LIST_WIDTH))
        self.filter_field = FindField(self._place.theme, tr("Find provider"))
        self.filter_field.setToolTip(tr("Ctrl+F"))
        self.nothing = label("", "facts")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        row = QHBoxLayout()
        row.setContentsMargins(16, 12, 16, 12)
        row.addWidget(self.filter_field)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(rule())
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        return side

    def _connect(self) -> None:
        self._tasks.changed.connect(self._reload_for)
        self._place.jobs.changed.connect(self._show_busy)
        self.filter_field.textChanged.connect(self._filter)
        self.filter_field.returnPressed.connect(self.list.setFocus)
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._follow_current())
        self.list.activated.connect(lambda _: self.edit())
        self.list.customContextMenuRequested.connect(self._open_list_menu)
        self.placeholder.action.clicked.connect(self.add_provider)
        self.banner.retry.clicked.connect(self.reload)
        self.panel.test_wanted.connect(self.test)
        self.panel.sync_wanted.connect(self.sync)
        self.panel.edit_wanted.connect(self.edit)
        self.panel.resume_wanted.connect(self.resume)
        self.panel.more.clicked.connect(lambda: self.panel.open_menu(self._menu()))

    def _add_commands(self) -> None:
        add = self._place.commands.add
        add("providers.add", tr("Add provider…"), self.add_provider, keys="Ctrl+N", menu=Menu.TOOLS, icon="plus", scope=self,
            words=tr("connect account"))  # fmt: skip
        add("providers.test", tr("Test connection"), self.test, keys="Ctrl+T", icon="radio-tower", scope=self)
        add("providers.sync", tr("Sync costs of this provider"), self.sync, keys="F5", icon="refresh-cw", scope=self)
        add("providers.find", tr("Find provider"), self.filter_field.setFocus, keys="Ctrl+F", icon="search", scope=self)
        add("providers.edit", tr("Edit connection…"), self.edit, keys="F2", icon="pencil", scope=self)
        add("providers.copy_link", tr("Copy link to this provider"), self.copy_link, icon="link", scope=self)
        add("providers.default", tr("Make it the default provider"), self.set_default, icon="star", scope=self)
        add("providers.pause", tr("Pause sending"), self.pause, icon="pause", scope=self)
        add("providers.resume", tr("Resume sending"), self.resume, icon="play", scope=self)
        add("providers.remove", tr("Remove provider…"), self.remove, keys="Ctrl+Del", icon="trash-2", scope=self)
        self._follow_current()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self._place.commands.action
        for name in ("edit", "test", "sync"):
            menu.addAction(actions(f"providers.{name}"))
        menu.addSeparator()
        paused = self.current is not None and self.current.paused_reason is not None
        for name in ("default", "resume" if paused else "pause", "copy_link"):
            menu.addAction(actions(f"providers.{name}"))
        menu.addSeparator()
        menu.addAction(actions("providers.remove"))
        return menu

    def _open_list_menu(self, place: QPoint) -> None:
        if self.current is not None:
            self._menu().popup(self.list.viewport().mapToGlobal(place))

    def _command(self, make: Callable[[str, str], Callable[[Job], Outcome[None]]]) -> None:
        if (provider := self.current) is not None:
            self._tasks.command(make(provider.name, self._actor), owner=self, on_error=self._show_refusal)

    def _filter(self, text: str) -> None:
        name = self.current.name if self.current else ""
        self.model.set_filter(text)
        self._wanted = self._wanted or name
        self._select_wanted()
        self.nothing.setText(tr("No provider matches “{text}”", text=text))
        self.nothing.setVisible(not self.model.rowCount() and bool(self.model.total))

    def _reload_for(self, topics: frozenset[Topic]) -> None:
        if topics & CHANGED:
            self.reload()

    def _show_providers(self, providers: list[ProviderSummary]) -> None:
        name = self.current.name if self.current else ""
        self._is_loaded = True
        self.model.show_providers(providers)
        self._wanted = self._wanted or name
        self._select_wanted()
        self._choose_page()
        failing = sum(one.state in (ProviderState.FAILING, ProviderState.NO_CREDIT) for one in providers)
        paused = sum(one.state is ProviderState.PAUSED for one in providers)
        facts = [trn("{count} account", "{count} accounts", len(providers))]
        facts += [tr("{count} failing", count=failing)] if failing else []
        facts += [tr("{count} paused", count=paused)] if paused else []
        self.facts.setText(" · ".join(facts) if providers else tr("Who you buy from"))
        self.badge_changed.emit(failing + paused, "danger" if failing else "warning")
        self.counted.emit(trn("{count} provider", "{count} providers", len(providers)))

    def _select_wanted(self) -> None:
        row = self.model.row_of(self._wanted)
        if row >= 0:
            self._wanted = ""
        elif self.list.currentIndex().isValid() or not self.model.rowCount():
            self._follow_current()
            return
        self.list.setCurrentIndex(self.model.index(max(0, row), 0))
        self._follow_current()

    def _choose_page(self) -> None:
        if self.model.total:
            self._pages.setCurrentWidget(self._body)
            return
        detail = tr("Connect a provider to get the costs of all countries and to send.")
        self.placeholder.show_text("radio-tower", tr("No provider yet"), detail, tr("Add provider"))
        self.placeholder.action.setProperty("look", "primary")
        self.placeholder.action.style().polish(self.placeholder.action)
        self._pages.setCurrentWidget(self.placeholder)

    def _follow_current(self) -> None:
        provider = self.current
        is_paused = provider is not None and provider.paused_reason is not None
        enabled = {
            "test": True, "sync": True, "edit": True, "remove": True, "pause": not is_paused, "resume": is_paused,
            "default": provider is not None and not provider.is_default,
        }  # fmt: skip
        for name, is_on in enabled.items():
            self._place.commands.action(f"providers.{name}").setEnabled(provider is not None and is_on)
        self.panel.setVisible(provider is not None)
        if provider is not None:
            self.panel.show_provider(provider)
            self._show_busy()

    def _is_default(self, name: str) -> bool:
        known = map(self.model.record, range(self.model.rowCount()))
        return any(one.name == name and one.is_default for one in known)

    def _is_syncing(self, name: str) -> bool:
        entry = self._syncs.get(name)
        return entry is not None and entry.state is JobState.RUNNING

    def _show_busy(self) -> None:
        if (provider := self.current) is not None:
            self.panel.set_busy(testing=provider.name in self._testing, syncing=self._is_syncing(provider.name))

    def _show_test(self, name: str, check: Check) -> None:
        self._testing.discard(name)
        self._show_busy()
        failure = check.failure
        if failure is None:
            fast = tr("answered in {count} ms", count=check.response_ms or 0)
            self._place.notices.say(tr("{name} tested: {result}", name=name, result=fast))
        else:
            self._place.notices.warn(f"{failure.detail} {failure.advice}", tr("Try again"), self.test)

    def _show_test_error(self, name: str, error: AppError) -> None:
        self._testing.discard(name)
        self._show_busy()
        if not isinstance(error, Cancelled):
            self._place.notices.warn(error.user_message, tr("Edit connection"), self.edit)

    def _show_sync_error(self, name: str, error: AppError) -> None:
        self._show_busy()
        self.reload()
        if tell_partial(self._place, error):
            text = tr("The costs of {name} are synced in part. {why}", name=name, why=error.user_message)
            show = show_missed_text(error) if self._is_default(name) else ""
            go = partial(self._place.navigator.go, MISSED_ADDRESS)
            self._place.notices.warn(text, show or tr("Try again"), go if show else self.sync)
        elif not isinstance(error, Cancelled):
            text = tr(
                "The costs of {name} were not synced. {why} The costs from before stay.",
                name=name,
                why=error.user_message,
            )
            self._place.notices.warn(text, tr("Try again"), self.sync)

    def _go_to_changed(self) -> None:
        self._place.navigator.go(Address("prices", query={"filter": QuickFilter.COST.value}))

    def _go_to_added(self, name: str) -> None:
        self._wanted = name
        self.reload()
        self._place.notices.say(tr("{name} added", name=name), tr("Sync costs"), self.sync)

    def _show_edited(self, name: str) -> None:
        self._wanted = name
        self.reload()
        self._place.notices.say(tr("{name} saved", name=name))

    def _ask_removal(self, name: str, plan: Removal) -> None:
        # Asked twice before the plan came: one question.
        if self.question is not None:
            return
        if plan.refusal:
            run = (lambda: self._pause_named(name)) if plan.can_pause else None
            self._place.notices.warn(
                tr("{name} was not removed. {why}", name=name, why=plan.refusal), tr("Pause it") if run else "", run
            )
            return
        question = removal_question(self.window(), self._place, name, plan, partial(self._remove, name))
        self.question = question
        question.finished.connect(self._forget_question)
        question.open()

    def _forget_question(self) -> None:
        self.question = None

    def _pause_named(self, name: str) -> None:
        self._tasks.command(pause_work(self._providers, name, self._actor), owner=self, on_error=self._show_refusal)

    def _remove(self, name: str) -> None:
        self._tasks.command(
            remove_work(self._providers, name, self._actor), owner=self, on_error=self._show_refusal,
            on_success=lambda _: self._place.notices.say(tr("{name} removed", name=name)),
        )  # fmt: skip

    def _show_skeleton(self) -> None:
        if not self._is_loaded and self._pages.currentIndex() == 0:
            self._pages.setCurrentIndex(1)

    def _show_load_error(self, error: AppError) -> None:
        self.banner.show_error(tr("The providers could not be read"), error.user_message, can_retry=True)

    def _show_refusal(self, error: AppError) -> None:
        self._place.notices.warn(error.user_message)
