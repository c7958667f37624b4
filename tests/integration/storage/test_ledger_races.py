"""Many at once on the same money: exactly what is affordable happens, once, and nobody waits for ever (reliability.md P16, P19)."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from desktop_app.domain.credits import SystemAccount, TransferKind
from desktop_app.domain.errors import AppError, InsufficientCredit, StaleData
from desktop_app.storage.repositories.losses import LossPermission
from desktop_app.storage.unit_of_work import UnitOfWork
from tests.fixtures.books import NOW, Books

ROOT = Path(__file__).parents[3]
DEADLINE_SECONDS = 30.0
RACER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from desktop_app.domain.credits import Transfer, TransferKind
from desktop_app.domain.errors import InsufficientCredit
from desktop_app.storage.unit_of_work import Database
url, name, client, sales = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
database = Database(url, Path("unused"))
print("ready", flush=True)
sys.stdin.readline()
held = 0
for index in range(25):
    try:
        with database.begin() as uow:
            hold = Transfer(TransferKind.HOLD, client, sales, 10, "EUR", f"{name}-hold-{index:06d}", name)
            uow.ledger.post(hold, datetime.now(UTC))
        held += 1
    except InsufficientCredit:
        pass
database.close()
print(held)
"""


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """Run ``work(index)`` in ``count`` threads that start at the same moment; return results and errors, by index."""
    barrier = threading.Barrier(count)

    def run(index: int) -> object:
        barrier.wait()
        return work(index)

    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(run, index) for index in range(count)]
        return [future.exception() or future.result() for future in futures]


def overlapping(books: Books, work: Callable[[UnitOfWork], object]) -> list[object]:
    """Do ``work`` in a transaction, and again in a second one that begins before the first ends; return both results."""

    def second() -> object:
        with books.database.begin() as uow:
            return work(uow)

    with ThreadPoolExecutor(1) as pool:
        with books.database.begin() as uow:
            first = work(uow)
            future = pool.submit(second)
            wait_until(lambda: future.done() or is_waiting(books))
        return [first, future.exception() or future.result()]


