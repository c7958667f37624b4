"""Taking back what a line of the log tells, where it has a state from before; price changes have a way of their own."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from desktop_app.domain.activity import ActivityEntry, words_of
from desktop_app.domain.errors import StaleData
from desktop_app.domain.language import tr
from desktop_app.domain.money import amount_of
from desktop_app.services.job import Job
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.parts import WindowParts
from desktop_app.workers.runner import Outcome, Topic

Undo = Callable[[WindowParts, ActivityEntry], object]


def undoing(parts: WindowParts, entry: ActivityEntry) -> Callable[[Job], Outcome[str]] | None:
    """Return the command that brings back what was there before ``entry``, None when it cannot be undone.

    What somebody changed since stays: the command then raises StaleData.
    """
    undo = _UNDO.get(entry.kind)
    if undo is None or (entry.kind in _NEEDS_BEFORE and not entry.detail.get("before")):
        return None
    if entry.kind == "setting_changed" and not parts.preferences.can_restore(entry.subject):
        return None
    return partial(_run, undo, parts, entry)


def _run(undo: Undo, parts: WindowParts, entry: ActivityEntry, _job: Job) -> Outcome[str]:
    undo(parts, entry)
    words = words_of(entry, country_names(parts.language))
    text = tr("Undone: {what} · {object}", what=words.what, object=words.target)
    return Outcome(text, frozenset({Topic.PRICES, Topic.PROVIDERS, Topic.SETTINGS}))


def _expect(*, is_so: bool) -> None:
    if not is_so:
        raise StaleData(tr("This was changed again since. What is there now stays."))


def _country(parts: WindowParts, entry: ActivityEntry) -> None:
    enabled = bool(entry.detail.get("enabled"))
    _expect(is_so=all(row.enabled is enabled for row in parts.pricing.list_prices([entry.subject])))
    parts.pricing.set_country_enabled(entry.subject, enabled=not enabled, actor=parts.actor)


def _switch(parts: WindowParts, entry: ActivityEntry) -> None:
    on, now = bool(entry.detail.get("on")), parts.accounts.switches()
    _expect(is_so=(now.service if entry.subject == "service" else now.api) is on)
    set_it = parts.accounts.set_service if entry.subject == "service" else parts.accounts.set_api
    set_it(on=not on, actor=parts.actor)


def _setting(parts: WindowParts, entry: ActivityEntry) -> None:
    before, after = str(entry.detail.get("before", "")), str(entry.detail.get("after", ""))
    parts.preferences.restore(entry.subject, before, after, actor=parts.actor)


def _client_price(parts: WindowParts, entry: ActivityEntry) -> None:
    client, _, iso = entry.subject.rpartition(" ")
    before, after = (_micro(entry, key) for key in ("before", "after"))
    parts.pricing.set_client_price(
        client, iso, None if before is None else amount_of(before), actor=parts.actor, expected=(after,)
    )


def _default(parts: WindowParts, entry: ActivityEntry) -> None:
    now = next((one.name for one in parts.accounts.list_providers() if one.is_default), "")
    _expect(is_so=now == entry.subject)
    parts.providers.set_default(str(entry.detail["before"]), actor=parts.actor)


def _resume(parts: WindowParts, entry: ActivityEntry) -> None:
    _expect(is_so=parts.providers.resume(entry.subject, actor=parts.actor))


def _number(parts: WindowParts, entry: ActivityEntry) -> None:
    provider, _, iso = entry.subject.rpartition(" ")
    _expect(is_so=parts.sender_ids.fallback_numbers(provider).get(iso) == entry.detail.get("number"))
    before = entry.detail.get("before")
    if before:
        parts.sender_ids.set_fallback_number(provider, iso, str(before), actor=parts.actor)
    else:
        parts.sender_ids.remove_fallback_number(provider, iso, actor=parts.actor)


def _micro(entry: ActivityEntry, key: str) -> int | None:
    value = entry.detail.get(key)
    return value if isinstance(value, int) else None


_NEEDS_BEFORE: Final = frozenset({"provider_default", "fallback_number_removed"})
_UNDO: Final[Mapping[str, Undo]] = {
    "country_switched": _country, "switched": _switch, "setting_changed": _setting, "client_price_set": _client_price,
    "provider_default": _default, "route_paused": _resume, "fallback_number_set": _number,
    "fallback_number_removed": _number,
}  # fmt: skip
