"""Countries for the palette, found by their name in the person's language or English, ISO code or calling code."""

from collections.abc import Sequence
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.regions import COUNTRIES
from desktop_app.services.job import Job
from desktop_app.views.commands import Offer
from desktop_app.views.navigator import Address

# Screens whose records the log names as the screens do.
_LOGGED: Final = frozenset({"providers", "clients"})


def read_countries(language: str, _job: Job) -> Sequence[Offer]:
    """Return an offer for every country; the names are loaded here, off the GUI thread."""
    from babel import Locale
    from phonenumbers import country_code_for_region

    own, english = Locale.parse(language).territories, Locale("en").territories
    offers = []
    for iso in sorted(COUNTRIES):
        dial = country_code_for_region(iso)
        words = f"{iso} {english.get(iso, '')} {f'+{dial} {dial}' if dial else ''}"
        offers.append(Offer(own.get(iso, iso), tr("Country"), Address("prices", iso).text, f"flag:{iso}", words))
    return offers


def record_actions(address: str) -> Sequence[Offer]:
    """Return what else can be done with a record, by its address: a country's bulk edit, what the log says of it."""
    here = Address.parse(address)
    if here.screen == "prices" and len(here.record) == 2:
        bulk, log = (Address("bulk", query={"scope": here.record}), Address("activity", query={"country": here.record}))
        return (
            Offer(tr("Edit its prices in bulk"), tr("Bulk edit"), bulk.text, "sliders-horizontal"),
            Offer(tr("Show its activity"), tr("Activity"), log.text, "history"),
        )
    if here.screen in _LOGGED and here.record:
        log = Address("activity", query={"object": here.record})
        return (Offer(tr("Show its activity"), tr("Activity"), log.text, "history"),)
    return ()
