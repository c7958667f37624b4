"""The independent audit of the books: its own SQL, sharing nothing with the code that writes them (reliability.md 3.6).

It reads data only. Every query names what contradicts, so that a person can look.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

_MOVES: Final = "kind NOT IN ('hold', 'release')"

# (what is wrong, query of the rows that show it). All run on SQLite and on PostgreSQL.
_CHECKS: Final = (
    (
        "account {0} has {1} posted, its transfers say {2}",
        # Only the constant above is spliced in.
        f"""SELECT a.name, a.posted_micro, COALESCE(t.total, 0) FROM ledger_account a LEFT JOIN (
              SELECT account_id, SUM(amount) AS total FROM (
                SELECT credit_id AS account_id, amount_micro AS amount FROM ledger_transfer WHERE {_MOVES}
                UNION ALL SELECT debit_id, -amount_micro FROM ledger_transfer WHERE {_MOVES}) moves
              GROUP BY account_id) t ON t.account_id = a.id
            WHERE a.posted_micro <> COALESCE(t.total, 0)""",  # noqa: S608
    ),
    (
        "account {0} has {1} reserved, its transfers say {2}",
        """SELECT a.name, a.held_micro, COALESCE(t.total, 0) FROM ledger_account a LEFT JOIN (
             SELECT debit_id, SUM(CASE kind WHEN 'hold' THEN amount_micro WHEN 'capture' THEN -amount_micro
               WHEN 'release' THEN -amount_micro ELSE 0 END) AS total FROM ledger_transfer GROUP BY debit_id) t
             ON t.debit_id = a.id
           WHERE a.held_micro <> COALESCE(t.total, 0)""",
    ),
    (
        "all accounts in {0} together hold {1} instead of 0",
        "SELECT currency, SUM(posted_micro) FROM ledger_account GROUP BY currency HAVING SUM(posted_micro) <> 0",
    ),
    (
        "account {0} is below its floor: {1} posted, {2} reserved",
        """SELECT name, posted_micro, held_micro FROM ledger_account
           WHERE bounded = 1 AND posted_micro - held_micro < -overdraft_micro""",
    ),
    (
        "transfer {0} is not what a transfer can be",
        """SELECT t.id FROM ledger_transfer t
             LEFT JOIN ledger_account d ON d.id = t.debit_id LEFT JOIN ledger_account c ON c.id = t.credit_id
           WHERE t.amount_micro <= 0 OR t.debit_id = t.credit_id OR d.id IS NULL OR c.id IS NULL
             OR d.currency <> t.currency OR c.currency <> t.currency""",
    ),
    (
        "hold {0} stands at {1} captured and {2} released of {3}, its transfers say otherwise",
        """SELECT h.hold_id, h.captured_micro, h.released_micro, h.amount_micro FROM ledger_hold h
             LEFT JOIN ledger_transfer o ON o.id = h.hold_id AND o.kind = 'hold'
             LEFT JOIN (SELECT hold_id, SUM(CASE WHEN kind = 'capture' THEN amount_micro ELSE 0 END) AS captured,
               SUM(CASE WHEN kind = 'release' THEN amount_micro ELSE 0 END) AS released
               FROM ledger_transfer WHERE hold_id IS NOT NULL GROUP BY hold_id) t ON t.hold_id = h.hold_id
           WHERE o.id IS NULL OR o.amount_micro <> h.amount_micro OR h.captured_micro <> COALESCE(t.captured, 0)
             OR h.released_micro <> COALESCE(t.released, 0) OR h.captured_micro + h.released_micro > h.amount_micro""",
    ),
    (
        "transfer {0} is a hold without its state",
        """SELECT t.id FROM ledger_transfer t LEFT JOIN ledger_hold h ON h.hold_id = t.id
           WHERE t.kind = 'hold' AND h.hold_id IS NULL""",
    ),
    (
        "transfer {0} refers to something that it does not mirror",
        """SELECT r.id FROM ledger_transfer r LEFT JOIN ledger_transfer o ON o.id = r.refers_id
           WHERE r.refers_id IS NOT NULL AND (o.id IS NULL OR o.debit_id <> r.credit_id OR o.credit_id <> r.debit_id)""",
    ),
    (
        "transfer {0} was refunded {2} of {1}",
        """SELECT o.id, o.amount_micro, SUM(r.amount_micro) FROM ledger_transfer o JOIN ledger_transfer r ON r.refers_id = o.id
           GROUP BY o.id, o.amount_micro HAVING SUM(r.amount_micro) > o.amount_micro""",
    ),
    (
        "batch {0} was promised for {1}, its messages cost {2}",
        """SELECT b.id, b.total_micro, COALESCE(SUM(m.price_micro), 0) FROM batch b LEFT JOIN message m ON m.batch_id = b.id
           GROUP BY b.id, b.total_micro HAVING b.total_micro <> COALESCE(SUM(m.price_micro), 0)""",
    ),
    (
        "batch {0} is not covered by its own hold",
        """SELECT b.id FROM batch b LEFT JOIN ledger_hold h ON h.hold_id = b.hold_id
           WHERE h.hold_id IS NULL OR h.amount_micro <> b.total_micro""",
    ),
    (
        "hold {0} keeps {1}, its open messages cost {2}",
        """SELECT h.hold_id, h.amount_micro - h.captured_micro - h.released_micro, COALESCE(m.open, 0) FROM ledger_hold h
             LEFT JOIN (SELECT hold_id, SUM(price_micro) AS open FROM message WHERE money = 'held' GROUP BY hold_id) m
             ON m.hold_id = h.hold_id
           WHERE h.amount_micro - h.captured_micro - h.released_micro <> COALESCE(m.open, 0)""",
    ),
    (
        "transfer {0} settles {1}, the messages that point to it cost {2}",
        """SELECT t.id, t.amount_micro, COALESCE(m.total, 0) FROM ledger_transfer t LEFT JOIN (
             SELECT settle_id, SUM(price_micro) AS total FROM message WHERE settle_id IS NOT NULL GROUP BY settle_id) m
             ON m.settle_id = t.id
           WHERE t.kind IN ('capture', 'release') AND t.amount_micro <> COALESCE(m.total, 0)""",
    ),
    (
        "message {0} is {1}, but its credit is {2}",
        """SELECT id, status, money FROM message WHERE
             (status IN ('queued', 'sending', 'unknown') AND money <> 'held')
             OR (status IN ('accepted', 'sent', 'delivered') AND money <> 'captured')
             OR (status IN ('undelivered', 'expired') AND money NOT IN ('captured', 'refunded'))
             OR (status IN ('blocked', 'cancelled', 'expired_unsent', 'abandoned') AND money <> 'released')
             OR (status = 'rejected' AND money = 'held')""",
    ),
    (
        "message {0} is {1}, but transfer {2} that settled it is a {3} of hold {4}",
        """SELECT m.id, m.money, t.id, t.kind, COALESCE(t.hold_id, 0) FROM message m JOIN ledger_transfer t ON t.id = m.settle_id
           WHERE t.hold_id IS NULL OR t.hold_id <> m.hold_id
             OR t.kind <> CASE m.money WHEN 'released' THEN 'release' ELSE 'capture' END""",
    ),
    (
        "message {0} costs {1}, its quote and its hold say otherwise",
        """SELECT m.id, m.price_micro FROM message m JOIN batch b ON b.id = m.batch_id JOIN batch_quote q ON q.id = m.quote_id
           WHERE q.batch_id <> m.batch_id OR m.price_micro <> q.price_micro * m.segments OR m.hold_id <> b.hold_id""",
    ),
    (
        "client {0} pays from an account without a floor or in another currency",
        """SELECT c.name FROM client c JOIN ledger_account a ON a.id = c.account_id
           WHERE a.bounded = 0 OR a.currency <> c.currency""",
    ),
    (
        "message {0} may have gone out {1} times",
        """SELECT message_id, COUNT(*) FROM attempt WHERE outcome IN ('in_flight', 'unknown', 'accepted')
           GROUP BY message_id HAVING COUNT(*) > 1""",
    ),
    (
        "message {0} is {1} without an attempt that says so",
        """SELECT m.id, m.status FROM message m
           WHERE m.status IN ('sending', 'unknown', 'accepted', 'sent', 'delivered', 'undelivered', 'expired')
             AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.message_id = m.id AND a.outcome =
               CASE m.status WHEN 'sending' THEN 'in_flight' WHEN 'unknown' THEN 'unknown' ELSE 'accepted' END)""",
    ),
    (
        "message {0} is {1} while an attempt may have reached the provider",
        """SELECT m.id, m.status FROM message m
           WHERE (m.status IN ('queued', 'cancelled', 'expired_unsent', 'blocked', 'abandoned')
               OR (m.status = 'rejected' AND m.money = 'released'))
             AND EXISTS (SELECT 1 FROM attempt a
               WHERE a.message_id = m.id AND a.outcome IN ('in_flight', 'unknown', 'accepted'))""",
    ),
    (
        "attempt {0} is accepted without a provider id",
        """SELECT a.id FROM attempt a WHERE a.outcome = 'accepted'
             AND NOT EXISTS (SELECT 1 FROM attempt_part p WHERE p.attempt_id = a.id)""",
    ),
)
MOST_FINDINGS: Final = 20


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found.

    Attributes:
        accounts: how many accounts were read.
        entries: how many transfers.
        problems: one sentence per contradiction, at most 20 per kind.
        warnings: what is not wrong in the data but weakens its protection.
    """

    accounts: int
    entries: int
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing contradicts."""
        return not self.problems


def run(connection: Connection) -> AuditReport:
    """Return the findings over the whole database."""
    problems: list[str] = []
    for sentence, query in _CHECKS:
        rows = connection.exec_driver_sql(query).fetchmany(MOST_FINDINGS)
        problems += [sentence.format(*row) for row in rows]
    if connection.dialect.name == "sqlite":
        problems += _file_problems(connection)
    accounts = connection.exec_driver_sql("SELECT COUNT(*) FROM ledger_account").scalar_one()
    entries = connection.exec_driver_sql("SELECT COUNT(*) FROM ledger_transfer").scalar_one()
    return AuditReport(int(accounts), int(entries), tuple(problems), tuple(_missing_guards(connection)))


def _file_problems(connection: Connection) -> list[str]:
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    problems = [] if found == ["ok"] else [f"the file is damaged: {finding}" for finding in found]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST_FINDINGS)
    return problems + [f"row {row[1]} of {row[0]} points at a missing row of {row[2]}" for row in orphans]


_GUARDS: Final = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        ("account_new", "account_guard", "account_no_delete", "transfer_check", "transfer_apply",
         "transfer_no_update", "transfer_no_delete", "detail_no_update", "detail_no_delete",
         "hold_new", "hold_guard", "hold_no_delete", "message_new",
         "message_status", "message_money", "message_frozen", "message_no_delete", "quote_frozen", "batch_frozen",
         "attempt_new", "attempt_guard", "attempt_no_delete", "part_guard", "part_no_delete", "change_row_no_update",
         "change_row_no_delete", "change_loss_no_update", "change_loss_no_delete", "change_frozen", "change_no_delete",
         "rate_no_delete", "activity_no_update", "activity_no_delete",
         "traffic_new", "traffic_moved", "traffic_changed"),
    ),
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        ("account_guard", "account_no_delete", "account_no_truncate", "transfer_check", "transfer_apply",
         "transfer_no_change", "transfer_no_truncate", "detail_no_change", "detail_no_truncate",
         "hold_guard", "hold_no_delete", "hold_no_truncate",
         "message_guard", "message_no_delete", "message_no_truncate", "quote_frozen", "batch_frozen", "attempt_guard",
         "attempt_no_delete", "attempt_no_truncate", "part_guard", "part_no_delete", "part_no_truncate",
         "change_row_no_change", "change_row_no_truncate", "change_loss_no_change",
         "change_loss_no_truncate", "change_frozen", "change_no_delete", "change_no_truncate",
         "rate_no_delete", "rate_no_truncate", "activity_no_change", "activity_no_truncate",
         "traffic_new", "traffic_moved", "traffic_changed"),
    ),
}  # fmt: skip


def _missing_guards(connection: Connection) -> list[str]:
    query, expected = _GUARDS[connection.dialect.name]
    present = {row[0] for row in connection.exec_driver_sql(query)}
    return [f"the guard {name} is missing" for name in expected if name not in present]
