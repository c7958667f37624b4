"""What faults, reasons, documents and lists of countries are called."""

from collections.abc import Callable, Sequence
from typing import Final

from desktop_app.domain.destinations import Fault
from desktop_app.domain.language import tr, trn

_PLAIN: Final = frozenset({"sender_not_approved", "sender_not_allowed"})
_NAMED: Final = 4


def some_countries(countries: Sequence[str], country_name: Callable[[str], str]) -> str:
    """Return the first countries by name; those that are left out are counted."""
    names = ", ".join(country_name(iso) for iso in countries[:_NAMED])
    more = len(countries) - _NAMED
    return f"{names} {trn('and {count} more', 'and {count} more', more)}" if more > 0 else names


def fault_text(fault: Fault) -> str:
    """Return what is wrong with an entry, as a short sentence."""
    return {
        Fault.ZERO: tr("No country code begins with 0."),
        Fault.LONG: tr("Too long for a number of its country."),
        Fault.SHORT: tr("Too short for a number of its country."),
        Fault.NO_COUNTRY: tr("No country code. Begin with + or choose a default country."),
        Fault.LETTERS: tr("Not a phone number: it has letters."),
        Fault.MISSING: tr("No number."),
        Fault.SEVERAL: tr("More than one number. Put each on a line of its own."),
        Fault.CHARACTERS: tr("Not a phone number: it has other characters."),
        Fault.INTERNATIONAL: tr("An international network without a country price."),
        Fault.LANDLINE: tr("Landline. This number cannot receive SMS."),
        Fault.SERVICE: tr("Service number. It cannot receive SMS."),
        Fault.UNASSIGNED: tr("No country has this code."),
        Fault.UNUSED: tr("Its country has no such number."),
    }[fault]


def reason_text(reason: str) -> str:
    """Return why a country is not sent to, for a cell of the cost table."""
    return {
        "no_price": tr("no price"),
        "no_rate": tr("no exchange rate"),
        "below_cost": tr("below cost"),
        "country_disabled": tr("switched off"),
        "sender_not_approved": tr("not sent"),
        "sender_not_allowed": tr("not sent"),
        "service_off": tr("service is off"),
        "held": tr("client is paused"),
        "no_credit": tr("no credit"),
    }.get(reason, reason)


def advice_text(reason: str) -> str:
    """Return what a person can do about a reason, "" when the sender ID check says it."""
    if reason in _PLAIN:
        return ""
    return {
        "no_price": tr("No price or route. These numbers are not sent and not charged."),
        "no_rate": tr("An exchange rate is missing. These numbers are not sent."),
        "below_cost": tr("The sale price is below cost. These numbers are not sent."),
        "country_disabled": tr("Sending to this country is switched off."),
        "service_off": tr("The service is switched off in Settings."),
        "held": tr("The client is paused."),
    }.get(reason, "")
