"""A client's ledger as a person reads it: the running credit, corrections, the explanation, and statements of months."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.client_ledger import EntryDetail, EntryType, LedgerLine, Statement
from desktop_app.domain.errors import InsufficientCredit, InvalidInput, NotFound, StaleData
from desktop_app.domain.money import MICRO
from desktop_app.services.client_accounts import LedgerFilter
from desktop_app.services.job import Job
from desktop_app.services.statements import Month, StatementFormat
from tests.fixtures.application import Desk, at_once, german

ALL = LedgerFilter(every=True)
PAID = EntryDetail(method="bank", reference="77120", invoice="2026-1187")


def _lines(desk: Desk, wanted: LedgerFilter = ALL) -> list[LedgerLine]:
    return list(desk.application.client_accounts.ledger("Aurora", wanted).lines)


def _send(desk: Desk, count: int = 4) -> None:
    desk.queue(german(count), reason="Winter loyalty")
    desk.drain()


def test_every_entry_says_what_it_is_and_the_credit_after_it(desk: Desk) -> None:
    _send(desk)
    desk.application.credits.adjust("Aurora", Decimal("2.5"), reason="Goodwill", actor="anna")

    lines = _lines(desk)

    assert lines[-1].kind is EntryType.TOP_UP
    assert lines[0].kind is EntryType.ADJUSTMENT
    running = 0
    for line in reversed(lines):
        running += line.amount
        assert line.credit == running
    sent = [line for line in lines if line.kind is EntryType.SENDING]
    assert {line.batch for line in sent} == {"Winter loyalty"}
    assert sum(line.sms or 0 for line in sent) == 4
    # What is settled is left out unless it is asked for.
    usual = {line.kind for line in _lines(desk, LedgerFilter())}
    assert EntryType.RESERVED not in usual
    assert {line.kind for line in lines} - usual == {EntryType.RESERVED}
    assert _lines(desk, LedgerFilter(kinds=frozenset({EntryType.TOP_UP})))[0].amount == 100 * MICRO


def test_what_is_reserved_still_is_shown_with_what_is_left(desk: Desk) -> None:
    desk.queue(german(3), reason="Winter loyalty")

    (line,) = [one for one in _lines(desk, LedgerFilter()) if one.kind is EntryType.RESERVED]

    assert (line.amount, line.open, line.held, line.sms) == (0, 180_000, 180_000, 3)
    assert line.credit == 100 * MICRO


def test_pages_follow_each_other_and_totals_count_all(desk: Desk) -> None:
    accounts = desk.application.client_accounts
    for number in range(25):
        desk.application.credits.top_up("Aurora", Decimal(1), reason=f"no {number}", actor="anna")

    found: list[LedgerLine] = []
    before: int | None = None
    while True:
        page = accounts.ledger("Aurora", LedgerFilter(), before, 10)
        found += page.lines
        if page.following is None:
            break
        before = page.following

    assert [line.entry_id for line in found] == sorted((line.entry_id for line in found), reverse=True)
    totals = accounts.totals("Aurora", LedgerFilter())
    assert (totals.count, totals.into, totals.out) == (26, 125 * MICRO, 0) == (len(found), 125 * MICRO, 0)


def test_a_pressed_twice_top_up_is_booked_once_with_its_details(desk: Desk) -> None:
    money = desk.application.credits

    def top_up() -> object:
        return money.top_up("Aurora", Decimal(500), reason="Bank", actor="anna", idem="dialog-1", detail=PAID)

    results = at_once(top_up, top_up)
    again = top_up()

    assert desk.money() == (600, 0)
    assert results[0] == results[1] == again
    (line,) = [one for one in _lines(desk) if one.detail == PAID]
    assert (line.amount, line.kind) == (500 * MICRO, EntryType.TOP_UP)
    with pytest.raises(StaleData):
        money.top_up("Aurora", Decimal(50), reason="Bank", actor="anna", idem="dialog-1")


def test_a_wrong_top_up_is_taken_back_by_an_entry_that_refers_to_it(desk: Desk) -> None:
    money = desk.application.credits
    _, wrong = money.top_up("Aurora", Decimal(500), reason="Bank", actor="anna")

    money.take_back("Aurora", wrong, Decimal(450), reason="Typed a nought too many", actor="mert", idem="c1")
    balance, _ = money.take_back(
        "Aurora", wrong, Decimal(450), reason="Typed a nought too many", actor="mert", idem="c1"
    )

    assert balance.posted == 150 * MICRO
    correction, original = _lines(desk)[:2]
    assert (correction.kind, correction.amount, correction.corrects_id) == (EntryType.CORRECTION, -450 * MICRO, wrong)
    assert (original.entry_id, original.corrected) == (wrong, -450 * MICRO)
    with pytest.raises(InvalidInput, match="left"):
        money.take_back("Aurora", wrong, Decimal(51), reason="once more", actor="mert")
    money.take_back("Aurora", wrong, Decimal(50), reason="the rest too", actor="mert")
    with pytest.raises(InvalidInput, match="already"):
        money.take_back("Aurora", wrong, Decimal(1), reason="once more", actor="mert")
    desk.assert_sound()


@pytest.mark.parametrize("right", [450, 550])
def test_two_people_who_correct_the_same_entry_book_the_difference_once(desk: Desk, right: int) -> None:
    money = desk.application.credits
    _, wrong = money.top_up("Aurora", Decimal(500), reason="Bank", actor="anna")
    detail = EntryDetail(category="correction", corrects_id=wrong)

    def correct(who: str) -> Callable[[], object]:
        # Each sees the entry without a correction.
        if right < 500:
            return lambda: money.take_back(
                "Aurora", wrong, Decimal(50), reason="Typed wrongly", actor=who, idem=who, corrected=0
            )
        return lambda: money.adjust(
            "Aurora", Decimal(50), reason="Typed wrongly", actor=who, idem=who, detail=detail, corrected=0
        )

    results = at_once(correct("anna"), correct("mert"))

    refused = [one for one in results if isinstance(one, StaleData)]
    assert [one.code for one in refused] == ["entry_corrected"]
    assert desk.money() == (100 + right, 0)
    booked = "mert" if isinstance(results[0], StaleData) else "anna"
    assert correct(booked)() in results
    assert desk.money() == (100 + right, 0)
    desk.assert_sound()


def test_what_was_spent_or_is_no_gift_cannot_be_taken_back(desk: Desk) -> None:
    money = desk.application.credits
    _send(desk)
    lines = _lines(desk)
    first = lines[-1].entry_id
    sent = next(line for line in lines if line.kind is EntryType.SENDING)
    with pytest.raises(InsufficientCredit):
        money.take_back("Aurora", first, Decimal(100), reason="all of it", actor="mert")
    with pytest.raises(InvalidInput):
        money.take_back("Aurora", sent.entry_id, Decimal("0.06"), reason="a message", actor="mert")
    with pytest.raises(NotFound):
        money.take_back("Aurora", 10**6, Decimal(1), reason="nothing there", actor="mert")
    with pytest.raises(InvalidInput):
        money.take_back("Aurora", first, Decimal(1), reason="no", actor="mert")

    assert desk.money() == (Decimal("99.76"), 0)


def test_two_people_who_take_the_same_entry_back_at_once_do_it_once(desk: Desk) -> None:
    money = desk.application.credits
    money.top_up("Aurora", Decimal(100), reason="Second", actor="anna")
    wrong = _lines(desk)[0].entry_id

    results = at_once(
        *[
            lambda who=who: money.take_back("Aurora", wrong, Decimal(100), reason="wrong client", actor=who)
            for who in ("anna", "mert")
        ]
    )

    assert sum(isinstance(one, InvalidInput) for one in results) == 1
    assert desk.money() == (100, 0)
    desk.assert_sound()


def test_the_explanation_adds_up_and_is_proved(desk: Desk) -> None:
    _send(desk)
    desk.queue(german(3, 50), reason="Still open")
    desk.application.credits.adjust("Aurora", Decimal(-1), reason="Fees of the bank", actor="anna")

    why = desk.application.client_accounts.explain("Aurora")

    assert why.is_proved
    assert why.sums == {
        EntryType.TOP_UP: 100 * MICRO, EntryType.SENDING: -240_000, EntryType.ADJUSTMENT: -MICRO,
    }  # fmt: skip
    assert [(hold.name, hold.amount, hold.sms) for hold in why.holds] == [("Still open", 180_000, 3)]
    assert why.posted - why.reserved == why.balance.available == 98_580_000
    later = desk.application.client_accounts.explain("Aurora", datetime.now(UTC) + timedelta(hours=1))
    assert (later.opening, later.sums, later.is_proved) == (98_760_000, {}, True)


ACTS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=130),
        st.sampled_from(["top_up", "adjust", "take_back", "send"]),
        st.integers(min_value=1, max_value=5_000_000),
    ),
    min_size=1,
    max_size=12,
)


class _Wandering:
    """A clock that is put where it is wanted."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 15, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def _act(desk: Desk, clock: _Wandering, kind: str, amount: int, number: int) -> None:
    """Do something; what the credit does not cover or cannot be corrected changes nothing."""
    money, value = desk.application.credits, Decimal(amount) / MICRO
    try:
        if kind == "top_up":
            money.top_up("Aurora", value, reason="Bank", actor="anna")
        elif kind == "adjust":
            money.adjust("Aurora", value if amount % 2 else -value, reason="Goodwill", actor="anna")
        elif kind == "take_back":
            line = _lines(desk)[-1 - amount % 2 if len(_lines(desk)) > 1 else -1]
            money.take_back("Aurora", line.entry_id, min(value, Decimal("0.5")), reason="was wrong", actor="anna")
        else:
            desk.queue(german(1 + amount % 3, 100 * number), reason="Loyalty")
            if amount % 2:
                with desk.dispatcher(clock=clock) as dispatcher:
                    dispatcher.drain(Job(), until=desk.application.is_drained)
    except (InsufficientCredit, InvalidInput):
        return


