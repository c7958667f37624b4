"""The rules about sender IDs by country: what is shipped, what the team settled over it, and whom a change affects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desktop_app.domain.clients import clean_text
from desktop_app.domain.destinations import Recipient, parse_recipients
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import later, tr
from desktop_app.domain.sender_ids import MAX_ALPHANUMERIC, ApprovalStatus, SenderRule, parse_sender, rule_for, usable
from desktop_app.services.clock import Clock
from desktop_app.services.reference import sender_rules
from desktop_app.storage.repositories.sender_rules import OwnRule
from desktop_app.storage.unit_of_work import Database, UnitOfWork

_LONGEST_TEXT: Final = 300


def rules_in_force(uow: UnitOfWork) -> Mapping[str, SenderRule]:
    """Return the rule of each country: the team's own, else the shipped one; a country without either is missing."""
    return {**sender_rules(), **{iso: own.rule for iso, own in uow.sender_rules.list_all().items()}}


def rule_in_force(uow: UnitOfWork, country: str) -> SenderRule:
    """Return the rule of one country."""
    own = uow.sender_rules.find(country)
    return own.rule if own is not None else rule_for(sender_rules(), country)


@dataclass(frozen=True, slots=True)
class CountryRule:
    """A country's rule as the editor shows it.

    Attributes:
        rule: what holds.
        shipped: what is shipped with the product.
        checked_at: when the team last made sure, None for a shipped rule.
        changed_by: who settled it, "" for a shipped rule.
    """

    rule: SenderRule
    shipped: SenderRule
    checked_at: datetime | None = None
    changed_by: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the team settled it."""
        return self.checked_at is not None


@dataclass(frozen=True, slots=True)
class AffectedSend:
    """Something that waits to be sent and that a change of a rule concerns.

    Attributes:
        what: its name.
        client: for whom.
        address: where the window shows it.
        stops: it could go by the old rule and cannot by the new one.
    """

    what: str
    client: str
    address: str
    stops: bool


class CountryRulesService:
    """Reads and changes the rules. Whoever sends asks ``rules_in_force``: a change holds for the next message."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_all(self) -> list[CountryRule]:
        """Return the rule of every country that has one, by ISO code."""
        with self._database.read() as uow:
            own = uow.sender_rules.list_all()
        shipped = sender_rules()
        return [_country_rule(iso, own.get(iso)) for iso in sorted(shipped.keys() | own.keys())]

    def in_force(self) -> Mapping[str, SenderRule]:
        """Return the rule that holds in each country that has one."""
        with self._database.read() as uow:
            return rules_in_force(uow)

    def get(self, country: str) -> CountryRule:
        """Return the rule of one country."""
        with self._database.read() as uow:
            return _country_rule(country, uow.sender_rules.find(country))

    def set(self, rule: SenderRule, *, actor: str) -> OwnRule | None:
        """Let the team's own rule hold, last checked now; return the one from before, None where the shipped one held.

        Raises:
            InvalidInput: a text that is too long or cannot be stored, or a length that no name has.
        """
        checked = _checked(rule)
        now = self._clock()
        with self._database.begin() as uow:
            before = uow.sender_rules.find(rule.country)
            former = rule_in_force(uow, rule.country)
            uow.sender_rules.store(OwnRule(checked, now, now, actor))
            uow.activity.add(now, actor, "sender_rule_set", rule.country, before=rule_words(former), after=rule_words(checked),
                             note=checked.source)  # fmt: skip
        return before

    def reset(self, country: str, *, actor: str) -> OwnRule | None:
        """Let the shipped rule hold again; return the team's own, None when there was none."""
        with self._database.begin() as uow:
            before = uow.sender_rules.find(country)
            if before is not None:
                uow.sender_rules.remove(country)
                shipped = rule_for(sender_rules(), country)
                uow.activity.add(self._clock(), actor, "sender_rule_reset", country, before=rule_words(before.rule),
                                 after=rule_words(shipped))  # fmt: skip
        return before

    def put_back(self, country: str, before: OwnRule | None, *, actor: str) -> None:
        """Undo ``set`` or ``reset``."""
        if before is None:
            self.reset(country, actor=actor)
            return
        with self._database.begin() as uow:
            former = rule_in_force(uow, country)
            uow.sender_rules.store(before)
            uow.activity.add(self._clock(), actor, "sender_rule_set", country, before=rule_words(former),
                             after=rule_words(before.rule), note=before.rule.source)  # fmt: skip

    def affected(self, rule: SenderRule) -> list[AffectedSend]:
        """Return the drafts and scheduled batches with messages for the rule's country, those that it stops first."""
        with self._database.read() as uow:
            former = rule_in_force(uow, rule.country)
            found = [
                AffectedSend(one.name or tr("Batch {number}", number=one.batch_id), one.client,
                             f"messages?batch={one.batch_id}", _stops(uow, one.client, one.sender, former, rule))
                for one in uow.waiting_sends.batches(rule.country)
            ]  # fmt: skip
            for one in uow.waiting_sends.drafts():
                if rule.country in _countries(one.recipients):
                    name = one.name or tr("Draft {number}", number=one.draft_id)
                    stops = _stops(uow, one.client, one.sender, former, rule)
                    found.append(AffectedSend(name, one.client, f"compose/{one.draft_id}", stops))
        return sorted(found, key=lambda one: not one.stops)


def rule_words(rule: SenderRule) -> str:
    """Return what a rule says about names, in the words of the rules file, for the log."""
    return f"{rule.alphanumeric.value}, {rule.longest}" + (f", {rule.documents}" if rule.documents else "")


def _country_rule(country: str, own: OwnRule | None) -> CountryRule:
    shipped = rule_for(sender_rules(), country)
    if own is None:
        return CountryRule(shipped, shipped)
    return CountryRule(own.rule, shipped, own.checked_at, own.changed_by)


def _checked(rule: SenderRule) -> SenderRule:
    if not 1 <= rule.longest <= MAX_ALPHANUMERIC:
        raise InvalidInput(tr("A sender ID has 1 to 11 characters."), fields={"longest": ""})
    days = rule.days.replace("–", "-").replace(" ", "")
    first, dash, last = days.partition("-")
    numbers = [part for part in (first, last) if part]
    if days and (
        not all(part.isascii() and part.isdigit() and len(part) < 4 for part in numbers) or bool(dash) != bool(last)
    ):
        message = tr("Write working days like 5 or 5-10.")
        raise InvalidInput(message, fields={"days": message})

    def text(value: str) -> str:
        return clean_text(value, later("note"), longest=_LONGEST_TEXT)

    return SenderRule(
        rule.country, rule.alphanumeric, rule.preregistration, rule.documents, text(rule.source), text(rule.note),
        rule.longest, days, text(rule.fee), text(rule.content),
    )  # fmt: skip


def _countries(recipients: str) -> set[str]:
    return {one.country for one in parse_recipients(recipients.splitlines()) if isinstance(one, Recipient)}


def _stops(uow: UnitOfWork, client_name: str, sender_text: str, former: SenderRule, rule: SenderRule) -> bool:
    """Return whether a sender ID that may be used by the former rule may not by the new one."""
    try:
        sender = parse_sender(sender_text)
        client = uow.clients.get(client_name)
    except (InvalidInput, NotFound):
        return False
    found = uow.senders.find(client.client_id, sender.key)
    status = uow.senders.approvals(found[0]).get(rule.country) if found else None
    known = ApprovalStatus(status) if status else None
    return usable(sender, former, known).allowed and not usable(sender, rule, known).allowed
