"""What a program sees about a sender ID by itself, the working day, and what documents prove."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.documents import DocumentKind
from desktop_app.domain.sender_checks import (
    CheckKind,
    OtherSender,
    check_sender,
    is_alike,
    is_expiring,
    target_of,
)
from desktop_app.domain.sender_documents import (
    DocumentState,
    Purpose,
    SenderDocument,
    guess_purpose,
    needs_of,
    purposes_needed,
    validity_in,
    words_for,
)
from desktop_app.domain.sender_ids import Alphanumeric, SenderRule

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=11)
PROOFS = st.sets(st.sampled_from([Purpose.AUTHORISATION, Purpose.REGISTRATION, Purpose.BRAND, Purpose.CONTENT]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AURORA", "AUR0RA"), ("AURORA", "AURORABANK"), ("AURORA", "AUROAR"), ("AURORA", "AURRORA"), ("AURORA", "AURORE"),
        ("PAYPAL", "PAYPAI"), ("İSTANBUL", "ISTANBUL"), ("Fjord-Bank", "FJORDBANK"), ("LUMEN", "LUMENS"),
    ],
)  # fmt: skip
def test_what_may_be_mistaken_is_alike(one: str, other: str) -> None:
    assert is_alike(one, other)
    assert is_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("AURORA", "MEDIPLUS"), ("ABC", "ABD"), ("LUMEN", "LEMON"), ("AURORA", ".")]
)
def test_what_nobody_mistakes_is_not(one: str, other: str) -> None:
    assert not is_alike(one, other)


@given(NAMES, NAMES)
def test_being_alike_goes_both_ways_and_everything_is_like_itself(one: str, other: str) -> None:
    assert is_alike(one, other) == is_alike(other, one)
    assert is_alike(one, one.lower())


def test_checks_come_in_their_order_and_name_what_they_found() -> None:
    rules = [SenderRule("NO", Alphanumeric.YES, longest=5), SenderRule("DE", Alphanumeric.YES)]
    others = [OtherSender(1, "Bank", "REVOLUT", ("AE",)), OtherSender(2, "Twin", "REVO1UT")]

    checks = check_sender("Revolut", rules, others)

    assert [(one.kind, one.is_fine) for one in checks] == [
        (CheckKind.CHARACTERS, False), (CheckKind.BRAND, False), (CheckKind.ALIKE, False), (CheckKind.USED, False),
    ]  # fmt: skip
    assert [one.text for one in checks[:2]] == ["NO", "REVOLUT"]
    assert [one.other.client for one in checks[2:] if one.other] == ["Twin", "Bank"]


def test_a_name_without_a_flaw_is_fine_in_every_way() -> None:
    assert all(one.is_fine for one in check_sender("AURORA", [SenderRule("DE", Alphanumeric.YES)], []))
    assert all(
        one.is_fine for one in check_sender("+4915112345678", [SenderRule("NO", Alphanumeric.YES, longest=5)], [])
    )
    assert "at most 11" in check_sender("MUCHTOOLONGNAME", [], [])[0].text


@given(st.integers(0, 24 * 365))
def test_a_request_is_due_a_working_day_later(hours: int) -> None:
    asked = NOW + timedelta(hours=hours)
    due = target_of(asked)
    assert due.weekday() < 5
    assert timedelta(days=1) <= due - asked <= timedelta(days=3)
    assert due - asked == timedelta(days=1) or asked.weekday() >= 4


def test_an_approval_is_expiring_from_thirty_days_before_its_end() -> None:
    assert not is_expiring(None, NOW)
    assert not is_expiring(NOW + timedelta(days=31), NOW)
    assert is_expiring(NOW + timedelta(days=30), NOW)
    assert is_expiring(NOW - timedelta(days=1), NOW)


@given(PROOFS)
def test_the_words_of_a_rule_ask_for_exactly_what_they_were_made_of(purposes: set[Purpose]) -> None:
    rule = SenderRule("SA", Alphanumeric.REGISTRATION, documents=words_for(purposes))
    assert set(purposes_needed(rule)) == purposes


def test_details_without_a_document_of_their_own_stand_in_the_letter() -> None:
    assert purposes_needed(SenderRule("CZ", Alphanumeric.REGISTRATION, documents="company_name website")) == (
        Purpose.AUTHORISATION,
    )
    assert purposes_needed(SenderRule("DE", Alphanumeric.YES, documents="sample_content")) == ()


def document(number: int, purpose: Purpose, state: DocumentState = DocumentState.NEW, days: int = 0) -> SenderDocument:
    added = NOW + timedelta(days=days)
    return SenderDocument(number, f"{number}.pdf", DocumentKind.PDF, 9, "", purpose, state, added, "lena")


def test_the_latest_document_that_counts_proves_a_need() -> None:
    rule = SenderRule("SA", Alphanumeric.REGISTRATION, documents="letter_of_authorization")
    old, refused = document(1, Purpose.AUTHORISATION), document(2, Purpose.AUTHORISATION, DocumentState.REFUSED, 1)

    (need,) = needs_of(rule, [old, refused])
    assert (need.document, need.is_missing) == (old, False)
    (need,) = needs_of(rule, [refused])
    assert (need.document, need.is_missing) == (refused, True)
    (need,) = needs_of(rule, [document(3, Purpose.CONTENT)])
    assert (need.document, need.is_missing) == (None, True)
    (need,) = needs_of(rule, [document(4, Purpose.UNSORTED)])
    assert not need.is_missing


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("This authorisation is valid until 31 December 2027.", date(2027, 12, 31)),
        ("Gültig bis: 31.12.2027", date(2027, 12, 31)), ("Geçerlilik tarihi 5 Şubat 2028", date(2028, 2, 5)),
        ("expires on 2027-02-03", date(2027, 2, 3)), ("gültig bis 3. März 2027", date(2027, 3, 3)),
        ("valid until 31 February 2027", None), ("Berlin, 18 Nov 2026", None), ("valid for ever", None), ("", None),
    ],
)  # fmt: skip
def test_the_last_day_is_read_from_a_text(text: str, day: date | None) -> None:
    assert validity_in(text) == day


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_look_for_a_day(text: str) -> None:
    found = validity_in(f"valid until {text}")
    assert found is None or found.year >= 2000


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("Letter of authorisation.pdf", Purpose.AUTHORISATION), ("Handelsregister.PDF", Purpose.REGISTRATION),
        ("trade licence.png", Purpose.REGISTRATION), ("Markenurkunde.pdf", Purpose.BRAND),
        ("sample sms.pdf", Purpose.CONTENT), ("scan0001.jpg", Purpose.AUTHORISATION),
    ],
)  # fmt: skip
def test_a_files_name_tells_what_it_probably_proves(name: str, purpose: Purpose) -> None:
    assert guess_purpose(name) is purpose