@pytest.mark.parametrize("server", ["sqlite", "postgresql"])
def test_every_month_opens_where_the_last_closed_and_adds_up(
    server: str, open_desk: Callable[..., Desk], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = _Wandering()
    url = f"sqlite:///{tmp_path / 'months.db'}" if server == "sqlite" else request.getfixturevalue("postgres_url")
    desk = open_desk(url, clock=clock).open_for_business()
    days = 0

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=ACTS)
    def play(acts: list[tuple[int, str, int]]) -> None:
        nonlocal days
        for step, kind, amount in sorted(acts):
            clock.now = datetime(2026, 1, 15, 12, tzinfo=UTC) + timedelta(days=days + step)
            _act(desk, clock, kind, amount, days + step)
        days += max(step for step, _, _ in acts)
        _check_months(desk, clock.now)

    play()


def _check_months(desk: Desk, now: datetime) -> None:
    month, statements = Month(2026, 1), list[Statement]()
    while month.begin <= now:
        statements.append(desk.application.statements.statement("Aurora", month))
        month = month.after
    for one in statements:
        assert one.opening + sum(line.amount for line in one.lines) == one.closing
    for before, after in pairwise(statements):
        assert before.closing == after.opening
    balance = desk.application.credits.balance("Aurora")
    assert (statements[0].opening, statements[-1].closing) == (0, balance.posted)
    why = desk.application.client_accounts.explain("Aurora")
    assert why.is_proved
    assert why.posted - why.reserved + balance.overdraft == balance.available


