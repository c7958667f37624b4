"""Fields in a text: "Hi {first_name}" becomes another text for each recipient.

A field is a name in braces, as the phone book writes names of fields: small letters, digits and underscores, a letter first.
Whatever stands in the place of a field is taken as it is: braces in a value open no other field.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from desktop_app.domain.phone_book import field_name

LONGEST_VALUE: Final = 200
_BRACES: Final = re.compile(r"\{([^\W\d_]\w{0,39})\}")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")


def clean_value(text: str) -> str:
    """Return what stands in the place of a field: one line, trimmed, at most 200 characters."""
    return _CONTROLS.sub(" ", text).strip()[:LONGEST_VALUE]


def field_places(text: str) -> list[tuple[int, int, str]]:
    """Return where the fields of ``text`` begin and end, in characters, with their names."""
    return [
        (found.start(), found.end(), found.group(1))
        for found in _BRACES.finditer(text)
        if found.group(1) == field_name(found.group(1))
    ]


class FieldText:
    """A text with fields, taken apart once and filled in many times.

    Args:
        text: the text.
        fallbacks: what stands where a recipient has no value.
    """

    def __init__(self, text: str, fallbacks: Mapping[str, str]) -> None:
        places = field_places(text)
        starts = [0, *(end for _start, end, _name in places)]
        ends = [*(start for start, _end, _name in places), len(text)]
        self._around: Final = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        self._fields: Final = [name for _start, _end, name in places]
        self.names: Final = tuple(dict.fromkeys(self._fields))
        self._fallbacks: Final = {name: clean_value(fallbacks.get(name, "")) for name in self.names}

    def values(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """Return what stands in the place of each of ``names`` for a recipient with the values ``given``; "" is missing."""
        return tuple(given.get(name) or self._fallbacks[name] for name in self.names)

    def missing(self, values: Sequence[str]) -> list[str]:
        """Return the names of the fields for which ``values`` has nothing."""
        return [name for name, value in zip(self.names, values, strict=True) if not value]

    def write(self, values: Sequence[str]) -> str:
        """Return the text with ``values``, as ``values`` returns them, in the places of its fields."""
        by_name = dict(zip(self.names, values, strict=True))
        written = [self._around[0]]
        for name, after in zip(self._fields, self._around[1:], strict=True):
            written += (by_name[name], after)
        return "".join(written)
