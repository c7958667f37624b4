"""Texts with fields, written out for each recipient and priced one by one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from desktop_app.domain.batches import OwnText
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.fields import FieldText
from desktop_app.domain.language import tr
from desktop_app.domain.segments import SegmentPlan, measure_text, plan_segments
from desktop_app.providers.base import Capabilities
from desktop_app.services.preflight import CountryGroup, Recipients


def plan_text(text: str, capabilities: Capabilities) -> SegmentPlan:
    """Return how ``text`` is cut into segments for a provider.

    Raises:
        InvalidInput: it is empty, cannot travel, or is longer than the provider takes.
    """
    plan = plan_segments(text, shift_tables=capabilities.shift_tables)
    _check_length(text, capabilities)
    return plan


class OwnTexts:
    """Writes a text for recipients of whom each has values of its own.

    Attributes:
        missing: for how many recipients each field has neither a value nor a fallback; such a batch is not queued.

    Args:
        text: with fields.
        values: what each recipient has for the fields, in the order of the recipients as given.
        fallbacks: what stands where one has nothing.
        capabilities: of the provider that sends.
    """

    def __init__(
        self, text: str, values: Sequence[Mapping[str, str]], fallbacks: Mapping[str, str], capabilities: Capabilities
    ) -> None:
        self.missing: Counter[str] = Counter()
        self._text = FieldText(text, fallbacks)
        self._values = values
        self._capabilities = capabilities
        self._written: dict[tuple[str, ...], OwnText] = {}

    def write(self, groups: Iterable[CountryGroup], recipients: Recipients) -> list[CountryGroup]:
        """Return ``groups`` with the texts of their numbers.

        Raises:
            InvalidInput: one of the texts cannot be sent.
        """
        return [self._group(one, recipients.places) for one in groups]

    def longest(self) -> str:
        """Return the text that needs most segments, and of those the one with most characters."""
        return max(self._written.values(), key=lambda own: (own.segments, len(own.text))).text

    def _group(self, group: CountryGroup, places: Mapping[str, int]) -> CountryGroup:
        own = tuple(self._own(self._values[places[number]]) for number in group.numbers)
        return replace(group, own_texts=own, segments=sum(one.segments for one in own))

    def _own(self, given: Mapping[str, str]) -> OwnText:
        values = self._text.values(given)
        missing = self._text.missing(values)
        self.missing.update(missing)
        # Alike values are frequent: a first name, a plan, no field at all.
        if values not in self._written:
            shown = tuple(value or f"{{{name}}}" for name, value in zip(self._text.names, values, strict=True))
            text = self._text.write(shown)
            encoding, segments = measure_text(text, shift_tables=self._capabilities.shift_tables)
            _check_length(text, self._capabilities)
            self._written[values] = OwnText(text, encoding.value, segments)
        return self._written[values]


def _check_length(text: str, capabilities: Capabilities) -> None:
    if len(text) > capabilities.max_text_length:
        raise InvalidInput(
            tr("The text has {length} characters; this provider takes {longest}.", length=len(text),
               longest=capabilities.max_text_length),
            fields={"text": ""},
        )  # fmt: skip
