"""The audit notices every contradiction written past the guards, names it, and never depends on the guards itself."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from desktop_app.domain.credits import TransferKind
from desktop_app.storage import audit
from tests.fixtures.books import Books, number

ALL_GUARDS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT tgisinternal",
}

# (what was tampered with, statements past the guards, the problem that must be named)
TAMPERINGS = (
    ("a balance", ["UPDATE ledger_account SET posted_micro = posted_micro + 1 WHERE id = {account_Aurora}"],
     r"account client:Aurora has \d+ posted, its transfers say \d+"),
    ("a balance against ours", ["UPDATE ledger_account SET posted_micro = posted_micro + 1 WHERE id = {account_Aurora}"],
     "all accounts in EUR together hold 1 instead of 0"),
    ("reserved credit", ["UPDATE ledger_account SET held_micro = held_micro + 1 WHERE id = {account_Aurora}"],
     r"account client:Aurora has \d+ reserved, its transfers say \d+"),
    ("a floor", ["UPDATE ledger_account SET posted_micro = -1 WHERE id = {idle}"],
     "account client:Idle is below its floor: -1 posted, 0 reserved"),
    ("an amount", ["UPDATE ledger_transfer SET amount_micro = amount_micro + 1 WHERE id = {spent}"],
     r"account client:Aurora has \d+ posted, its transfers say \d+"),
    ("a transfer's kind", ["UPDATE ledger_transfer SET kind = 'charge', hold_id = NULL WHERE id = {release}"],
     r"account client:Aurora has \d+ reserved, its transfers say \d+"),
    ("a transfer's currency", ["UPDATE ledger_transfer SET currency = 'USD' WHERE id = {spent}"],
     r"transfer \d+ is not what a transfer can be"),
    ("a deleted transfer", ["DELETE FROM ledger_transfer WHERE id = {spent}"],
     r"account client:Aurora has \d+ posted, its transfers say \d+"),
    ("a hold's state", ["UPDATE ledger_hold SET captured_micro = captured_micro - 1 WHERE hold_id = {hold}"],
     r"hold \d+ stands at 419999 captured and 180000 released of 840000, its transfers say otherwise"),
    ("a hold's amount", ["UPDATE ledger_hold SET amount_micro = amount_micro + 1 WHERE hold_id = {other_hold}"],
     r"hold \d+ stands at 0 captured and 0 released of 60001, its transfers say otherwise"),
    ("a deleted hold", ["DELETE FROM ledger_hold WHERE hold_id = {other_hold}"], r"transfer \d+ is a hold without its state"),
    ("what a refund refers to", ["UPDATE ledger_transfer SET refers_id = {topup_Aurora} WHERE kind = 'refund'"],
     r"transfer \d+ refers to something that it does not mirror"),
    ("a refund's amount", ["UPDATE ledger_transfer SET amount_micro = 1001 WHERE kind = 'refund'"],
     r"transfer \d+ was refunded 1001 of 1000"),
    ("a batch's total", ["UPDATE batch SET total_micro = total_micro + 1 WHERE id = {batch}"],
     r"batch \d+ was promised for 840001, its messages cost 840000"),
    ("a batch's hold", ["UPDATE batch SET hold_id = {other_hold} WHERE id = {batch}"],
     r"batch \d+ is not covered by its own hold"),
    ("a message's hold", ["UPDATE message SET hold_id = {other_hold} WHERE id = {m_queued}"],
     r"hold \d+ keeps 240000, its open messages cost 180000"),
    ("a message's price", ["UPDATE message SET price_micro = 59999 WHERE id = {m_queued}"],
     r"message \d+ costs 59999, its quote and its hold say otherwise"),
    ("a quote", ["UPDATE batch_quote SET price_micro = 1 WHERE id = {quote}"],
     r"message \d+ costs 60000, its quote and its hold say otherwise"),
    ("a deleted message", ["DELETE FROM message WHERE id = {m_queued}"], r"batch \d+ was promised for 840000"),
    ("a message's settlement", ["UPDATE message SET settle_id = {capture} WHERE id = {m_sent}"],
     r"transfer \d+ settles 60000, the messages that point to it cost 120000"),
    ("a message's status", ["UPDATE message SET status = 'cancelled' WHERE id = {m_accepted}"],
     r"message \d+ is cancelled, but its credit is captured"),
    ("a message given up", ["UPDATE message SET status = 'abandoned' WHERE id = {m_unknown}"],
     r"message \d+ is abandoned, but its credit is held"),
    ("a message called rejected", ["UPDATE message SET status = 'rejected' WHERE id = {m_queued}"],
     r"message \d+ is rejected, but its credit is held"),
    ("credit given back by a capture", ["UPDATE message SET status = 'blocked', money = 'released' WHERE id = {m_sent}"],
     r"message \d+ is released, but transfer \d+ that settled it is a capture of hold \d+"),
    ("a client's floor", ["UPDATE ledger_account SET bounded = 0 WHERE id = {account_Aurora}"],
     "client Aurora pays from an account without a floor or in another currency"),
    ("a second open attempt", [
        "DROP INDEX one_open_attempt",
        "INSERT INTO attempt (message_id, n, provider_id, epoch, outcome, started_at)"
        " VALUES ({m_accepted}, 2, {Main}, 1, 'unknown', 0)"],
     r"message \d+ may have gone out 2 times"),
    ("a lost acceptance", ["UPDATE attempt SET outcome = 'absent' WHERE id = {a_accepted}"],
     r"message \d+ is accepted without an attempt that says so"),
    ("a lost intent", ["UPDATE attempt SET outcome = 'not_sent' WHERE id = {a_sending}"],
     r"message \d+ is sending without an attempt that says so"),
    ("a forgotten doubt", ["UPDATE attempt SET outcome = 'absent' WHERE id = {a_unknown}"],
     r"message \d+ is unknown without an attempt that says so"),
    ("a message queued again", ["UPDATE message SET status = 'queued' WHERE id = {m_unknown}"],
     r"message \d+ is queued while an attempt may have reached the provider"),
    ("a rejection of what may have gone out", ["UPDATE attempt SET outcome = 'unknown' WHERE id = {a_rejected}"],
     r"message \d+ is rejected while an attempt may have reached the provider"),
    ("a lost provider id", ["DELETE FROM attempt_part WHERE attempt_id = {a_accepted}"],
     r"attempt \d+ is accepted without a provider id"),
)  # fmt: skip


def past_the_guards(connection: Connection, books: Books, statements: list[str]) -> None:
    """Run statements as somebody with full rights over the database would."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("ALTER TABLE ledger_account DROP CONSTRAINT IF EXISTS ck_ledger_account_floor")
        for statement in statements:
            connection.exec_driver_sql(statement.format_map(books.ids))
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    guards = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _sql in guards:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.exec_driver_sql(statement.format_map(books.ids))
    for _name, sql in guards:
        connection.exec_driver_sql(sql)
    connection.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")


