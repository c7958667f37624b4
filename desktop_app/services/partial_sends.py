"""Sending to as many as the credit covers: the cheapest first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desktop_app.services.preflight import CountryGroup, NotSent

NO_CREDIT = "no_credit"


def cheapest_first(groups: Sequence[CountryGroup], budget: int) -> tuple[list[CountryGroup], list[NotSent]]:
    """Return the groups with the recipients that ``budget`` covers, and those that it does not.

    As many as possible are kept: of all messages the cheapest, of equally dear ones those of the first country, and of a
    country those that were given first. A country of which nobody is left goes.

    Args:
        groups: of one currency.
        budget: micro-units that all messages together may cost.
    """
    ranked = sorted(
        (price, group_place, place)
        for group_place, group in enumerate(groups)
        for place, price in enumerate(_prices(group))
    )
    chosen: list[list[int]] = [[] for _ in groups]
    left = budget
    for price, group_place, place in ranked:
        if price > left:
            break
        left -= price
        chosen[group_place].append(place)
    kept = [_with(group, sorted(places)) for group, places in zip(groups, chosen, strict=True) if places]
    left_out = [
        NotSent(number, NO_CREDIT)
        for group, places in zip(groups, chosen, strict=True)
        for number in _without(group.numbers, places)
    ]
    return kept, left_out


def _prices(group: CountryGroup) -> Iterator[int]:
    if group.own_texts is None:
        each = group.quote.price * (group.segments // len(group.numbers))
        return iter([each] * len(group.numbers))
    return (group.quote.price * own.segments for own in group.own_texts)


def _with(group: CountryGroup, places: Sequence[int]) -> CountryGroup:
    numbers = tuple(group.numbers[place] for place in places)
    if group.own_texts is None:
        return replace(group, numbers=numbers, segments=group.segments // len(group.numbers) * len(numbers))
    own = tuple(group.own_texts[place] for place in places)
    return replace(group, numbers=numbers, own_texts=own, segments=sum(one.segments for one in own))


def _without(numbers: Sequence[str], places: Iterable[int]) -> Iterator[str]:
    gone = set(places)
    return (number for place, number in enumerate(numbers) if place not in gone)
