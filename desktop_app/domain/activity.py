"""What a line of the log of activities is, and how each kind is said in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from desktop_app.domain.language import in_language, tr, trn
from desktop_app.domain.money import micro_text

# Saved price changes are kept with their rows, not as lines of the log; these are their kinds.
PRICES_CHANGED: Final = "prices_changed"
PRICES_REVERTED: Final = "prices_reverted"
MISSING: Final = "–"


class ActivityPlace(NamedTuple):
    """Where a line stands in the order of time; lines of the same moment by their source, then by id."""

    at: datetime
    source: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class SinglePrice:
    """The only row of a price change: prices in micro-units, None where there was none."""

    country: str
    mccmnc: str | None
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """The price change that a line stands for.

    Attributes:
        rows: how many prices it changed.
        rule: the rule's text, "" for prices set by hand.
        reverts_id: the change that it took back, None for an ordinary one.
        reverted_by: the later change that took it back, or None.
        single: its row, when it has only one.
    """

    change_id: int
    rows: int
    rule: str
    reverts_id: int | None
    reverted_by: int | None = None
    single: SinglePrice | None = None


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One line of the log of who did what.

    Attributes:
        place: when, and where among the others.
        kind: a word for programs; ``kind_text`` says it for a person.
        subject: what it was done to, as stored: a name, a country's ISO code, the label of a price change.
        detail: more, by kind.
        change: the price change it stands for, or None.
    """

    place: ActivityPlace
    actor: str
    kind: str
    subject: str
    detail: Mapping[str, object]
    change: ChangeMark | None = None

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.place.at


class Area(StrEnum):
    """What kinds are about; the filter of the screen."""

    PRICES = "prices"
    COSTS = "costs"
    PROVIDERS = "providers"
    CLIENTS = "clients"
    SENDERS = "senders"
    MESSAGES = "messages"
    SYSTEM = "system"


AREAS: Final[Mapping[str, Area]] = {
    PRICES_CHANGED: Area.PRICES, PRICES_REVERTED: Area.PRICES, "standing_rule_set": Area.PRICES,
    "loss_allowed": Area.PRICES, "loss_ended": Area.PRICES, "client_price_set": Area.PRICES,
    "list_issued": Area.PRICES,
    "preset_saved": Area.PRICES,
    "preset_deleted": Area.PRICES, "country_switched": Area.PRICES,
    "costs_stored": Area.COSTS, "rate_set": Area.COSTS,
    "rate_removed": Area.COSTS,
    "provider_added": Area.PROVIDERS, "provider_changed": Area.PROVIDERS, "provider_removed": Area.PROVIDERS,
    "provider_default": Area.PROVIDERS, "secret_replaced": Area.PROVIDERS, "secret_removed": Area.PROVIDERS,
    "route_paused": Area.PROVIDERS, "route_resumed": Area.PROVIDERS,
    "client_added": Area.CLIENTS, "client_paused": Area.CLIENTS, "client_resumed": Area.CLIENTS,
    "api_key_made": Area.CLIENTS, "opted_out": Area.CLIENTS, "client_terms_changed": Area.CLIENTS,
    "client_archived": Area.CLIENTS, "client_restored": Area.CLIENTS, "clients_imported": Area.CLIENTS,
    "credit_low": Area.CLIENTS, "statement_written": Area.CLIENTS, "mail_refused": Area.CLIENTS,
    "contact_group_added": Area.CLIENTS, "contact_group_renamed": Area.CLIENTS, "contact_group_removed": Area.CLIENTS,
    "contacts_added": Area.CLIENTS, "contact_changed": Area.CLIENTS, "contacts_left_group": Area.CLIENTS,
    "contacts_removed": Area.CLIENTS,
    "sender_requested": Area.SENDERS, "sender_approved": Area.SENDERS, "sender_rejected": Area.SENDERS,
    "sender_at_provider": Area.SENDERS, "sender_decision_undone": Area.SENDERS, "sender_documents_asked": Area.SENDERS,
    "sender_documents_added": Area.SENDERS, "sender_document_marked": Area.SENDERS, "sender_expired": Area.SENDERS,
    "sender_expiring": Area.SENDERS, "sender_rule_set": Area.SENDERS, "sender_rule_reset": Area.SENDERS,
    "fallback_number_set": Area.SENDERS, "fallback_number_removed": Area.SENDERS,
    "batch_paused": Area.MESSAGES, "batch_resumed": Area.MESSAGES, "batch_stopped": Area.MESSAGES,
    "batch_rescheduled": Area.MESSAGES, "outcome_marked": Area.MESSAGES, "sending_paused": Area.MESSAGES,
    "sending_resumed": Area.MESSAGES,
    "mail_again": Area.SYSTEM, "mail_dropped": Area.SYSTEM,
    "switched": Area.SYSTEM, "setting_changed": Area.SYSTEM, "backup_made": Area.SYSTEM,
    "backup_restored": Area.SYSTEM,
}  # fmt: skip


