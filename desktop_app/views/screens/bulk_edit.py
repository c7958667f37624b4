"""Bulk edit: many prices by a rule, seen before they are saved, saved as one change, undone with one key."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, InvalidInput, StaleData
from desktop_app.domain.language import tr, trn
from desktop_app.domain.scopes import matching, resolve
from desktop_app.services.bulk_edit import Preset
from desktop_app.views.dialogs.question import Question
from desktop_app.views.formats import currency_symbol
from desktop_app.views.models.bulk_lines import PreviewFilter
from desktop_app.views.models.bulk_rule import rule_text
from desktop_app.views.models.bulk_state import BulkState, filled_in
from desktop_app.views.models.bulk_texts import scope_text
from desktop_app.views.models.previewer import Previewer, ShownPreview
from desktop_app.views.models.saved_views import kept_views
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.bulk_commands import add_bulk_commands
from desktop_app.views.screens.bulk_decisions import UNDECIDED, ConflictWatch, RowDecisions
from desktop_app.views.screens.bulk_draft import BulkDraft
from desktop_app.views.screens.bulk_ground import Ground, order_of, read_ground
from desktop_app.views.screens.bulk_presets import BulkPresets
from desktop_app.views.screens.bulk_problems import first_problem
from desktop_app.views.screens.bulk_saving import BulkSaver
from desktop_app.views.widgets.bulk_frame import BulkFrame
from desktop_app.views.widgets.notices import announce


class BulkEditScreen(Screen):
    """The screen."""

    name = "bulk"
    icon = "sliders-horizontal"

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._service = place, place.parts.bulk_edit
        self.frame = BulkFrame(place.theme)
        self.form, self.model, self.table = self.frame.form, self.frame.model, self.frame.table
        self.previewer = Previewer(self._service, place.tasks, self)
        self.presets = BulkPresets(place, self.frame.presets, self)
        self.question: Question | None = None
        self.decisions = RowDecisions(place, self.frame, self)
        self._conflicts = ConflictWatch(place, self.frame.conflict, self)
        self._saver = BulkSaver(place, self)
        self._draft = BulkDraft(place.parts.personal.folder, place.tasks, self, sandbox=place.parts.sandbox)
        self._ground: Ground | None = None
        self._shown: ShownPreview | None = None
        self._wanted: Address | None = None
        self._clean = BulkState()
        self._is_awaited = False
        self._lost: str | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.frame)
        self._connect()
        add_bulk_commands(
            place, self, apply=self.apply, close=self.close_edit, find=self.frame.find_field.setFocus,
            save_preset=self.name_preset,
        )  # fmt: skip
        self.form.show_state(self._clean)
        self._show_nothing()

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Bulk edit")

    @property
    def is_ready(self) -> bool:
        """Whether the prices are there and the newest edit is shown."""
        return self._ground is not None and self._wanted is None and self.previewer.is_settled

    @property
    def has_draft(self) -> bool:
        """Whether something was typed that closing would lose."""
        return self.form.state() != self._clean or self.decisions.made != UNDECIDED

    @property
    def unsaved(self) -> int:
        """See Screen: the edit, as one change."""
        return int(self.has_draft)

    @property
    def keeps_draft(self) -> bool:
        """See Screen."""
        return True

    def keep(self) -> None:
        """See Screen."""
        self._draft.write()

    def open_at(self, address: Address) -> None:
        """Fill in what the address says; without anything a draft stays as it was left."""
        self._wanted = address
        if not self.has_draft or address.query or self._ground is None:
            self.reload()
        else:
            self._wanted = None
            self._conflicts.look()
            if self._ground.views != kept_views(self._place.parts.personal):
                self.reload()

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.form.scope.line

    def shots(self) -> tuple[Shot, ...]:
        """See Screen: a raise that keeps every limit, one that stops at losses, and nothing chosen yet."""

        def go(text: str) -> Callable[[], None]:
            return lambda: self.open_at(Address.parse(text))

        return (
            Shot("", go("bulk?scope=EU&rule=raise_margin&value=5"), lambda: self.is_ready),
            Shot("losses", go("bulk?scope=EU&rule=lower_margin&value=45"), lambda: self.is_ready),
            Shot("empty", self._start_again, lambda: self.is_ready),
        )

    def _start_again(self) -> None:
        self._clean = replace(self._clean, tokens=())
        self.discard()

    def reload(self) -> None:
        """Read the prices again; what the person set stays."""
        parts = self._place.parts
        work = partial(read_ground, parts, kept_views(parts.personal))
        self._place.tasks.query(work, owner=self, on_success=self._stand_on, on_error=self._show_error)

    def apply(self) -> None:
        """Save what the preview shows, or go to the first thing that is missing."""
        self._is_awaited = False
        if self._saver.is_busy or self._ground is None:
            return
        problem = first_problem(self.frame, self._shown, is_settled=self.previewer.is_settled)
        if problem is not None:
            widget, text = problem
            widget.setFocus()
            announce(widget, text, is_urgent=True)
            self._place.notices.say(text)
            return
        if self.previewer.is_settled:
            self._save()
        else:
            # Saved when its preview is there, unless the edit is another one by then.
            self._is_awaited = True

    def close_edit(self) -> None:
        """Leave; what was typed is asked about first."""
        if self.frame.find_field.hasFocus() and self.frame.find_field.text():
            self.frame.find_field.clear()
        elif self.has_draft:
            self._ask_to_discard()
        else:
            self._leave()

    def discard(self) -> None:
        """See Screen; the rule is remembered, its value is not."""
        kept = replace(self.form.state().sentence, value="")
        limits = self._clean
        self.form.show_state(replace(limits, sentence=kept))
        self._clean = self.form.state()
        self.decisions.clear()
        self.frame.find_field.clear()
        self.frame.chips[PreviewFilter.ALL].click()
        self._tell_draft()
        self._update()

    def _save(self) -> None:
        if self._shown is not None and self._ground is not None:
            self._conflicts.is_paused = True
            self._saver.save(self._shown.preview, self.form.state(), self.decisions.made, self._ground)

    def _saved(self, edit: object) -> None:
        self._conflicts.is_paused = False
        if edit != (self.form.state(), self.decisions.made):
            # The next edit was begun while this one was saved.
            self.reload()
            return
        self.discard()
        if self.isVisible():
            self._leave()

    def _not_saved(self, error: AppError) -> None:
        self._conflicts.is_paused = False
        if isinstance(error, StaleData):
            self._conflicts.look()
        self.frame.banner.show_error(tr("No price was changed"), error.user_message)

    def _leave(self) -> None:
        navigator = self._place.navigator
        if navigator.can_go_back:
            navigator.back()
        else:
            navigator.go("prices")

    def _ask_to_discard(self) -> None:
        def throw_away() -> None:
            self.discard()
            self._leave()

        answers = ((tr("Keep as draft"), self._leave), (tr("Discard"), throw_away))
        detail = tr("A draft waits here until you come back. No price was changed.")
        self.question = Question(self.window(), tr("Discard this edit?"), detail, answers)
        self.question.open()

    def _follow_form(self) -> None:
        self.decisions.withdraw_allowed()
        self._changed()

    def _changed(self) -> None:
        self._is_awaited = False
        self._tell_draft()
        self._update()

    def _load(self, preset: Preset) -> None:
        try:
            state = BulkState.from_content(preset.content)
        except InvalidInput as error:
            self.frame.banner.show_error(tr("The preset was not loaded"), error.user_message)
            return
        self.decisions.clear()
        self.form.show_state(state)
        self._changed()

    def _fill(self, address: Address, ground: Ground) -> None:
        """Fill in what an address says; that counts as nothing typed."""
        query = address.query
        preset = self.presets.named(query["preset"]) if "preset" in query else None
        try:
            state = BulkState.from_content(preset.content) if preset else self.form.state()
            state = filled_in(state, query, ground.vocabulary)
        except InvalidInput as error:
            self.form.scope.say_error(error.user_message)
            return
        if query:
            self.decisions.clear()
        self.form.show_state(state)
        self._clean = self.form.state()
        self._tell_draft()
        if self.isVisible():
            (self.form.rule.value if state.tokens else self.form.scope.line).setFocus()

    # What is shown

    def _stand_on(self, ground: Ground) -> None:
        is_first, self._ground, self._is_awaited = self._ground is None, ground, False
        symbol = currency_symbol(ground.basis.price_list.currency)
        self.form.scope.set_vocabulary(ground.vocabulary)
        self.form.rule.set_symbol(symbol)
        self.form.limits.set_symbol(symbol)
        self.frame.banner.hide()
        if is_first:
            self.form.show_state(replace(self.form.state(), step=ground.step))
            self._clean = self.form.state()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._fill(wanted, ground)
            if not wanted.query:
                self._bring_back()
        self._update()

    def _bring_back(self) -> None:
        """Show the draft that was kept when the person left the program."""
        kept = self._draft.read()
        if kept is not None:
            state, self.decisions.made = kept
            self.form.show_state(state)
            self._tell_draft()

    def _update(self) -> None:
        """Ask for the preview of what the person set; what is shown stays until it is there."""
        ground = self._ground
        if ground is None:
            return
        state, reading, limits = self.form.state(), self.form.rule.read(), self.form.limits.read()
        countries = frozenset(resolve(state.tokens, ground.basis.countries))
        counts = {token: len(matching(token, ground.basis.countries)) for token in state.tokens}
        self.form.scope.show_counts(counts)
        lost = ground.vocabulary.lost_view(state.tokens)
        if lost != self._lost:
            self._lost = lost
            self.form.scope.say_error(_lost_text(lost) if lost else "")
        if not countries or lost is not None:
            self.previewer.forget()
            self._show_nothing()
            return
        order = order_of(state, countries, self.decisions.made, reading, limits)
        self._conflicts.watch(ground.basis, countries, state.networks)
        self.previewer.ask(order, ground.basis, ground.vocabulary.names)

    def _show_preview(self, shown: ShownPreview) -> None:
        ground = self._ground
        if ground is None:
            return
        before, self._shown = self._shown, shown
        self.frame.show_preview(shown, ground.basis.price_list.currency, ground.vocabulary.names)
        rows = trn("{count:,} row", "{count:,} rows", len(shown.preview.rows))
        self.counted.emit(tr("Preview of {rows} · {time} ms", rows=rows, time=shown.milliseconds))
        if before is not None:
            self._place.tasks.let_go(before.sheet.lines, before.preview.rows)
        if self._is_awaited:
            self.apply()

    def _show_nothing(self) -> None:
        self._shown = None
        self.frame.show_nothing()
        self.counted.emit("")

    def _show_error(self, error: AppError) -> None:
        self._is_awaited = False
        self.frame.banner.show_error(tr("The prices could not be read"), error.user_message, can_retry=True)

    def _tell_draft(self) -> None:
        if self.has_draft:
            self._draft.put(self.form.state(), self.decisions.made)
        else:
            self._draft.forget()
        self.draft_changed.emit(self.unsaved)

    def _connect(self) -> None:
        frame = self.frame
        self.form.changed.connect(self._follow_form)
        self.decisions.changed.connect(self._changed)
        self.previewer.arrived.connect(self._show_preview)
        self.previewer.failed.connect(self._show_error)
        self._saver.saved.connect(self._saved)
        self._saver.failed.connect(self._not_saved)
        self.presets.chosen.connect(self._load)
        self.presets.refused.connect(
            lambda error: frame.banner.show_error(tr("The preset was not saved"), error.user_message)
        )
        for chip in frame.chips.values():
            chip.clicked.connect(self._filter)
        frame.find_field.textChanged.connect(self._filter)
        for button, run in (
            (frame.apply, self.apply), (frame.cancel, self.close_edit), (frame.close_button, self.close_edit),
            (frame.save_preset, self.name_preset), (frame.loss.show_button, self._show_losing),
            (frame.conflict.update_button, self.reload),
            (frame.banner.retry, self.reload),
        ):  # fmt: skip
            button.clicked.connect(run)

    def _filter(self) -> None:
        self.model.set_filter(self.frame.find_field.text(), self.frame.chosen)

    def _show_losing(self) -> None:
        self.frame.chips[PreviewFilter.WARNINGS].click()
        self.table.setFocus()
        self.table.selectRow(0)

    def name_preset(self) -> None:
        """Ask what the edit is to be called as a preset."""
        if self._ground is not None:
            state, reading = self.form.state(), self.form.rule.read()
            currency = self._ground.basis.price_list.currency
            rule = rule_text(reading.rule, currency) if reading.is_complete else ""
            scope = scope_text(state.tokens, self._ground.vocabulary, 0)
            self.presets.ask_name(state, ", ".join(part for part in (scope, rule) if part))


def _lost_text(view: str) -> str:
    return tr("You have no view “{name}”. Remove it, or save one under this name.", name=view)