def is_waiting(books: Books) -> bool:
    """Return whether another transaction waits for ours; on SQLite it does before it begins."""
    if books.engine.dialect.name == "sqlite":
        return True
    return books.rows("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != [(0,)]


def wait_until(true: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + DEADLINE_SECONDS, threading.Event()
    while not true():
        assert time.monotonic() < deadline
        pause.wait(0.005)


def in_a_transaction(books: Books, work: Callable[[UnitOfWork], object]) -> Callable[[int], object]:
    def run(_index: int) -> object:
        with books.database.begin() as uow:
            return work(uow)

    return run


@pytest.mark.parametrize("credit", [500, 495], ids=["to the last", "with a rest"])
def test_eight_threads_get_exactly_what_the_credit_covers(books: Books, credit: int) -> None:
    client = books.add_client("Racer", credit)
    sales = books.ids["sales"]

    def hold_ten_times(_index: int) -> Counter[str]:
        done: Counter[str] = Counter()
        for _ in range(10):
            try:
                books.post(TransferKind.HOLD, client, sales, 10)
                done["held"] += 1
            except InsufficientCredit:
                done["refused"] += 1
        return done

    total: Counter[str] = Counter()
    for result in together(8, hold_ten_times):
        assert isinstance(result, Counter), result
        total += result
    assert total == {"held": credit // 10, "refused": 80 - credit // 10}
    assert books.balance("Racer") == (credit, credit // 10 * 10)
    assert books.rows(
        f"SELECT COUNT(*) FROM ledger_hold h JOIN ledger_transfer t ON t.id = h.hold_id WHERE t.debit_id = {client}"
    ) == [(credit // 10,)]


def test_four_processes_get_exactly_what_the_credit_covers(books: Books) -> None:
    client = books.add_client("Racer", 500)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, books.url, f"racer-{index}", str(client), str(books.ids["sales"])],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for index in range(4)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    held = []
    for process in processes:
        output, errors = process.communicate(timeout=120)
        assert (errors, process.returncode) == ("", 0)
        held.append(int(output))
    assert sum(held) == 50
    assert books.balance("Racer") == (500, 500)


def test_the_same_transfer_posted_at_once_is_one(books: Books) -> None:
    client, bank = books.ids["account_Aurora"], books.ids["bank"]
    topup = books.transfer(TransferKind.TOPUP, bank, client, 7, idem="topup-once")
    results = together(8, in_a_transaction(books, lambda uow: uow.ledger.post(topup, NOW)))
    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    assert books.balance() == (100_000_007, 0)


def test_the_same_refund_posted_at_once_is_one(books: Books) -> None:
    """Its second check already sees the first one's money: it must find the first, not fail."""
    client, sales = books.ids["account_Aurora"], books.ids["sales"]
    charge = books.post(TransferKind.CHARGE, client, sales, 100)
    refund = books.transfer(TransferKind.REFUND, sales, client, 100, refers_id=charge, idem="refund-once")
    results = overlapping(books, lambda uow: uow.ledger.post(refund, NOW))
    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    assert books.balance() == (100_000_000, 0)


def test_a_key_with_other_content_is_refused_whatever_comes_first(books: Books) -> None:
    accounts = [books.add_client(f"Client {index}", 0) for index in range(6)]

    def top_up(index: int) -> int:
        return books.post(TransferKind.TOPUP, books.ids["bank"], accounts[index], 7, idem="one-key-for-all")

    results = together(6, top_up)
    refused = [result for result in results if isinstance(result, StaleData)]
    assert [error.code for error in refused] == ["idempotency_conflict"] * 5
    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(books.balance(f"Client {index}")[0] for index in range(6)) == 7


def test_a_key_with_other_content_between_other_accounts_is_refused_at_once_too(books: Books) -> None:
    """No common account makes them wait for each other: only the key does."""
    pairs = iter([(books.add_client(f"From {index}", 100), books.add_client(f"To {index}", 0)) for index in range(2)])

    def charge(uow: UnitOfWork) -> int:
        return uow.ledger.post(books.transfer(TransferKind.CHARGE, *next(pairs), 7, idem="one-key-for-all"), NOW)

    first, second = overlapping(books, charge)
    assert isinstance(first, int)
    assert isinstance(second, StaleData)
    assert second.code == "idempotency_conflict"
    assert [books.balance(f"To {index}")[0] for index in range(2)] == [7, 0]


def test_every_reversal_sent_twice_at_once_has_one_effect(books: Books) -> None:
    client, bank = books.ids["account_Aurora"], books.ids["bank"]
    originals = [books.post(TransferKind.TOPUP, bank, client, 3) for _ in range(5)]

    def reverse_all(_index: int) -> int:
        done = 0
        for original in originals:
            with suppress(Exception):
                books.post(TransferKind.REVERSAL, client, bank, 3, refers_id=original, reason="typed twice")
                done += 1
        return done

    results = together(3, reverse_all)
    assert sum(result for result in results if isinstance(result, int)) == 5
    assert books.balance() == (100_000_000, 0)
    assert books.database.audit().ok


def test_refunds_racing_for_one_capture_never_exceed_it(books: Books) -> None:
    client, sales = books.ids["account_Aurora"], books.ids["sales"]
    charge = books.post(TransferKind.CHARGE, client, sales, 100)
    results = together(8, lambda _index: books.post(TransferKind.REFUND, sales, client, 30, refers_id=charge))
    assert sum(isinstance(result, int) for result in results) == 3
    assert books.balance() == (99_999_990, 0)


def test_transfers_in_opposite_directions_do_not_block_each_other(books: Books) -> None:
    one, two = books.add_client("One", 10_000), books.add_client("Two", 10_000)

    def back_and_forth(index: int) -> None:
        for _ in range(15):
            pair = (one, two) if index % 2 else (two, one)
            books.post(TransferKind.CHARGE, *pair, 1)

    assert together(6, back_and_forth) == [None] * 6
    assert books.balance("One")[0] + books.balance("Two")[0] == 20_000
    assert books.database.audit().ok


def test_several_transfers_in_one_transaction_lock_their_accounts_first(books: Books) -> None:
    accounts = [books.add_client(f"Client {index}", 10_000) for index in range(3)]

    def around(index: int) -> None:
        order = accounts[index % 3 :] + accounts[: index % 3]
        for _ in range(8):
            with books.database.begin() as uow:
                uow.ledger.lock(accounts)
                for source, target in zip(order, order[1:] + order[:1], strict=True):
                    uow.ledger.post(books.transfer(TransferKind.CHARGE, source, target, 1), NOW)

    assert together(6, around) == [None] * 6
    assert [books.balance(f"Client {index}")[0] for index in range(3)] == [10_000] * 3


def system_account(kind: SystemAccount, uow: UnitOfWork) -> int:
    return uow.ledger.system_account(kind, "USD")


def test_our_own_account_is_opened_once_by_two_who_need_it_first(books: Books) -> None:
    for kind in SystemAccount:
        opened = overlapping(books, partial(system_account, kind))
        assert len(set(opened)) == 1, opened
        assert isinstance(opened[0], int)


# What many may create or set at once for the first time; each must end in one row and no error.
FIRST_USES: dict[str, tuple[Callable[[UnitOfWork, Books], object], str]] = {
    "setting": (
        lambda uow, _books: uow.settings.set("service", "on"),
        "SELECT COUNT(*) FROM setting WHERE name = 'service'",
    ),
    "exchange rate": (
        lambda uow, _books: uow.exchange_rates.set("USD", "EUR", Decimal("0.92"), date(2026, 1, 1)),
        "SELECT COUNT(*) FROM exchange_rate",
    ),
    "country": (lambda uow, _books: uow.prices.set_enabled("DE", enabled=False), "SELECT COUNT(*) FROM country"),
    "standing rule": (
        lambda uow, books: uow.prices.set_standing_rule(books.ids["list"], "", "markup 25.00"),
        "SELECT COUNT(*) FROM standing_rule",
    ),
    "price list": (lambda uow, _books: uow.prices.add_list("Wholesale", "EUR"), "SELECT COUNT(*) - 1 FROM price_list"),
    "loss": (
        lambda uow, books: uow.losses.allow(
            uow.prices.open_change(books.ids["list"], at=NOW, actor="anna", label="", rule=""),
            books.ids["rate"],
            LossPermission(NOW, "anna", "a campaign"),
        ),
        "SELECT COUNT(*) FROM loss_permission",
    ),
    "opt-out": (
        lambda uow, books: uow.clients.add_opt_outs(books.ids["Aurora"], ["+4915110000000"], NOW),
        "SELECT COUNT(*) FROM opt_out",
    ),
    "fallback number": (
        lambda uow, books: uow.senders.set_fallback_number(books.ids["Main"], "FR", "+33612345678"),
        "SELECT COUNT(*) FROM fallback_number",
    ),
    "approval": (
        lambda uow, books: uow.senders.request(books.ids["sender"], "TR", "pending", "anna", NOW),
        "SELECT COUNT(*) FROM sender_approval",
    ),
    "document": (
        lambda uow, books: uow.senders.add_document(
            books.ids["Aurora"], books.ids["sender"], "letter.pdf", "pdf", b"%PDF", "anna", NOW
        ),
        "SELECT COUNT(*) FROM sender_document",
    ),
}


@pytest.mark.parametrize("what", FIRST_USES)
def test_first_use_by_two_at_once_makes_one_row(books: Books, what: str) -> None:
    with books.database.begin() as uow:
        books.ids["rate"] = uow.prices.add_rate(books.ids["list"], "DE")
        books.ids["sender"] = uow.senders.add(books.ids["Aurora"], "AURORA", "aurora", "aurora", "anna", NOW)
    work, count = FIRST_USES[what]
    results = overlapping(books, lambda uow: work(uow, books))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert books.rows(count) == [(1,)]


@pytest.mark.parametrize("what", ["provider", "client"])
def test_the_same_name_given_at_once_is_taken_once_and_said_plainly(books: Books, what: str) -> None:
    serial = iter("12")

    def add(uow: UnitOfWork) -> int:
        if what == "provider":
            return uow.providers.add("New", "twilio", "https://x", {}, is_default=True, at=NOW)
        uow.clients.require_free("New")
        account = uow.ledger.open_account(f"client:new-{next(serial)}", "EUR", bounded=True)
        return uow.clients.add("New", "EUR", None, list_id=books.ids["list"], account_id=account, at=NOW)

    first, second = overlapping(books, add)
    assert isinstance(first, int)
    assert isinstance(second, AppError), second
    assert second.code == ("invalid_input" if books.engine.dialect.name == "sqlite" else "stale_data")
    assert books.rows("SELECT COUNT(*) FROM provider WHERE is_default = 1") == [(1,)]


def test_the_audit_agrees_at_every_moment_of_a_busy_time(books: Books) -> None:
    """A reader beside running writers sees whole transactions only (reliability.md P15)."""
    client, sales = books.ids["account_Aurora"], books.ids["sales"]
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with books.database.begin() as uow:
                charge = uow.ledger.post(books.transfer(TransferKind.CHARGE, client, sales, 10), NOW)
                uow.ledger.post(books.transfer(TransferKind.REFUND, sales, client, 5, refers_id=charge), NOW)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        reports = [books.database.audit() for _ in range(40)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert [report.problems for report in reports] == [()] * 40
    assert reports[-1].entries > reports[0].entries
