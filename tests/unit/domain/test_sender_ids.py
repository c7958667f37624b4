"""Sender IDs: what one may look like, where it may be used, how an approval moves."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.sender_ids import (
    Alphanumeric,
    ApprovalStatus,
    Sender,
    SenderKind,
    SenderRule,
    look_alike_key,
    may_become,
    may_decide,
    parse_sender,
    parse_sender_rules,
    rule_for,
    usable,
)

HEADER = "iso2,alphanumeric,numeric_only,preregistration,documents_note,source"
DECIDED = (ApprovalStatus.APPROVED, ApprovalStatus.REJECTED)


@pytest.fixture(scope="module")
def rules() -> Mapping[str, SenderRule]:
    file = Path(__file__).parents[3] / "resources" / "data" / "sender_rules.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return parse_sender_rules(lines)


UNUSABLE = ["", " ", " A", "A ", "ABCDEFGHIJKL", "A" * 100_000, "12", "0123", "05321234567", "+123", "+0491511234567"]
UNUSABLE += ["1" * 16, "+" + "1" * 16, "+", "++49", "---", "1 2 3", "12-34", "ŞİRKET", "Аurora", "AUR\u200bORA", "A\nB"]
UNUSABLE += ["A\0", "A\ud800", "１２３４", "٤٤٤٤", "A'B", "A@B", "=A+1", "A+B", "<b>", "ÄÖÜ", "A\u202eB", "²³¹", "\tA"]
UNUSABLE += ["4915112345678\n"]


@pytest.mark.parametrize("text", ["A", "AURORA", "Aurora 24", "a-b.c_d&e", "1und1", "ABCDEFGHIJK", "4 You"])
def test_names(text: str) -> None:
    assert parse_sender(text) == Sender(text, SenderKind.ALPHANUMERIC)
    assert not parse_sender(text).is_number


@pytest.mark.parametrize("text", ["123", "123456", "4915112345678", "+4915112345678", "1234567", "9" * 15])
def test_numbers(text: str) -> None:
    assert parse_sender(text) == Sender(text, SenderKind.NUMERIC)
    assert parse_sender(text).is_number


@pytest.mark.parametrize(
    "text",
    UNUSABLE,
)
def test_what_no_phone_shows_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_sender(text)
    assert 10 < len(caught.value.user_message) < 130
    assert caught.value.fields["sender"] == caught.value.user_message
    assert caught.value.user_message.isprintable()


def test_the_sentence_counts() -> None:
    with pytest.raises(InvalidInput, match="“AURORATRAVEL” has 12 characters; a sender ID has at most 11"):
        parse_sender("AURORATRAVEL")
    with pytest.raises(InvalidInput, match="has 16 digits; a number has at most 15"):
        parse_sender("1" * 16)


@settings(deadline=None)
@given(st.text(max_size=14))
def test_a_sender_is_kept_as_typed(text: str) -> None:
    try:
        sender = parse_sender(text)
    except InvalidInput:
        return
    assert sender.text == text
    assert text.isascii()
    assert 1 <= len(text) <= (16 if sender.is_number else 11)


def test_case_does_not_count() -> None:
    assert parse_sender("Aurora").key == parse_sender("AURORA").key
    assert parse_sender("Aurora").key != parse_sender("Aurora2").key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AURORA", "AUR0RA"),
        ("AURORA", "АURОRА"),
        ("AURORA", "aurora"),
        ("AURORA", "AUR\u200bORA"),
        ("AURORA", "ＡＵＲＯＲＡ"),
        ("AURORA", "AURÖRA"),
        ("AURORA", "AURORA."),
        ("PAYPAL", "PAYPA1"),
        ("PAYPAL", "PayPaI"),
        ("PAYPAL", "P4YP4L"),
        ("ISBANK", "İŞBANK"),
        ("ISBANK", "1SBANK"),
        ("ISBANK", "ısbank"),
        ("MY BANK", "MY-BANK"),
        ("SEB", "5E8"),
        ("ΑLΡΗΑ", "ALPHA"),
    ],
)
def test_look_alikes_share_a_key(one: str, other: str) -> None:
    assert look_alike_key(one) == look_alike_key(other)


def test_different_names_do_not() -> None:
    assert len({look_alike_key(name) for name in ("AURORA", "AURORABANK", "FJORD", "MEDIPLUS", "A", "")}) == 6


@settings(deadline=None)
@given(st.text(max_size=30))
def test_the_key_is_stable(text: str) -> None:
    assert look_alike_key(text.upper()) == look_alike_key(text.upper().lower())


def test_the_shipped_rules(rules: Mapping[str, SenderRule]) -> None:
    assert len(rules) == 236
    assert Counter(rule.alphanumeric for rule in rules.values()) == {
        Alphanumeric.YES: 162,
        Alphanumeric.REGISTRATION: 43,
        Alphanumeric.NO: 31,
    }
    assert Counter(rule.preregistration for rule in rules.values()) == {True: 43, False: 162, None: 31}
    assert sum(rule.needs_approval for rule in rules.values()) == 43
    assert sum(rule.needs_document for rule in rules.values()) == 31
    assert all(rule.source for rule in rules.values())


def test_turkey_needs_approval_and_documents_germany_does_not(rules: Mapping[str, SenderRule]) -> None:
    assert rules["TR"].needs_approval
    assert rules["TR"].needs_document
    assert "letter_of_authorization" in rules["TR"].documents.split()
    assert "sources disagree" in rules["TR"].note
    assert "docs:" not in rules["TR"].documents + rules["TR"].note
    assert not rules["DE"].needs_approval
    assert not rules["GB"].needs_document  # it names documents, but none is asked for before use
    assert rules["HK"].needs_approval
    assert not rules["HK"].needs_document


def test_a_missing_country_asks_for_nothing(rules: Mapping[str, SenderRule]) -> None:
    rule = rule_for(rules, "ZZ")
    assert rule.alphanumeric is Alphanumeric.UNKNOWN
    assert usable(parse_sender("AURORA"), rule, None).allowed


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["iso2,alphanumeric"],
        [HEADER, "TR,perhaps,no,yes,,x"],
        [HEADER, "TR,yes,no,perhaps,,x"],
        [HEADER, "tr,yes,no,yes,,x"],
        [HEADER, "TR,yes,no,yes,x"],
        [HEADER, "TR,yes,no,yes,,x", "TR,no,yes,no,,x"],
    ],
)
def test_a_damaged_rules_file_is_refused(lines: list[str]) -> None:
    with pytest.raises(InvalidInput):
        parse_sender_rules(lines)


def test_the_line_of_the_damage_is_named() -> None:
    with pytest.raises(InvalidInput, match="Line 3"):
        parse_sender_rules([HEADER, "DE,yes,no,no,,x", "TR,perhaps,no,yes,,x"])


NAME, NUMBER = parse_sender("AURORA"), parse_sender("+4915112345678")
YES = SenderRule("DE", Alphanumeric.YES, False)
REGISTRATION = SenderRule("TR", Alphanumeric.REGISTRATION, True, "letter")
ONLY_NUMBERS = SenderRule("US", Alphanumeric.NO, None, "brand")


def test_where_only_numbers_are_shown() -> None:
    refused = usable(NAME, ONLY_NUMBERS, None)
    assert (refused.allowed, refused.reason, refused.shown_as) == (False, "sender_not_allowed", None)
    instead = usable(NAME, ONLY_NUMBERS, None, "+15005550006")
    assert (instead.allowed, instead.reason, instead.shown_as) == (True, None, "+15005550006")
    assert usable(NUMBER, ONLY_NUMBERS, None, "+15005550006").shown_as == "+4915112345678"


@settings(deadline=None)
@given(
    st.sampled_from([NAME, NUMBER]),
    st.builds(
        SenderRule,
        st.just("XX"),
        st.sampled_from(Alphanumeric),
        st.sampled_from([True, False, None]),
        st.sampled_from(["", "letter"]),
    ),
    st.none() | st.sampled_from(ApprovalStatus),
    st.none() | st.just("+15005550006"),
)
def test_every_verdict_is_whole(
    sender: Sender, rule: SenderRule, status: ApprovalStatus | None, fallback: str | None
) -> None:
    verdict = usable(sender, rule, status, fallback)
    assert verdict.allowed == (verdict.reason is None) == (verdict.shown_as is not None)
    if rule.needs_approval and status is not ApprovalStatus.APPROVED:
        assert verdict.reason == "sender_not_approved"
    if status is ApprovalStatus.REJECTED:
        assert not verdict.allowed
    if verdict.shown_as not in (None, sender.text):
        assert rule.alphanumeric is Alphanumeric.NO
    if rule.needs_document:
        assert rule.needs_approval
    if rule.alphanumeric is Alphanumeric.REGISTRATION:
        assert rule.needs_approval


@pytest.mark.parametrize("status", [None, *ApprovalStatus])
def test_registration_needs_an_approval_in_force(status: ApprovalStatus | None) -> None:
    assert usable(NAME, REGISTRATION, status).allowed is (status is ApprovalStatus.APPROVED)
    assert usable(NUMBER, REGISTRATION, status).allowed is (status is ApprovalStatus.APPROVED)
    assert usable(NAME, YES, status).allowed is (status is not ApprovalStatus.REJECTED)


def test_the_words() -> None:
    words = {"not_required", "pending", "at_provider", "approved", "rejected", "expired"}
    assert {status.value for status in ApprovalStatus} == words


@settings(deadline=None)
@given(st.lists(st.sampled_from(ApprovalStatus), max_size=12))
def test_an_approval_is_always_a_decision_on_an_open_request(path: list[ApprovalStatus]) -> None:
    status = ApprovalStatus.PENDING
    for wanted in path:
        if not may_become(status, wanted):
            continue
        assert wanted is not status
        if wanted is ApprovalStatus.APPROVED:
            assert status in (ApprovalStatus.PENDING, ApprovalStatus.AT_PROVIDER)
            assert may_decide(status, wanted)
        if wanted is ApprovalStatus.EXPIRED:
            assert status is ApprovalStatus.APPROVED
        status = wanted


@pytest.mark.parametrize("before", ApprovalStatus)
def test_no_state_is_an_end(before: ApprovalStatus) -> None:
    reached = {before}
    for _ in ApprovalStatus:
        reached |= {after for status in reached for after in ApprovalStatus if may_become(status, after)}
    assert set(DECIDED) <= reached


def test_only_decisions_are_decided() -> None:
    for before in ApprovalStatus:
        for after in set(ApprovalStatus) - set(DECIDED):
            assert not may_decide(before, after)
    assert may_decide(ApprovalStatus.PENDING, ApprovalStatus.REJECTED)
    assert may_decide(ApprovalStatus.APPROVED, ApprovalStatus.REJECTED)
    assert not may_decide(ApprovalStatus.REJECTED, ApprovalStatus.APPROVED)
    assert not may_decide(ApprovalStatus.NOT_REQUIRED, ApprovalStatus.APPROVED)
