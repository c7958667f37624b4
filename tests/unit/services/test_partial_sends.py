"""Sending to as many as the credit covers, against every other choice there is."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.batches import OwnText, Quote
from desktop_app.services.partial_sends import NO_CREDIT, cheapest_first
from desktop_app.services.preflight import CountryGroup
from desktop_app.services.promises import CreditState, credit_state

PRICES = st.lists(st.tuples(st.integers(1, 9), st.lists(st.integers(1, 3), min_size=1, max_size=4)), max_size=3)


def groups_of(prices: list[tuple[int, list[int]]], *, own: bool) -> list[CountryGroup]:
    groups = []
    for place, (price, segments) in enumerate(prices):
        numbers = tuple(f"+{place + 1}{index}" for index in range(len(segments)))
        quote = Quote(f"C{place}", None, "S", price, 1, "EUR", "{}")
        texts = tuple(OwnText("x", "GSM-7", count) for count in segments) if own else None
        total = sum(segments) if own else segments[0] * len(numbers)
        groups.append(CountryGroup(quote, numbers, total, texts))
    return groups


def each_price(groups: list[CountryGroup]) -> dict[str, int]:
    return {
        number: group.quote.price
        * (group.own_texts[place].segments if group.own_texts else group.segments // len(group.numbers))
        for group in groups
        for place, number in enumerate(group.numbers)
    }


@given(PRICES, st.integers(0, 60), st.booleans())
def test_no_other_choice_reaches_more_and_none_of_as_many_costs_less(
    prices: list[tuple[int, list[int]]], budget: int, own: bool
) -> None:
    groups = groups_of(prices, own=own)
    costs = each_price(groups)
    kept, left_out = cheapest_first(groups, budget)
    chosen = [number for group in kept for number in group.numbers]
    assert sum(group.amount for group in kept) == sum(costs[number] for number in chosen) <= budget
    assert sorted([*chosen, *(one.to for one in left_out)]) == sorted(costs)
    assert {one.reason for one in left_out} <= {NO_CREDIT}
    if left_out:
        more = min(
            (sum(costs[one] for one in some) for some in combinations(costs, len(chosen) + 1)), default=budget + 1
        )
        assert more > budget
        assert sum(costs[one] for one in chosen) == min(
            sum(costs[one] for one in some) for some in combinations(costs, len(chosen))
        )


@given(PRICES, st.booleans())
def test_enough_for_all_changes_nothing(prices: list[tuple[int, list[int]]], own: bool) -> None:
    groups = groups_of(prices, own=own)
    kept, left_out = cheapest_first(groups, sum(group.amount for group in groups))
    assert (kept, left_out) == (groups, [])


def test_credit_states_meet_at_the_millionth() -> None:
    assert credit_state(100, 100, None) is CreditState.ENOUGH
    assert credit_state(100, 101, None) is CreditState.SHORT
    assert credit_state(100, 40, 60) is CreditState.ENOUGH
    assert credit_state(100, 41, 60) is CreditState.BELOW_ALERT