def area_text(area: Area) -> str:
    """Return what a person calls an area."""
    return {
        Area.PRICES: tr("Prices"), Area.COSTS: tr("Costs and rates"), Area.PROVIDERS: tr("Providers"),
        Area.CLIENTS: tr("Clients"), Area.SENDERS: tr("Sender IDs"), Area.MESSAGES: tr("Messages"), Area.SYSTEM: tr("Settings"),
    }[area]  # fmt: skip


def kind_text(kind: str) -> str:
    """Return a kind in words; one that this program does not know is shown as it is stored."""
    words = {
        PRICES_CHANGED: tr("Prices changed"), PRICES_REVERTED: tr("Prices restored"),
        "standing_rule_set": tr("Pricing rule set"), "loss_allowed": tr("Loss allowed"),
        "loss_ended": tr("Loss no longer allowed"),
        "client_price_set": tr("Client price set"),
        "country_switched": tr("Country switched on or off"), "list_issued": tr("Price list issued"),
        "preset_saved": tr("Bulk edit preset saved"), "preset_deleted": tr("Bulk edit preset deleted"),
        "costs_stored": tr("Costs updated"), "rate_set": tr("Exchange rate set"), "rate_removed": tr("Exchange rate removed"),
        "provider_added": tr("Provider added"), "provider_changed": tr("Provider changed"),
        "provider_removed": tr("Provider removed"), "provider_default": tr("Default provider chosen"),
        "secret_replaced": tr("Provider key replaced"), "secret_removed": tr("Provider key removed"),
        "route_paused": tr("Provider paused"), "route_resumed": tr("Provider resumed"),
        "client_added": tr("Client added"), "client_paused": tr("Client paused"),
        "client_resumed": tr("Client resumed"), "api_key_made": tr("API key made"),
        "opted_out": tr("Numbers opted out"), "client_terms_changed": tr("Terms changed"),
        "client_archived": tr("Client archived"), "client_restored": tr("Client restored"),
        "clients_imported": tr("Clients imported"), "credit_low": tr("Credit below the alert"),
        "statement_written": tr("Statement written"), "mail_refused": tr("Mail not sent"),
        "contact_group_added": tr("Contact group added"), "contact_group_renamed": tr("Contact group renamed"),
        "contact_group_removed": tr("Contact group deleted"), "contacts_added": tr("Contacts stored"),
        "contact_changed": tr("Contact changed"), "contacts_left_group": tr("Contacts taken out of a group"),
        "contacts_removed": tr("Contacts deleted"),
        "sender_requested": tr("Sender ID requested"), "sender_approved": tr("Sender ID approved"),
        "sender_rejected": tr("Sender ID rejected"), "sender_at_provider": tr("Sender ID handed to the provider"),
        "sender_decision_undone": tr("Decision on a sender ID undone"),
        "sender_documents_asked": tr("Documents asked for"), "sender_documents_added": tr("Documents added"),
        "sender_document_marked": tr("Document marked"), "sender_expired": tr("Approval ended"),
        "sender_expiring": tr("Client warned that an approval ends"),
        "sender_rule_set": tr("Country rule set"), "sender_rule_reset": tr("Country rule back to shipped"),
        "fallback_number_set": tr("Number shown instead set"),
        "fallback_number_removed": tr("Number shown instead removed"),
        "switched": tr("Service switched on or off"), "setting_changed": tr("Setting changed"),
        "batch_paused": tr("Sending paused"), "batch_resumed": tr("Sending resumed"), "batch_stopped": tr("Sending stopped"),
        "batch_rescheduled": tr("Sending time changed"), "outcome_marked": tr("Unknown outcome decided"),
        "sending_paused": tr("All sending paused"), "sending_resumed": tr("All sending resumed"),
        "mail_again": tr("Mail sent again"), "mail_dropped": tr("Mail given up"),
        "backup_made": tr("Backup made"), "backup_restored": tr("Backup restored"),
    }  # fmt: skip
    return words.get(kind, kind.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Words:
    """A line in words.

    Attributes:
        what: one plain sentence without its full stop: "Prices changed: margin 30%".
        target: what it was done to, for a person.
        before: what was there before, "" when there is nothing to compare.
        after: what is there since, "" likewise.
        note: the reason, or more of what happened; "" for none.
    """

    what: str
    target: str
    before: str = ""
    after: str = ""
    note: str = ""


def words_of(entry: ActivityEntry, country_name: Callable[[str], str] = str) -> Words:
    """Return a line in words.

    Args:
        entry: the line.
        country_name: gives a country's name in the language of the person by its ISO code.
    """
    say = _SAY.get(entry.kind)
    return (
        Words(kind_text(entry.kind), entry.subject, note=_leftovers(entry)) if say is None else say(entry, country_name)
    )


Say = Callable[[ActivityEntry, Callable[[str], str]], Words]


def _prices(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    mark = entry.change
    rows = mark.rows if mark is not None else 0
    what = trn("{count:,} price changed", "{count:,} prices changed", rows)
    if mark is not None and mark.reverts_id is not None:
        what = trn("{count:,} price restored", "{count:,} prices restored", rows)
    note = tr("Restored later") if mark is not None and mark.reverted_by is not None else ""
    one = mark.single if mark is not None else None
    if one is None:
        # A label that begins with its rule would tell it twice.
        rule = mark.rule if mark is not None else ""
        named = entry.subject.removeprefix(rule).lstrip(": ") if rule else entry.subject
        return Words(what, named or tr("All countries"), note=note)
    place = name(one.country) if one.mccmnc is None else f"{name(one.country)} {one.mccmnc}"
    return Words(what, place, _price(one.before), _price(one.after), note)


def _costs(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    counts = {key: _count(entry, key) for key in ("raised", "lowered", "new", "closed")}
    texts = {
        "raised": tr("{count:,} up", count=counts["raised"]), "lowered": tr("{count:,} down", count=counts["lowered"]),
        "new": tr("{count:,} new", count=counts["new"]), "closed": tr("{count:,} gone", count=counts["closed"]),
    }  # fmt: skip
    changed = ", ".join(text for key, text in texts.items() if counts[key])
    return Words(
        kind_text(entry.kind), entry.subject, after=trn("{count:,} cost", "{count:,} costs", _count(entry, "rates")),
        note=changed or tr("none changed"),
    )  # fmt: skip


def _rate(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    since = tr("from {date} on", date=_text(entry, "date"))
    return Words(kind_text(entry.kind), entry.subject.replace("/", " → "), after=_text(entry, "rate"), note=since)


def _compared(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    return Words(
        kind_text(entry.kind), entry.subject, _text(entry, "before") or MISSING, _text(entry, "after") or MISSING
    )


def _setting(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    target = entry.subject.replace("_", " ").capitalize()
    return Words(kind_text(entry.kind), target, _text(entry, "before") or MISSING, _text(entry, "after") or MISSING)


def _added(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    return Words(kind_text(entry.kind), entry.subject, after=_text(entry, "base_url"))


def _paused(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    return Words(kind_text(entry.kind), entry.subject, tr("Working"), tr("Paused"), _text(entry, "reason"))


def _resumed(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    return Words(kind_text(entry.kind), entry.subject, tr("Paused"), tr("Working"))


def _switched(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    on = bool(entry.detail.get("on"))
    target = {"service": tr("International SMS"), "api": tr("API for clients")}.get(entry.subject, entry.subject)
    return Words(tr("Switched on") if on else tr("Switched off"), target, *_on_off(on=on))


def _country(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    on = bool(entry.detail.get("enabled"))
    what = tr("Country switched on") if on else tr("Country switched off")
    return Words(what, name(entry.subject), *_on_off(on=on))


def _standing_rule(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    target = tr("Everywhere") if entry.subject == "default" else entry.subject
    return Words(kind_text(entry.kind), target, after=_text(entry, "rule") or tr("no rule"))


def _loss(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    until = tr("until {date}", date=_text(entry, "until")[:10])
    return Words(kind_text(entry.kind), name(entry.subject), after=until, note=_text(entry, "reason"))


def _loss_ended(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    return Words(kind_text(entry.kind), name(entry.subject))


def _client_price(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    client, _, iso = entry.subject.rpartition(" ")
    target = f"{name(iso)} · {client}"
    return Words(kind_text(entry.kind), target, _price(_micro(entry, "before")), _price(_micro(entry, "after")))


def _number(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    provider, _, iso = entry.subject.rpartition(" ")
    target = f"{name(iso)} · {provider}"
    return Words(kind_text(entry.kind), target, _text(entry, "before") or MISSING, _text(entry, "number") or MISSING)


def _terms(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    term = _text(entry, "term")
    words = {
        "name": tr("name"), "email": tr("e-mail"), "refund_on": tr("refunds"), "overdraft": tr("overdraft"),
        "alert": tr("low-credit alert"), "alert_days": tr("alert by days"),
        "default_sender": tr("default sender ID"), "language": tr("language of mails"),
    }  # fmt: skip
    what = tr("Terms changed: {term}", term=words.get(term, term))
    return Words(what, entry.subject, _text(entry, "before") or MISSING, _text(entry, "after") or MISSING)


def _credit_low(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    days = entry.detail.get("days_left")
    alert = tr("alert at {amount}", amount=_price(_micro(entry, "alert")))
    if isinstance(days, int):
        alert = trn("lasts about {count} day", "lasts about {count} days", days)
    return Words(kind_text(entry.kind), entry.subject, after=_price(_micro(entry, "credit")), note=alert)


def _sender(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    listed = entry.detail.get("countries")
    countries = ", ".join(name(str(iso)) for iso in listed) if isinstance(listed, list) else ""
    return Words(kind_text(entry.kind), entry.subject, after=countries, note=_text(entry, "note"))


def _outcome(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    after = tr("sent") if entry.detail.get("sent") else tr("not sent")
    return Words(kind_text(entry.kind), entry.subject, tr("unknown"), after, _text(entry, "reason"))


def _document(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    words = {"new": tr("New"), "checked": tr("Checked"), "refused": tr("Refused"), "expired": tr("Expired")}
    before, after = (words.get(_text(entry, key), "") for key in ("before", "after"))
    until = _text(entry, "valid_until")
    note = tr("{document}, valid until {date}", document=_text(entry, "document"), date=until) if until else ""
    return Words(kind_text(entry.kind), entry.subject, before, after, note or _text(entry, "document"))


def _documents(entry: ActivityEntry, _name: Callable[[str], str]) -> Words:
    listed = entry.detail.get("documents")
    return Words(
        kind_text(entry.kind), entry.subject, after=", ".join(map(str, listed)) if isinstance(listed, list) else ""
    )


def _sender_rule(entry: ActivityEntry, name: Callable[[str], str]) -> Words:
    return Words(
        kind_text(entry.kind), name(entry.subject), _text(entry, "before"), _text(entry, "after"), _text(entry, "note")
    )


_SAY: Final[Mapping[str, Say]] = {
    PRICES_CHANGED: _prices, PRICES_REVERTED: _prices, "costs_stored": _costs, "rate_set": _rate, "rate_removed": _rate,
    "setting_changed": _setting, "provider_changed": _compared, "provider_default": _compared, "provider_added": _added,
    "route_paused": _paused, "route_resumed": _resumed, "switched": _switched, "country_switched": _country,
    "standing_rule_set": _standing_rule, "loss_allowed": _loss, "loss_ended": _loss_ended,
    "client_price_set": _client_price, "fallback_number_set": _number,
    "fallback_number_removed": _number, "sender_requested": _sender, "sender_approved": _sender,
    "client_terms_changed": _terms, "credit_low": _credit_low,
    "sender_rejected": _sender, "sender_at_provider": _sender, "sender_decision_undone": _sender,
    "sender_documents_asked": _sender, "sender_expired": _sender, "sender_expiring": _sender,
    "sender_document_marked": _document, "sender_documents_added": _documents, "sender_rule_set": _sender_rule,
    "sender_rule_reset": _sender_rule, "batch_rescheduled": _compared, "outcome_marked": _outcome,
}  # fmt: skip


def _on_off(*, on: bool) -> tuple[str, str]:
    texts = tr("Off"), tr("On")
    return texts if on else texts[::-1]


def _price(micro: int | None) -> str:
    """Return a price with four decimals, or as many of its six as it has."""
    if micro is None:
        return MISSING
    whole, _, fraction = micro_text(micro).partition(".")
    return in_language(f"{whole}.{fraction.rstrip('0').ljust(4, '0')}").replace("-", "\u2212")


def _micro(entry: ActivityEntry, key: str) -> int | None:
    value = entry.detail.get(key)
    return value if isinstance(value, int) else None


def _count(entry: ActivityEntry, key: str) -> int:
    value = entry.detail.get(key)
    return value if isinstance(value, int) else 0


def _text(entry: ActivityEntry, key: str) -> str:
    value = entry.detail.get(key)
    return "" if value is None else str(value)


def _leftovers(entry: ActivityEntry) -> str:
    """Return what a line of a kind without words of its own tells besides, as "name: value"."""
    told = [f"{key}: {value}" for key, value in entry.detail.items() if value not in (None, "", [], False)]
    return ", ".join(told)
