"""The message of the screen: how it is cut into segments, what could make it cheaper, its fields and its limits."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.fields import FieldText, field_places
from desktop_app.domain.language import tr, trn
from desktop_app.domain.money import amount_of
from desktop_app.domain.segments import SegmentPlan, plan_segments
from desktop_app.domain.text_warnings import is_shouted, shorteners_in
from desktop_app.services.audiences import NOBODY, Audience
from desktop_app.services.compositions import TextLimits
from desktop_app.views.dressing import redress
from desktop_app.views.moments import money_text
from desktop_app.views.screens.compose.checker import Checked
from desktop_app.views.screens.compose.frame import ComposeFrame
from desktop_app.views.screens.compose.segment_meter import MANY
from desktop_app.views.screens.compose.suggestion_bar import Suggestion, suggest
from desktop_app.views.screens.compose.texts import some_countries


class MessagePart(QObject):
    """Shows at each key what the text comes to. ``edited`` when the person changed text or fallbacks.

    Attributes:
        suggestion: what is offered instead of the characters that force Unicode, None for nothing.
    """

    edited = Signal()

    def __init__(self, view: ComposeFrame, parent: QObject, country_name: Callable[[str], str]) -> None:
        super().__init__(parent)
        self._view, self._country_name = view, country_name
        self.suggestion: Suggestion | None = None
        self._limits: TextLimits | None = None
        self._audience: Audience = NOBODY
        self._checked: Checked | None = None
        self._plan: SegmentPlan | None = None
        self._kept = ""
        self._is_filling = False
        view.message.textChanged.connect(self._note_edit)
        view.fallbacks.edited.connect(self._note_edit)
        view.field_button.clicked.connect(self._open_fields)
        view.suggestion.taken.connect(self.take_suggestion)
        view.suggestion.kept.connect(self._keep_characters)

    @property
    def text(self) -> str:
        """What is written."""
        return self._view.message.text

    @property
    def shift_tables(self) -> frozenset[str]:
        """The national tables of the provider that sends."""
        return self._limits.shift_tables if self._limits is not None else frozenset()

    def fill(self, text: str, fallbacks: dict[str, str]) -> None:
        """Show another text."""
        self._is_filling = True
        self._view.fallbacks.show_values(fallbacks)
        self._view.message.setPlainText(text)
        self._is_filling = False
        self._kept = ""
        self.show_audience(NOBODY)

    def show_audience(self, audience: Audience) -> None:
        """Count fields with the values of these recipients."""
        self._audience, self._checked = audience, None
        self._show()

    def show_limits(self, limits: TextLimits) -> None:
        """Count as the provider does that sends."""
        self._limits = limits
        self._show()

    def show_checked(self, checked: Checked) -> None:
        """Say what the suggestion saves."""
        self._checked = checked
        self._view.suggestion.show_suggestion(self.suggestion, self._plan, self._saved_money())
        self._show_warnings()

    def take_suggestion(self) -> None:
        """Write what is suggested, as one step that can be undone."""
        if self.suggestion is not None:
            self._view.message.write(self.suggestion.text)
            self._view.message.setFocus()

    def _keep_characters(self) -> None:
        """Leave the characters as they are, until others come."""
        if self.suggestion is not None:
            self._kept = "".join(one.character for one in self.suggestion.characters)
            self._show()

    def _note_edit(self) -> None:
        if not self._is_filling:
            self._show()
            self.edited.emit()

    def _show(self) -> None:
        text = self.text
        longest = self._longest(text)
        own: SegmentPlan | None = None
        self._plan, problem = None, ""
        if text.strip():
            try:
                own = plan_segments(text, shift_tables=self.shift_tables)
                self._plan = plan_segments(longest, shift_tables=self.shift_tables)
            except InvalidInput as error:
                problem = error.user_message
        self._view.message.mark(own.forcing if own is not None else ())
        self._view.meter.show_plan(self._plan)
        self._show_figures(longest)
        self._show_suggestion(own)
        self._show_limit(problem, longest)
        self._show_warnings()
        self._show_fields(text)

    def _longest(self, text: str) -> str:
        """Return the text with the longest value of each field; where nobody has one its name stands."""
        filled = FieldText(text, self._view.fallbacks.values)
        values = filled.values(self._audience.longest)
        return filled.write([value or f"{{{name}}}" for name, value in zip(filled.names, values, strict=True)])

    def _show_figures(self, longest: str) -> None:
        view, plan = self._view, self._plan
        for part in (view.encoding, view.characters, view.segments):
            part.setVisible(plan is not None)
        if plan is None:
            return
        is_unicode = plan.encoding.value == "UCS-2"
        _say(view.encoding, tr("Unicode (UCS-2)") if is_unicode else "GSM-7", "warn-small" if is_unicode else "facts")
        view.characters.setText(trn("{count:,} character", "{count:,} characters", len(longest)))
        view.segments.setText(trn("{count:,} segment", "{count:,} segments", plan.count))

    def _show_suggestion(self, plan: SegmentPlan | None) -> None:
        found = suggest(self.text, plan, self.shift_tables) if plan is not None and plan.forcing else None
        if found is not None and {one.character for one in found.characters} <= set(self._kept):
            found = None
        self.suggestion = found
        self._view.suggestion.show_suggestion(found, plan, self._saved_money())

    def _saved_money(self) -> str:
        """Return what taking the suggestion saves, "" while that is not known."""
        checked = self._checked
        composition = checked.composition if checked is not None else None
        if checked is None or composition is None or composition.replaced is None or self.suggestion is None:
            return ""
        if checked.wanted.text != self.text or self.suggestion.changes_letters:
            return ""
        saved = composition.sheet.total - composition.replaced.total
        return money_text(amount_of(saved), composition.sheet.currency) if saved > 0 else ""

    def _show_limit(self, problem: str, longest: str) -> None:
        most = self._limits.longest if self._limits is not None else None
        if not problem and most is not None and len(longest) > most:
            problem = tr(
                "The text has {length} characters; this provider takes {longest}.", length=len(longest), longest=most
            )
        if not problem and self._plan is not None and self._plan.count > MANY:
            problem = tr("Each message is billed as {count:,} SMS.", count=self._plan.count)
        self._view.limit.setText(problem)
        self._view.limit.setVisible(bool(problem))

    def _show_warnings(self) -> None:
        """Say what networks filter, what reads like shouting, and which country asks for a way to opt out."""
        text, checked = self.text, self._checked
        said = [
            tr("{host} is a link shortener that anybody can use: networks often filter such links.", host=host)
            for host in shorteners_in(text)
        ]
        said += [tr("The text is in capitals: filters take that for spam.")] if is_shouted(text) else []
        composition = checked.composition if checked is not None and checked.wanted.text == text else None
        if composition is not None and composition.without_opt_out:
            names = some_countries(composition.without_opt_out, self._country_name)
            said.append(
                tr("{countries}: the country rule asks for a way to opt out, such as “Reply STOP”.", countries=names)
            )
        self._view.warnings.setText("\n".join(said))
        self._view.warnings.setVisible(bool(said))

    def _show_fields(self, text: str) -> None:
        names = dict.fromkeys(name for _start, _end, name in field_places(text))
        longest = self._audience.longest
        counted = next((name for name in names if name in longest), "")
        self._view.message_facts.setText(
            tr(
                "{field} counted as its longest value, {count:,} characters",
                field=f"{{{counted}}}",
                count=len(longest[counted]),
            )
            if counted
            else ""
        )
        everybody = len(self._audience.numbers)
        lacking = {name: everybody - self._audience.having.get(name, 0) for name in names}
        self._view.fallbacks.need({name: count for name, count in lacking.items() if count})

    def _open_fields(self) -> None:
        """Offer the fields that the recipients have values for."""
        button = self._view.field_button
        menu = QMenu(button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self._audience.longest:
            menu.addAction(f"{{{name}}}", partial(self._view.message.insert_field, name))
        if not self._audience.longest:
            menu.addAction(tr("The recipients have no fields")).setEnabled(False)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _say(line: QLabel, text: str, look: str) -> None:
    line.setText(text)
    line.setProperty("look", look)
    redress(line)