def audited(books: Books, change: Callable[[Connection], None]) -> audit.AuditReport:
    """Return what the audit finds after ``change``, which is undone."""
    with books.engine.connect() as connection:
        change(connection)
        report = audit.run(connection)
        connection.rollback()
    return report


def run_raw(statement: str, connection: Connection) -> None:
    connection.exec_driver_sql(statement)


def test_untouched_books_agree(filled: Books) -> None:
    report = filled.database.audit()
    assert report.ok
    assert (report.problems, report.warnings) == ((), ())
    assert report.accounts == 6
    assert [(report.entries,)] == filled.rows("SELECT COUNT(*) FROM ledger_transfer")


@pytest.mark.parametrize(
    ("what", "statements", "problem"), TAMPERINGS, ids=lambda value: str(value).replace(" ", "_")[:40]
)
def test_a_tampering_is_named(filled: Books, what: str, statements: list[str], problem: str) -> None:
    report = audited(filled, lambda connection: past_the_guards(connection, filled, statements))
    assert not report.ok
    assert any(re.search(problem, sentence) for sentence in report.problems), report.problems


def test_one_millionth_more_is_found_and_one_less_heals_it(books: Books) -> None:
    books.queue([number(1)])

    def change(delta: int) -> None:
        with books.begin() as connection:
            raise_last = (
                f"UPDATE ledger_transfer SET amount_micro = amount_micro + {delta}"
                " WHERE id = (SELECT MAX(id) FROM ledger_transfer)"
            )
            past_the_guards(connection, books, [raise_last])

    assert books.database.audit().ok
    change(+1)
    assert not books.database.audit().ok
    change(-1)
    assert books.database.audit().ok


