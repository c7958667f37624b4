"""Which price applies: the whole chain of places a price can come from."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.pricing import (
    AppliedPrice,
    ListedPrice,
    PriceLevel,
    PriceRule,
    PriceSource,
    RuleKind,
    resolve_price,
)

COST = 1_000
# Each place of the chain gives a price of its own, so that the answer tells where it came from.
CLIENT = {PriceSource.CLIENT_NETWORK: 7_001, PriceSource.CLIENT_COUNTRY: 7_002}
LISTED = {
    PriceSource.MANUAL_NETWORK: 11,
    PriceSource.MANUAL_COUNTRY: 12,
    PriceSource.RULE_NETWORK: 13,
    PriceSource.RULE_COUNTRY: 14,
}
STANDING = {PriceSource.RULE_REGION: 15, PriceSource.RULE_DEFAULT: 16}
NAMES = ("Gold", "Standard", "Old")


class Setting(NamedTuple):
    """What is filled in: for the client, and in each list of the chain."""

    client: frozenset[PriceSource]
    lists: tuple[frozenset[PriceSource], ...]


def _listed(manual: PriceSource, rule: PriceSource, filled: frozenset[PriceSource], base: int) -> ListedPrice | None:
    """A row has one price: set by hand, or made by a rule."""
    if manual in filled:
        return ListedPrice(base + LISTED[manual], manual=True)
    return ListedPrice(base + LISTED[rule], manual=False, rule="markup 25.00") if rule in filled else None


def _level(place: int, filled: frozenset[PriceSource]) -> PriceLevel:
    base = 10_000 * (place + 1)

    def standing(source: PriceSource) -> PriceRule | None:
        return PriceRule(RuleKind.SET_PRICE, base + STANDING[source]) if source in filled else None

    return PriceLevel(
        NAMES[place],
        network=_listed(PriceSource.MANUAL_NETWORK, PriceSource.RULE_NETWORK, filled, base),
        country=_listed(PriceSource.MANUAL_COUNTRY, PriceSource.RULE_COUNTRY, filled, base),
        region_rule=standing(PriceSource.RULE_REGION),
        default_rule=standing(PriceSource.RULE_DEFAULT),
    )


def _one_price_per_row(filled: frozenset[PriceSource]) -> frozenset[PriceSource]:
    drop = {
        rule
        for manual, rule in (
            (PriceSource.MANUAL_NETWORK, PriceSource.RULE_NETWORK),
            (PriceSource.MANUAL_COUNTRY, PriceSource.RULE_COUNTRY),
        )
        if manual in filled
    }
    return filled - drop


SETTINGS = st.builds(
    Setting,
    st.frozensets(st.sampled_from(sorted(CLIENT))),
    st.lists(st.frozensets(st.sampled_from([*LISTED, *STANDING])).map(_one_price_per_row), min_size=1, max_size=3).map(
        tuple
    ),
)


def _chain(setting: Setting) -> list[tuple[PriceSource, str, int]]:
    """The order of decisions.md 5, written down a second time."""
    chain = [(source, "", CLIENT[source]) for source in CLIENT if source in setting.client]
    for place, filled in enumerate(setting.lists):
        for source, extra in {**LISTED, **STANDING}.items():
            if source in filled:
                chain.append((source, NAMES[place], 10_000 * (place + 1) + extra))
    return chain


def _resolved(setting: Setting, cost: int | None = COST) -> AppliedPrice | None:
    return resolve_price(
        tuple(_level(place, filled) for place, filled in enumerate(setting.lists)),
        cost,
        client_network=CLIENT[PriceSource.CLIENT_NETWORK] if PriceSource.CLIENT_NETWORK in setting.client else None,
        client_country=CLIENT[PriceSource.CLIENT_COUNTRY] if PriceSource.CLIENT_COUNTRY in setting.client else None,
    )


@given(SETTINGS)
def test_the_strongest_place_wins_and_the_others_are_named_in_order(setting: Setting) -> None:
    chain, applied = _chain(setting), _resolved(setting)
    if not chain:
        assert applied is None
        return
    assert applied is not None
    assert (applied.source, applied.list_name, applied.price) == chain[0]
    assert list(applied.passed_over) == chain[1:]


@given(SETTINGS)
def test_without_a_cost_no_standing_rule_applies(setting: Setting) -> None:
    chain = [one for one in _chain(setting) if one[0] not in STANDING]
    applied = _resolved(setting, cost=None)
    assert (applied is None) == (not chain)
    if applied is not None:
        assert [(applied.source, applied.list_name, applied.price), *applied.passed_over] == chain


def test_the_rule_is_told_with_the_price_it_made() -> None:
    level = PriceLevel("Gold", country=ListedPrice(1_250, manual=False, rule="markup 25.00"))
    found = resolve_price((level,), COST)
    assert found is not None
    assert (found.rule, found.price) == ("markup 25.00", 1_250)


def test_a_standing_rule_is_applied_to_the_cost() -> None:
    level = PriceLevel("Gold", default_rule=PriceRule(RuleKind.MARGIN, 2_000))
    found = resolve_price((level,), COST)
    assert found is not None
    assert (found.price, found.rule, found.source) == (1_250, "margin 20.00", PriceSource.RULE_DEFAULT)


def test_a_standing_rule_never_sells_below_cost() -> None:
    below = PriceRule(RuleKind.SET_PRICE, COST - 1)
    assert resolve_price((PriceLevel("Gold", region_rule=below),), COST) is None


def test_a_row_without_a_price_lets_the_next_place_speak() -> None:
    empty = PriceLevel("Gold", network=ListedPrice(None, manual=False), country=ListedPrice(None, manual=False))
    parent = PriceLevel("Standard", country=ListedPrice(1_300, manual=True))
    found = resolve_price((empty, parent), COST)
    assert found is not None
    assert (found.list_name, found.price) == ("Standard", 1_300)


def test_no_price_at_all_is_no_sale() -> None:
    assert resolve_price((), COST) is None
    assert resolve_price((PriceLevel("Gold"),), COST) is None
