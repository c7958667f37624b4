"""The phone book of a client: contacts with named fields, in groups."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from desktop_app.domain.clients import clean_text
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import later, tr

LONGEST_FIELD: Final = 40
LONGEST_VALUE: Final = 200
MOST_FIELDS: Final = 20
_BETWEEN: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class ContactGroup:
    """A group of contacts.

    Attributes:
        group_id: ours.
        name: unique within the client, whatever its case.
        count: how many contacts are in it.
    """

    group_id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who gets messages.

    Attributes:
        number: E.164, unique within the client.
        fields: what is known, by the name of the field ("first_name" -> "Lena").
    """

    number: str
    fields: Mapping[str, str] = field(default_factory=dict)


def field_name(text: str) -> str:
    """Return a heading as the name of a field, as it stands in a message: "First name" is "first_name"."""
    return _BETWEEN.sub("_", text.strip().casefold()).strip("_")[:LONGEST_FIELD].strip("_")


def clean_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with usable names and trimmed values, without the empty ones, by name.

    Raises:
        InvalidInput: a value is too long or cannot be stored, or there are too many fields.
    """
    cleaned = {
        field_name(name): clean_text(value, later("field"), longest=LONGEST_VALUE) for name, value in fields.items()
    }
    kept = {name: value for name, value in sorted(cleaned.items()) if name and value}
    if len(kept) > MOST_FIELDS:
        raise InvalidInput(tr("A contact has at most {most} fields.", most=MOST_FIELDS))
    return kept


def merged(contacts: Iterable[Contact]) -> dict[str, Contact]:
    """Return one contact per number, in the given order; of the same field the last value counts."""
    found: dict[str, Contact] = {}
    for contact in contacts:
        known = found.get(contact.number)
        found[contact.number] = (
            contact if known is None else Contact(contact.number, {**known.fields, **contact.fields})
        )
    return found
