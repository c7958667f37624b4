"""Scopes: what a token means, how tokens add up, how they are typed and stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.regions import COUNTRIES, REGIONS
from desktop_app.domain.scopes import (
    ScopeCountry,
    ScopeToken,
    ScopeWord,
    TokenKind,
    matching,
    parse_tokens,
    read_token,
    resolve,
    suggestions,
)

MAIN = frozenset({"Main"})
LIST = (
    ScopeCountry("AT", 3_000, MAIN),
    ScopeCountry("CH", 2_500, frozenset({"Main", "Zweit, GmbH"})),
    ScopeCountry("DE", 2_499, MAIN),
    ScopeCountry("TR", -1, frozenset()),
    ScopeCountry("US", None, MAIN),
)
WORDS = (
    ScopeWord(ScopeToken(TokenKind.REGION, "EU"), "EU countries", ("eu", "eu countries")),
    ScopeWord(ScopeToken(TokenKind.REGION, "Europe"), "Europe", ("europe",)),
    ScopeWord(ScopeToken(TokenKind.PROVIDER, "Main"), "Main", ("main",)),
    ScopeWord(ScopeToken(TokenKind.COUNTRY, "DE"), "Germany", ("de", "germany", "deutschland", "almanya")),
    ScopeWord(ScopeToken(TokenKind.COUNTRY, "GE"), "Georgia", ("ge", "georgia")),
    ScopeWord(ScopeToken(TokenKind.COUNTRY, "TR"), "Türkiye", ("tr", "turkiye", "turkey")),
    ScopeWord(ScopeToken(TokenKind.COUNTRY, "SA"), "Saudi Arabia", ("sa", "saudi arabia")),
)


def scope(text: str) -> tuple[str, ...]:
    return resolve(parse_tokens(text), LIST)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("", ()),
        ("eu", ("AT", "DE")),
        ("EU,CH", ("AT", "CH", "DE")),
        ("eu,-DE", ("AT",)),
        ("-DE,eu", ("AT",)),
        ("eu,\u2212de,us", ("AT", "US")),
        ("-eu", ("CH", "TR", "US")),
        ("world", ("AT", "CH", "DE", "TR", "US")),
        ("north america", ("US",)),
        ("north-america,efta", ("CH", "US")),
        ("margin<25", ("DE", "TR")),
        ("margin<=25", ("CH", "DE", "TR")),
        ("margin>25", ("AT",)),
        ("margin≥25,-AT", ("CH",)),
        ("loss", ("TR",)),
        ("margin<-5", ()),
        ("provider:Main", ("AT", "CH", "DE", "US")),
        ("provider:Zweit%2C%20GmbH", ("CH",)),
        ("selection:AT+US", ("AT", "US")),
        ("world,-provider:Main", ("TR",)),
    ],
)
def test_tokens_add_up_and_those_with_a_minus_take_away(text: str, countries: tuple[str, ...]) -> None:
    assert scope(text) == countries


def test_a_long_list_of_countries_is_a_selection() -> None:
    assert parse_tokens("DE,FR,IT") == tuple(ScopeToken(TokenKind.COUNTRY, iso) for iso in ("DE", "FR", "IT"))
    assert parse_tokens("DE,FR,IT,AT") == (ScopeToken(TokenKind.SELECTION, "DE+FR+IT+AT"),)
    assert len(parse_tokens("DE,FR,IT,AT,-EU")) == 5


@pytest.mark.parametrize("text", ["atlantis", "XX", "provider:", "margin", "margin<x", "selection:XX", "ß", "-"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_tokens(text)


TOKENS = st.builds(
    lambda pair, removes: ScopeToken(pair[0], pair[1], removes),
    st.tuples(st.just(TokenKind.COUNTRY), st.sampled_from(sorted(COUNTRIES)))
    | st.tuples(st.just(TokenKind.REGION), st.sampled_from(sorted(REGIONS)))
    | st.tuples(st.just(TokenKind.PROVIDER), st.text("aZ ,:%+-é", min_size=1))
    | st.tuples(
        st.just(TokenKind.MARGIN),
        st.builds(
            lambda sign, value: f"{sign}{value:.2f}", st.sampled_from(["<", ">", "<=", ">="]), st.integers(-99, 99)
        ),
    )
    | st.tuples(st.just(TokenKind.SELECTION), st.lists(st.sampled_from(sorted(COUNTRIES)), min_size=1).map("+".join)),
    st.booleans(),
)


@given(st.lists(TOKENS, max_size=6))
def test_a_scope_in_an_address_reads_back(tokens: list[ScopeToken]) -> None:
    text = ",".join(token.text for token in tokens)
    found = parse_tokens(text)
    listed = [token.value for token in tokens if token.kind is TokenKind.COUNTRY and not token.removes]
    if len(listed) == len(tokens) >= 4:
        assert found == (ScopeToken(TokenKind.SELECTION, "+".join(listed)),)
    else:
        assert found == tuple(tokens)


@given(st.lists(TOKENS, max_size=5))
def test_a_scope_is_the_sum_of_what_adds_less_what_removes(tokens: list[ScopeToken]) -> None:
    added = [matching(token, LIST) for token in tokens if not token.removes]
    removed = [matching(token, LIST) for token in tokens if token.removes]
    start = {one.iso for one in LIST} if tokens and not added else set().union(*added)
    assert set(resolve(tokens, LIST)) == start - set().union(*removed)


@pytest.mark.parametrize(
    ("typed", "value", "removes"),
    [
        ("eu", "EU", False),
        ("EU countries", "EU", False),
        ("de", "DE", False),
        ("Deutschland", "DE", False),
        ("ALMANYA", "DE", False),
        ("TÜRKİYE", "TR", False),
        ("türkiye", "TR", False),
        ("turk", "TR", False),
        ("ge", "GE", False),
        ("ger", "DE", False),
        ("-Germany", "DE", True),
        ("\u2212 germany", "DE", True),
        ("arabia", "SA", False),
        ("main", "Main", False),
        ("margin < 25", "<25.00", False),
        ("Margin>=12,5 %", ">=12.50", False),
        ("-margin ≤ 0", "<=0.00", True),
    ],
)
def test_what_is_typed_means_the_nearest_word(typed: str, value: str, removes: bool) -> None:
    token = read_token(typed, WORDS)
    assert (token.value, token.removes) == (value, removes)


@pytest.mark.parametrize("typed", ["", "-", "germnay", "margin", "profit < 5", "abia"])
def test_what_is_called_nothing_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_token(typed, WORDS)


def test_suggestions_put_the_word_itself_first() -> None:
    assert [word.label for word in suggestions("ge", WORDS)] == ["Georgia", "Germany"]
    assert [word.label for word in suggestions("eu", WORDS)] == ["EU countries", "Europe"]
    assert suggestions("  -", WORDS) == []
    assert len(suggestions("e", WORDS, limit=1)) == 1