def test_a_statement_as_csv_and_pdf(desk: Desk, tmp_path: Path) -> None:
    _send(desk)
    statements, month = desk.application.statements, Month.of(datetime.now(UTC))

    written = statements.write(
        tmp_path / "a.csv", "Aurora", month, StatementFormat.CSV, language="en", actor="anna", job=Job()
    )

    rows = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))
    assert (rows[0]["type"], rows[0]["credit"]) == ("opening", "0.000000")
    moved = [row for row in rows if row["in"] or (row["out"] and row["type"] != "country")]
    total = sum(Decimal(row["in"] or row["out"]) for row in moved)
    closing = next(row for row in rows if row["type"] == "closing")
    assert total == Decimal(closing["credit"]) == Decimal(written.statement.closing) / MICRO
    countries = {row["description"]: (row["sms"], row["out"]) for row in rows if row["type"] == "country"}
    assert countries == {"DE": ("4", "-0.240000")}
    with pytest.raises(InvalidInput, match="already"):
        statements.write(
            tmp_path / "a.csv", "Aurora", month, StatementFormat.CSV, language="en", actor="anna", job=Job()
        )
    statements.write(tmp_path / "a.pdf", "Aurora", month, StatementFormat.PDF, language="de", actor="anna", job=Job())
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_statement_that_does_not_add_up_is_never_written(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send(sqlite_desk)
    month = Month.of(datetime.now(UTC))
    asked = iter([0, 1])
    monkeypatch.setattr(
        "desktop_app.storage.repositories.client_ledger.ClientLedgerRepository.posted_before",
        lambda _self, _account, _moment: next(asked),
    )
    with pytest.raises(RuntimeError, match="closing"):
        sqlite_desk.application.statements.write(
            tmp_path / "a.csv", "Aurora", month, StatementFormat.CSV, language="en", actor="anna", job=Job()
        )

    assert list(tmp_path.glob("*.csv")) == []


def test_a_statement_whose_charges_are_not_what_was_sent_is_never_written(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send(sqlite_desk)
    monkeypatch.setattr(
        "desktop_app.storage.repositories.client_ledger.ClientLedgerRepository.countries", lambda *_args: []
    )
    with pytest.raises(RuntimeError, match="charges"):
        sqlite_desk.application.statements.statement("Aurora", Month.of(datetime.now(UTC)))
    assert list(tmp_path.glob("*.csv")) == []