def test_each_missing_guard_is_a_warning_and_no_problem(filled: Books) -> None:
    dialect = filled.engine.dialect.name
    guards = filled.rows(ALL_GUARDS[dialect])
    assert len(guards) > 20
    for name, table in guards:
        drop = f"DROP TRIGGER {name}" if dialect == "sqlite" else f"DROP TRIGGER {name} ON {table}"
        report = audited(filled, partial(run_raw, drop))
        assert report.problems == ()
        assert report.warnings == (f"the guard {name} is missing",)


def test_the_audit_needs_no_guards_at_all(filled: Books) -> None:
    dialect = filled.engine.dialect.name
    guards = filled.rows(ALL_GUARDS[dialect])

    def drop_all(connection: Connection) -> None:
        for name, table in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {name}" + ("" if dialect == "sqlite" else f" ON {table}"))

    report = audited(filled, drop_all)
    assert report.problems == ()
    assert len(report.warnings) == len(guards)


def test_a_disabled_guard_is_missing_too(postgres_url: str, tmp_path: Path) -> None:
    books = Books(postgres_url, tmp_path).start()
    books.run("ALTER TABLE ledger_transfer DISABLE TRIGGER transfer_check")
    assert books.database.audit().warnings == ("the guard transfer_check is missing",)
    books.close()


def test_a_row_that_points_nowhere_is_found_in_a_file(tmp_path: Path) -> None:
    books = Books(f"sqlite:///{tmp_path / 'books.db'}", tmp_path).start()
    with books.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("UPDATE client SET list_id = 999")
        assert audit.run(connection).problems == ("row 1 of client points at a missing row of price_list",)
        connection.rollback()
    books.close()


def test_damage_of_a_file_is_found(tmp_path: Path) -> None:
    books = Books(f"sqlite:///{tmp_path / 'books.db'}", tmp_path).start()
    # The index is told to be over another column than the one it was built from.
    books.run(
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_master SET sql = replace(sql, '(debit_id, id)', '(credit_id, id)') WHERE name = 'ix_ledger_transfer_debit'",
        "PRAGMA writable_schema=OFF",
    )
    books.close()
    report = books.database.audit()
    assert any("the file is damaged" in problem for problem in report.problems), report.problems
    books.close()


def test_at_most_twenty_findings_of_a_kind(books: Books) -> None:
    with books.database.begin() as uow:
        for index in range(30):
            uow.ledger.open_account(f"client:many-{index}", "EUR", bounded=True)
    tamper = ["UPDATE ledger_account SET held_micro = 1, posted_micro = 1 WHERE name LIKE 'client:many%%'"]
    report = audited(books, lambda connection: past_the_guards(connection, books, tamper))
    assert sum("reserved, its transfers say" in problem for problem in report.problems) == audit.MOST_FINDINGS == 20


def test_a_repeated_figure_names_the_client_as_it_is(books: Books) -> None:
    account = books.add_client("Braces {0} {x}", 1_000)
    tamper = [f"UPDATE ledger_account SET posted_micro = 999 WHERE id = {account}"]
    report = audited(books, lambda connection: past_the_guards(connection, books, tamper))
    assert "account client:Braces {0} {x} has 999 posted, its transfers say 1000" in report.problems
    books.post(TransferKind.TOPUP, books.ids["bank"], account, 1)
    assert books.database.audit().ok
