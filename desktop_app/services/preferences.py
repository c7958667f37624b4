"""What a team settled for itself, kept in its database: typed, checked, with defaults for a fresh one."""

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from desktop_app.domain.errors import InvalidInput, NotAllowed, StaleData
from desktop_app.domain.language import tr
from desktop_app.domain.money import parse_currency
from desktop_app.domain.pricing import WHOLE
from desktop_app.domain.refresh import NO_REFRESH, RefreshSchedule
from desktop_app.services.clock import Clock
from desktop_app.services.costs import convert_costs
from desktop_app.storage.unit_of_work import Database, UnitOfWork

LONGEST_COMPANY: Final = 80
# Micro-units; 1 leaves prices as they are.
STEPS: Final = (1, 100, 1_000, 5_000, 10_000)
FEWEST_DECIMALS: Final = 3
MOST_DECIMALS: Final = 6
_KEY: Final = "preference.{}"


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings of the team.

    Attributes:
        company: what price lists and statements are headed with, "" for none.
        currency: the main currency: that of the standard price list and of new clients.
        step: micro-units that new prices are rounded to, one of ``STEPS``.
        decimals: how many decimals prices are shown with, 3 to 6; a price that has more shows all it has.
        target_margin: hundredths of a percent; countries below it are marked "Below target".
        shows_markup: the price table shows markup instead of margin.
        rules_follow_costs: after a sync, prices that a rule made are made anew from the new costs.
        refresh: when the costs are pulled by themselves.
    """

    company: str = ""
    currency: str = "EUR"
    step: int = 100
    decimals: int = 4
    target_margin: int = 2500
    shows_markup: bool = False
    rules_follow_costs: bool = False
    refresh: RefreshSchedule = NO_REFRESH

    def __post_init__(self) -> None:
        company = self.company
        if len(company) > LONGEST_COMPANY or not company.isprintable() or company != company.strip():
            raise InvalidInput(
                tr("The company's name is one line of at most {count} characters.", count=LONGEST_COMPANY),
                fields={"company": ""},
            )
        if self.step not in STEPS:
            raise InvalidInput(tr("Prices cannot be rounded to this step."), fields={"step": ""})
        if not FEWEST_DECIMALS <= self.decimals <= MOST_DECIMALS:
            raise InvalidInput(tr("Prices are shown with 3 to 6 decimals."), fields={"decimals": ""})
        if not 0 <= self.target_margin < WHOLE:
            raise InvalidInput(tr("The target margin is at least 0 % and below 100 %."), fields={"target_margin": ""})


class PreferencesService:
    """Reads and changes what the team settled."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def read(self) -> Preferences:
        """Return the preferences; what a newer or broken program stored falls back to the default."""
        with self._database.read() as uow:
            return read_preferences(uow)

    def change(self, *, actor: str, **changes: Any) -> Preferences:
        """Change the named attributes of ``Preferences``; the others stay as they are. Returns the preferences from before.

        Raises:
            InvalidInput: a value that is none; nothing was changed then.
            NotAllowed: another main currency while there are prices or clients.
        """
        with self._database.begin() as uow:
            before = read_preferences(uow)
            if "currency" in changes:
                changes["currency"] = parse_currency(changes["currency"])
            after = replace(before, **changes)
            for name in sorted(changes):
                old, new = getattr(before, name), getattr(after, name)
                if old == new:
                    continue
                self._store(uow, name, new)
                uow.activity.add(self._clock(), actor, "setting_changed", name, before=_text(old), after=_text(new))
            return before

    @staticmethod
    def can_restore(name: str) -> bool:
        """Whether ``restore`` knows a setting: the main currency is for good."""
        return name != "currency" and name in {field.name for field in fields(Preferences)}

    def restore(self, name: str, before: str, after: str, *, actor: str) -> None:
        """Give a setting the value ``before``, as the log wrote it, while it still is ``after``.

        Raises:
            StaleData: it is another value by now.
            InvalidInput: ``before`` is none.
        """
        now = getattr(self.read(), name)
        if _text(now) != after:
            raise StaleData(tr("This was changed again since. What is there now stays."))
        self.change(actor=actor, **{name: _parsed(now, before)})

    def _store(self, uow: UnitOfWork, name: str, value: object) -> None:
        if name == "currency":
            self._set_currency(uow, str(value))
        else:
            uow.settings.set(_KEY.format(name), _text(value))

    def _set_currency(self, uow: UnitOfWork, currency: str) -> None:
        if uow.prices.has_prices() or uow.clients.list_all():
            raise NotAllowed(
                tr("The main currency stays as it is: there are prices or clients already, and their amounts would change "
                   "their meaning.")
            )  # fmt: skip
        standard = uow.prices.default_list()
        if standard is not None:
            uow.prices.set_currency(standard.list_id, currency)
            convert_costs(uow, self._clock())


def read_preferences(uow: UnitOfWork) -> Preferences:
    """Return the preferences within a transaction."""
    found = Preferences()
    for field in fields(Preferences):
        text = uow.settings.get(_KEY.format(field.name))
        if text:
            # One setting that a newer program wrote, or a hand in the database, must not cost the others.
            with suppress(InvalidInput, ValueError):
                found = replace(found, **{field.name: _parsed(getattr(found, field.name), text)})
    standard = uow.prices.default_list()
    return found if standard is None else replace(found, currency=standard.currency)


def _parsed(default: object, text: str) -> Any:
    """Return ``text`` as a value of the kind that ``default`` is."""
    if isinstance(default, RefreshSchedule):
        return RefreshSchedule.from_text(text)
    if isinstance(default, bool):
        return text == "on"
    return int(text) if isinstance(default, int) else text


def _text(value: object) -> str:
    if isinstance(value, RefreshSchedule):
        return value.text
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
