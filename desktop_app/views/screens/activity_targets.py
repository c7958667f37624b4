"""Where the things are that entries of the log are about."""

from desktop_app.domain.activity import AREAS, ActivityEntry, Area
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.navigator import Address

_OF_COUNTRY = frozenset({"country_switched", "loss_allowed"})
_SERVICE_KINDS = frozenset({"switched", "setting_changed", "backup_made", "backup_restored"})


def target_of(entry: ActivityEntry) -> Address | None:
    """Return where to look at what an entry is about, None when no screen shows it."""
    if entry.kind in _OF_COUNTRY:
        return Address("prices", entry.subject)
    if entry.kind == "costs_stored":
        return Address("prices", query={"filter": QuickFilter.COST.value})
    if entry.kind in ("rate_set", "rate_removed") or entry.kind in _SERVICE_KINDS:
        return Address("settings")
    if entry.kind in ("fallback_number_set", "fallback_number_removed"):
        return Address("providers", entry.subject.rpartition(" ")[0], {"tab": "numbers"})
    if entry.kind in ("sender_rule_set", "sender_rule_reset"):
        return Address("senders", query={"tab": "rules", "country": entry.subject})
    area = AREAS.get(entry.kind)
    if area is Area.SENDERS:
        return Address("senders", query={"find": entry.subject.rpartition(": ")[2]})
    if area is Area.PRICES:
        return Address("prices")
    if area is Area.CLIENTS and entry.kind != "clients_imported":
        return Address("clients", entry.subject)
    if area is Area.PROVIDERS and entry.kind != "provider_removed":
        return Address("providers", entry.subject)
    return None
