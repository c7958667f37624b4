"""The database itself refuses the wrong write, from any tool (reliability.md P18): each by raw SQL, on both databases."""

from dataclasses import dataclass

import pytest
from sqlalchemy.exc import DBAPIError

from tests.fixtures.books import Books

APPEND_ONLY = "the ledger is append-only"
BALANCES = "balances change only through ledger_transfer"
MIRROR = "a refund mirrors its original and does not exceed it"
STATUS = "illegal status transition"
MONEY = "illegal money transition"
ATTEMPT = "illegal attempt transition"
PROMISE = "what a message was promised never changes"
BORN = "a message starts queued"
PRICES = "price changes are never edited"


@dataclass(frozen=True)
class Forbidden:
    """A write that must fail.

    Attributes:
        name: what it tries.
        sql: the statement; ``{name}`` stands for an id.
        why: a pattern of the refusal, so that it is refused for the right reason.
        only: the database that has the statement, both when empty.
    """

    name: str
    sql: str
    why: str
    only: str = ""


def transfer(
    kind: str, debit: str, credit: str, amount: object, *, currency: str = "EUR", idem: str = "forbidden-1",
    actor: str = "mallory", reason: str = "", hold: str = "NULL", refers: str = "NULL", verb: str = "INSERT",
) -> str:  # fmt: skip
    """Return the insert of a transfer."""
    return (
        f"{verb} INTO ledger_transfer (idem, fingerprint, kind, debit_id, credit_id, amount_micro, currency, hold_id, refers_id,"
        f" actor, reason, created_at) VALUES ('{idem}', 'x', '{kind}', {{{debit}}}, {{{credit}}}, {amount}, '{currency}', {hold},"
        f" {refers}, '{actor}', '{reason}', 0)"
    )


def message(
    *, number: str = "+4915199999999", price: int = 60_000, segments: int = 1, status: str = "queued", money: str = "held",
    settle: str = "NULL",
) -> str:  # fmt: skip
    """Return the insert of a message."""
    return (
        "INSERT INTO message (batch_id, quote_id, number, segments, price_micro, status, money, hold_id, settle_id, tries,"
        f" not_before, reason, changed_at) VALUES ({{batch}}, {{quote}}, '{number}', {segments}, {price}, '{status}', '{money}',"
        f" {{hold}}, {settle}, 0, 0, '', 0)"
    )


def attempt(message_id: str, n: int, outcome: str = "in_flight") -> str:
    """Return the insert of an attempt."""
    return (
        "INSERT INTO attempt (message_id, n, provider_id, epoch, outcome, started_at)"
        f" VALUES ({{{message_id}}}, {n}, {{Main}}, 1, '{outcome}', 0)"
    )


def part(attempt_id: str, sid: str, status: str = "accepted") -> str:
    """Return the insert of a provider id."""
    return (
        "INSERT INTO attempt_part (provider_id, provider_message_id, attempt_id, n, status, changed_at)"
        f" VALUES ({{Main}}, '{sid}', {{{attempt_id}}}, 9, '{status}', 0)"
    )


def status(name: str, word: str) -> str:
    """Return the update that moves a message to another status."""
    return f"UPDATE message SET status = '{word}' WHERE id = {{m_{name}}}"


A, B, SALES, BANK = "account_Aurora", "account_Borealis", "sales", "bank"
ACCOUNT = "INSERT INTO ledger_account (name, currency, bounded, posted_micro, held_micro) VALUES "
BUSY = "WHERE id = {account_Aurora}"
IDLE = "WHERE id = {idle}"
RATE = "INSERT INTO rate (list_id, country, mccmnc, network, cost_micro, cost_unconverted, price_micro, manual) VALUES "

TRANSFERS = (
    Forbidden("transfer of nothing", transfer("topup", BANK, A, 0), "ck_ledger_transfer_amount"),
    Forbidden("transfer of a negative amount", transfer("topup", BANK, A, -1), "ck_ledger_transfer_amount"),
    Forbidden("transfer above the largest amount", transfer("topup", BANK, A, 10**15 + 1), "ck_ledger_transfer_amount"),
    Forbidden("transfer of half a millionth", transfer("topup", BANK, A, 1.5), "cannot store REAL", "sqlite"),
    Forbidden("transfer of a text", transfer("topup", BANK, A, "'much'"), "cannot store TEXT|invalid input syntax"),
    Forbidden("transfer from an account to itself", transfer("topup", A, A, 1), "two_accounts"),
    Forbidden("transfer in another currency", transfer("topup", BANK, A, 1, currency="USD"), "currency mismatch"),
    Forbidden("transfer of an unknown kind", transfer("gift", BANK, A, 1), "ck_ledger_transfer_kind_known"),
    Forbidden("transfer by nobody", transfer("topup", BANK, A, 1, actor=""), "ck_ledger_transfer_actor"),
    Forbidden("transfer with a short key", transfer("topup", BANK, A, 1, idem="short"), "idem_length"),
    Forbidden("transfer with an endless key", transfer("topup", BANK, A, 1, idem="k" * 201), "idem_length"),
    Forbidden("transfer with a used key", transfer("topup", BANK, A, 1, idem="transfer-00000000"), r"[_.]idem\b"),
    Forbidden("transfer to no account", transfer("topup", BANK, A, 1).replace("{account_Aurora}", "999"), "(?i)foreign key"),
    Forbidden("hold beyond the credit", transfer("hold", A, SALES, 10**14), "ck_ledger_account_floor"),
    Forbidden("charge beyond the credit", transfer("charge", A, SALES, 10**14), "ck_ledger_account_floor"),
    Forbidden("charge of what is held", transfer("charge", B, SALES, 49_950_000), "ck_ledger_account_floor"),
    Forbidden("hold on a frozen account", transfer("hold", "frozen", SALES, 1), "account frozen"),
    Forbidden("charge on a frozen account", transfer("charge", "frozen", SALES, 1), "account frozen"),
    Forbidden("capture without a hold", transfer("capture", A, SALES, 1), "ck_ledger_transfer_hold"),
    Forbidden("top-up that names a hold", transfer("topup", BANK, A, 1, hold="{hold}"), "not a hold|transfer_hold"),
    Forbidden("capture above its hold", transfer("capture", A, SALES, 240_001, hold="{hold}"), "ck_ledger_hold_within"),
    Forbidden("release above its hold", transfer("release", A, SALES, 240_001, hold="{hold}"), "ck_ledger_hold_within"),
    Forbidden("capture of another client's hold", transfer("capture", B, SALES, 1, hold="{hold}"), "not a hold of these"),
    Forbidden("capture for another account", transfer("capture", A, BANK, 1, hold="{hold}"), "not a hold of these"),
    Forbidden("capture of a top-up", transfer("capture", BANK, A, 1, hold="{topup_Aurora}"), "not a hold of these"),
    Forbidden("capture of a capture", transfer("capture", A, SALES, 1, hold="{capture}"), "not a hold of these"),
    Forbidden("refund of nothing", transfer("refund", SALES, A, 1), "ck_ledger_transfer_refers"),
    Forbidden("top-up that names an original", transfer("topup", BANK, A, 1, refers="{charge}"), "mirrors|refers"),
    Forbidden("refund above its original", transfer("refund", SALES, A, 60_001, refers="{capture}"), MIRROR),
    Forbidden("refund above what is left of it", transfer("refund", SALES, A, 601, refers="{charge}"), MIRROR),
    Forbidden("refund to another client", transfer("refund", SALES, B, 1, refers="{capture}"), MIRROR),
    Forbidden("refund in the same direction", transfer("refund", A, SALES, 1, refers="{capture}"), MIRROR),
    Forbidden("refund of a hold", transfer("refund", SALES, A, 1, refers="{hold}"), MIRROR),
    Forbidden("refund of a release", transfer("refund", SALES, A, 1, refers="{release}"), MIRROR),
    Forbidden("adjustment without a reason", transfer("adjust", BANK, A, 1), "ck_ledger_transfer_reason"),
    Forbidden("adjustment with a word", transfer("adjust", BANK, A, 1, reason="oops"), "ck_ledger_transfer_reason"),
    Forbidden("reversal without a reason", transfer("reversal", SALES, A, 2_000, refers="{spent}"), "transfer_reason"),
    Forbidden("reversal of a part", transfer("reversal", SALES, A, 1_999, refers="{spent}", reason="wrong"), MIRROR),
    Forbidden("second reversal", transfer("reversal", A, BANK, 5_000, refers="{adjust}", reason="again"), MIRROR),
    Forbidden("reversal after a refund", transfer("reversal", SALES, A, 1_000, refers="{charge}", reason="wrong"), MIRROR),
    Forbidden("amount of a transfer", "UPDATE ledger_transfer SET amount_micro = 1 WHERE id = {charge}", APPEND_ONLY),
    Forbidden("reason of a transfer", "UPDATE ledger_transfer SET reason = 'other' WHERE id = {charge}", APPEND_ONLY),
    Forbidden("account of a transfer", "UPDATE ledger_transfer SET credit_id = {bank} WHERE id = {charge}", APPEND_ONLY),
    Forbidden("deleting a transfer", "DELETE FROM ledger_transfer WHERE id = {charge}", APPEND_ONLY),
    Forbidden("deleting all transfers", "DELETE FROM ledger_transfer", APPEND_ONLY),
    Forbidden("emptying the ledger", "TRUNCATE ledger_transfer CASCADE", APPEND_ONLY, "postgresql"),
    Forbidden(
        "replacing a transfer",
        transfer("topup", BANK, A, 1, idem="transfer-00000000", verb="INSERT OR REPLACE"), APPEND_ONLY, "sqlite",
    ),
    Forbidden(
        "overwriting a transfer",
        transfer("topup", BANK, A, 1, idem="transfer-00000000") + " ON CONFLICT (idem) DO UPDATE SET amount_micro = 1",
        APPEND_ONLY,
    ),
)  # fmt: skip

ACCOUNTS = (
    Forbidden("account born rich", ACCOUNT + "('new', 'EUR', 1, 5, 0)", "a new account starts at zero"),
    Forbidden("account born with a hold", ACCOUNT + "('new', 'EUR', 0, 0, 5)", "a new account starts at zero"),
    Forbidden("account named like another", ACCOUNT + "('bank:EUR', 'EUR', 0, 0, 0)", r"[_.]name\b"),
    Forbidden("account in a currency of two letters", ACCOUNT + "('new', 'EU', 0, 0, 0)", "currency_code"),
    Forbidden("account replaced", ACCOUNT.replace("INSERT", "INSERT OR REPLACE") + "('bank:EUR', 'EUR', 0, 0, 0)",
              "accounts are never deleted", "sqlite"),
    Forbidden("balance of a busy account", f"UPDATE ledger_account SET posted_micro = posted_micro + 1 {BUSY}", BALANCES),
    Forbidden("balance of an idle account", f"UPDATE ledger_account SET posted_micro = posted_micro + 1 {IDLE}", BALANCES),
    Forbidden("reserved credit", f"UPDATE ledger_account SET held_micro = held_micro - 1 {BUSY}", BALANCES),
    Forbidden("last transfer of an account", f"UPDATE ledger_account SET last_transfer_id = 999999 {BUSY}", BALANCES),
    Forbidden(
        "balance with a forged last transfer, idle account",
        f"UPDATE ledger_account SET posted_micro = 1000, last_transfer_id = {{charge}} {IDLE}", BALANCES,
    ),
    Forbidden(
        "balance with a forged last transfer, busy account",
        f"UPDATE ledger_account SET posted_micro = posted_micro + 1000, last_transfer_id = 999999 {BUSY}", BALANCES,
    ),
    Forbidden(
        "effect of the last transfer again",
        "UPDATE ledger_account SET posted_micro = posted_micro - 10000, last_transfer_id ="
        " (SELECT MAX(id) FROM ledger_transfer) WHERE id = {bank}", BALANCES,
    ),
    Forbidden("currency of an account", f"UPDATE ledger_account SET currency = 'USD' {IDLE}", BALANCES),
    Forbidden("floor taken away", f"UPDATE ledger_account SET bounded = 0 {IDLE}", BALANCES),
    Forbidden("id of an account", f"UPDATE ledger_account SET id = 999 {IDLE}", f"{BALANCES}|GENERATED ALWAYS"),
    Forbidden("negative overdraft", f"UPDATE ledger_account SET overdraft_micro = -1 {IDLE}", "ck_ledger_account_(overdraft|floor)"),
    Forbidden("deleting an idle account", f"DELETE FROM ledger_account {IDLE}", "accounts are never deleted"),
    Forbidden("deleting a busy account", f"DELETE FROM ledger_account {BUSY}", "accounts are never deleted"),
    Forbidden("emptying the accounts", "TRUNCATE ledger_account CASCADE", "never deleted|append-only", "postgresql"),
    Forbidden("hold of a top-up", "INSERT INTO ledger_hold (hold_id, amount_micro, last_transfer_id)"
              " VALUES ({topup_Aurora}, 100000000, {topup_Aurora})", "holds are made by|holds change only"),
    Forbidden("hold twice", "INSERT INTO ledger_hold (hold_id, amount_micro, last_transfer_id) VALUES ({hold}, 840000, {hold})",
              "ledger_hold.hold_id|holds change only"),
    Forbidden("captured part of a hold", "UPDATE ledger_hold SET captured_micro = 0 WHERE hold_id = {hold}", "holds change only"),
    Forbidden("released part of a hold", "UPDATE ledger_hold SET released_micro = 1 WHERE hold_id = {other_hold}",
              "holds change only"),
    Forbidden("amount of a hold", "UPDATE ledger_hold SET amount_micro = 840001 WHERE hold_id = {hold}", "holds change only"),
    Forbidden("hold with a forged last transfer", "UPDATE ledger_hold SET captured_micro = captured_micro + 60000,"
              " last_transfer_id = {capture} WHERE hold_id = {other_hold}", "holds change only"),
    Forbidden("deleting a hold", "DELETE FROM ledger_hold WHERE hold_id = {other_hold}", "holds are never deleted"),
    Forbidden("emptying the holds", "TRUNCATE ledger_hold CASCADE", "never deleted", "postgresql"),
)  # fmt: skip

MESSAGES = (
    Forbidden("message born sending", message(status="sending"), BORN),
    Forbidden("message born accepted", message(status="accepted", money="captured", settle="{capture}"), BORN),
    Forbidden("message born paid", message(money="captured", settle="{capture}"), f"{BORN}|held_while_open"),
    Forbidden("message to a number without +", message(number="4915199999999"), BORN),
    Forbidden("message to a number with letters", message(number="+49151ABCDEFG"), BORN),
    Forbidden("message to a number with a line end", message(number="+4915199999999\n"), BORN),
    Forbidden("message to a number with a leading 0", message(number="+0915199999999"), BORN),
    Forbidden("message to a number of 16 digits", message(number="+4915199999999999"), BORN),
    Forbidden("message to a number of 6 digits", message(number="+491519"), BORN),
    Forbidden("message for nothing", message(price=0), "ck_message_price"),
    Forbidden("message of no segment", message(segments=0), "ck_message_segments"),
    Forbidden("message twice in a batch", message(number="+4915110000000"), r"batch_id_number|message\.batch_id"),
    Forbidden("accepted becomes queued", status("accepted", "queued"), f"{STATUS}|held_while_open"),
    Forbidden("accepted becomes sending", status("accepted", "sending"), f"{STATUS}|held_while_open"),
    Forbidden("accepted becomes unknown", status("accepted", "unknown"), f"{STATUS}|held_while_open"),
    Forbidden("accepted becomes cancelled", status("accepted", "cancelled"), STATUS),
    Forbidden("accepted becomes blocked", status("accepted", "blocked"), STATUS),
    Forbidden("unknown becomes sending", status("unknown", "sending"), STATUS),
    Forbidden("unknown becomes cancelled", status("unknown", "cancelled"), STATUS),
    Forbidden("unknown becomes queued while its attempt is open", status("unknown", "queued"), STATUS),
    Forbidden("unknown becomes abandoned while its attempt is open", status("unknown", "abandoned"), STATUS),
    Forbidden("sending becomes queued while its attempt is open", status("sending", "queued"), STATUS),
    Forbidden("sending becomes cancelled", status("sending", "cancelled"), STATUS),
    Forbidden("sending becomes delivered", status("sending", "delivered"), STATUS),
    Forbidden("queued becomes accepted", status("queued", "accepted"), STATUS),
    Forbidden("queued becomes delivered", status("queued", "delivered"), STATUS),
    Forbidden("rejected becomes accepted", status("rejected", "accepted"), STATUS),
    Forbidden("rejected becomes queued", status("rejected", "queued"), f"{STATUS}|held_while_open"),
    Forbidden("rejected becomes delivered, its credit given back", status("rejected", "delivered"), STATUS),
    Forbidden("delivered becomes sent", status("delivered", "sent"), STATUS),
    Forbidden("delivered becomes undelivered", status("delivered", "undelivered"), STATUS),
    Forbidden("sent becomes accepted", status("sent", "accepted"), STATUS),
    Forbidden("undelivered becomes sent", status("undelivered", "sent"), STATUS),
    Forbidden("undelivered becomes expired", status("undelivered", "expired"), STATUS),
    Forbidden("rejected later becomes sent", status("rejected_late", "sent"), STATUS),
    Forbidden("cancelled becomes queued", status("cancelled", "queued"), f"{STATUS}|held_while_open"),
    Forbidden("cancelled becomes delivered", status("cancelled", "delivered"), STATUS),
    Forbidden("blocked becomes sending", status("blocked", "sending"), f"{STATUS}|held_while_open"),
    Forbidden("a status nobody knows", status("queued", "lost"), f"{STATUS}|ck_message_status_known"),
    Forbidden("price of a message", "UPDATE message SET price_micro = 1 WHERE id = {m_queued}", PROMISE),
    Forbidden("hold of a message", "UPDATE message SET hold_id = {other_hold} WHERE id = {m_queued}", PROMISE),
    Forbidden("number of a message", "UPDATE message SET number = '+4915110000099' WHERE id = {m_queued}", PROMISE),
    Forbidden("segments of a message", "UPDATE message SET segments = 2 WHERE id = {m_queued}", PROMISE),
    Forbidden("batch of a message", "UPDATE message SET batch_id = {other_batch} WHERE id = {m_queued}", PROMISE),
    Forbidden("quote of a message", "UPDATE message SET quote_id = 999 WHERE id = {m_queued}", PROMISE),
    Forbidden("credit taken while queued", "UPDATE message SET money = 'captured', settle_id = {capture} WHERE id = {m_queued}",
              "ck_message_held_while_open"),
    Forbidden("credit given back while sending",
              "UPDATE message SET money = 'released', settle_id = {release} WHERE id = {m_sending}", "ck_message_held_while_open"),
    Forbidden("credit given back while unknown",
              "UPDATE message SET money = 'released', settle_id = {release} WHERE id = {m_unknown}", "ck_message_held_while_open"),
    Forbidden("credit taken and given back", "UPDATE message SET money = 'released' WHERE id = {m_accepted}", MONEY),
    Forbidden("credit held again", "UPDATE message SET money = 'held', settle_id = NULL WHERE id = {m_accepted}", MONEY),
    Forbidden("credit given back and taken",
              "UPDATE message SET money = 'captured', settle_id = {capture} WHERE id = {m_blocked}", MONEY),
    Forbidden("settled by another transfer", "UPDATE message SET settle_id = {release} WHERE id = {m_accepted}", MONEY),
    Forbidden("settled by nothing", "UPDATE message SET settle_id = NULL WHERE id = {m_accepted}", f"{MONEY}|ck_message_settled"),
    Forbidden("settled by another hold's transfer", "UPDATE message SET status = 'blocked', money = 'released',"
              " settle_id = {release} WHERE batch_id = {other_batch}", MONEY),
    Forbidden("given back by a capture", "UPDATE message SET status = 'blocked', money = 'released',"
              " settle_id = {capture} WHERE id = {m_queued}", MONEY),
    Forbidden("refunded before it was taken", "UPDATE message SET money = 'refunded' WHERE id = {m_unknown}",
              f"{MONEY}|ck_message"),
    Forbidden("deleting a message", "DELETE FROM message WHERE id = {m_queued}", "messages are never deleted"),
    Forbidden("emptying the messages", "TRUNCATE message CASCADE", "never deleted", "postgresql"),
    Forbidden("emptying the batches", "TRUNCATE batch CASCADE", "never deleted", "postgresql"),
    Forbidden("replacing a message", message(number="+4915110000000").replace("INSERT", "INSERT OR REPLACE"),
              "messages are never deleted", "sqlite"),
    Forbidden("quoted price", "UPDATE batch_quote SET price_micro = 1 WHERE id = {quote}", "quotes never change"),
    Forbidden("total of a batch", "UPDATE batch SET total_micro = 1 WHERE id = {batch}", "what a batch was promised"),
    Forbidden("text of a batch", "UPDATE batch SET body = 'other' WHERE id = {batch}", "what a batch was promised"),
    Forbidden("client of a batch", "UPDATE batch SET client_id = {Borealis} WHERE id = {batch}", "what a batch was promised"),
    Forbidden("deleting a batch", "DELETE FROM batch WHERE id = {batch}", "(?i)foreign key"),
)  # fmt: skip

ATTEMPTS = (
    Forbidden("second open attempt", attempt("m_sending", 2), r"one_open_attempt|attempt\.message_id"),
    Forbidden("attempt of a queued message", attempt("m_queued", 1), "an attempt starts in flight"),
    Forbidden("attempt of an accepted message", attempt("m_accepted", 2), "an attempt starts in flight"),
    Forbidden("attempt of a cancelled message", attempt("m_cancelled", 1), "an attempt starts in flight"),
    Forbidden("attempt born accepted", attempt("m_sending", 2, "accepted"), "an attempt starts in flight"),
    Forbidden("second acceptance", attempt("m_accepted", 2, "accepted"), "an attempt starts in flight"),
    Forbidden("accepted without a provider id", "UPDATE attempt SET outcome = 'accepted' WHERE id = {a_sending}", ATTEMPT),
    Forbidden("accepted becomes unknown again", "UPDATE attempt SET outcome = 'unknown' WHERE id = {a_accepted}", ATTEMPT),
    Forbidden("accepted becomes not sent", "UPDATE attempt SET outcome = 'not_sent' WHERE id = {a_accepted}", ATTEMPT),
    Forbidden("rejected attempt becomes accepted", "UPDATE attempt SET outcome = 'accepted' WHERE id = {a_rejected}", ATTEMPT),
    Forbidden("not sent becomes in flight", "UPDATE attempt SET outcome = 'in_flight' WHERE id = {a_retried}", ATTEMPT),
    Forbidden("unknown becomes not sent", "UPDATE attempt SET outcome = 'not_sent' WHERE id = {a_unknown}", ATTEMPT),
    Forbidden("unknown becomes in flight", "UPDATE attempt SET outcome = 'in_flight' WHERE id = {a_unknown}", ATTEMPT),
    Forbidden("an outcome nobody knows", "UPDATE attempt SET outcome = 'lost' WHERE id = {a_unknown}", "ck_attempt_outcome_known"),
    Forbidden("attempt moved to another message", "UPDATE attempt SET message_id = {m_queued} WHERE id = {a_unknown}", ATTEMPT),
    Forbidden("attempt moved to another provider", "UPDATE attempt SET provider_id = {Other} WHERE id = {a_unknown}", ATTEMPT),
    Forbidden("attempt renumbered", "UPDATE attempt SET n = 2 WHERE id = {a_unknown}", ATTEMPT),
    Forbidden("attempt moved to another epoch", "UPDATE attempt SET epoch = 9 WHERE id = {a_sending}", ATTEMPT),
    Forbidden("start of an attempt", "UPDATE attempt SET started_at = 1 WHERE id = {a_unknown}", ATTEMPT),
    Forbidden("deleting an attempt", "DELETE FROM attempt WHERE id = {a_retried}", "attempts are never deleted"),
    Forbidden("emptying the attempts", "TRUNCATE attempt CASCADE", "never deleted", "postgresql"),
    Forbidden("provider id twice", part("a_unknown", "SM-accepted"), "uq_attempt_part_provider_id|attempt_part.provider_id"),
    Forbidden("provider id without a letter", part("a_unknown", ""), "ck_attempt_part_id_length"),
    Forbidden("provider id without end", part("a_unknown", "S" * 129), "ck_attempt_part_id_length"),
    Forbidden("part in a status that no report has", part("a_unknown", "SM-new", "queued"), "ck_attempt_part_status_known"),
    Forbidden("provider id moved to another attempt",
              "UPDATE attempt_part SET attempt_id = {a_unknown} WHERE provider_message_id = 'SM-accepted'", "stays with"),
    Forbidden("provider id renamed",
              "UPDATE attempt_part SET provider_message_id = 'SM-new' WHERE provider_message_id = 'SM-accepted'", "stays with"),
    Forbidden("part delivered becomes sent",
              "UPDATE attempt_part SET status = 'sent' WHERE provider_message_id = 'SM-delivered'", "only rises"),
    Forbidden("part undelivered becomes expired",
              "UPDATE attempt_part SET status = 'expired' WHERE provider_message_id = 'SM-undelivered'", "only rises"),
    Forbidden("deleting a provider id", "DELETE FROM attempt_part WHERE provider_message_id = 'SM-sent'", "never deleted"),
    Forbidden("emptying the provider ids", "TRUNCATE attempt_part", "never deleted", "postgresql"),
)  # fmt: skip

OTHERS = (
    Forbidden("price of 0", "UPDATE rate SET price_micro = 0 WHERE id = {rate_DE}", "ck_rate_price_positive"),
    Forbidden("cost of 0", "UPDATE rate SET cost_micro = 0 WHERE id = {rate_DE}", "ck_rate_cost_positive"),
    Forbidden("price of half a millionth", "UPDATE rate SET price_micro = 1.5 WHERE id = {rate_DE}", "cannot store REAL", "sqlite"),
    Forbidden("manual without a price", "UPDATE rate SET price_micro = NULL WHERE id = {rate_TR}", "ck_rate_manual_has_price"),
    Forbidden("destination twice in a list", RATE + "({list}, 'DE', '', '', 1, 0, 1, 0)", r"mccmnc|rate\.list_id"),
    Forbidden("client price of 0", "INSERT INTO client_price VALUES ({Aurora}, 'DE', '', 0)", "ck_client_price_positive"),
    Forbidden("provider cost of 0", "INSERT INTO provider_cost VALUES ({Main}, 'DE', '', '', '0', 0, 'EUR')",
              "ck_provider_cost_positive"),
    Forbidden("deleting a destination", "DELETE FROM rate WHERE id = {rate_DE}", "rates are closed, not deleted"),
    Forbidden("emptying the destinations", "TRUNCATE rate CASCADE", "not deleted", "postgresql"),
    Forbidden("author of a price change", "UPDATE price_change SET actor = 'other' WHERE id = {change}", PRICES),
    Forbidden("rule of a price change", "UPDATE price_change SET rule = 'markup 1.00' WHERE id = {change}", PRICES),
    Forbidden("deleting a price change", "DELETE FROM price_change WHERE id = {change}", PRICES),
    Forbidden("row of a price change", "UPDATE price_change_row SET before_micro = 1 WHERE id = {change_row}", PRICES),
    Forbidden("deleting a row of a price change", "DELETE FROM price_change_row WHERE id = {change_row}", PRICES),
    Forbidden("emptying the price changes", "TRUNCATE price_change CASCADE", "never edited|not deleted", "postgresql"),
    Forbidden("emptying the rows of price changes", "TRUNCATE price_change_row", PRICES, "postgresql"),
    Forbidden("loss that a price change allowed", "UPDATE price_change_loss SET after_until = 1", PRICES),
    Forbidden("deleting a loss that a price change allowed", "DELETE FROM price_change_loss", PRICES),
    Forbidden("emptying the losses of price changes", "TRUNCATE price_change_loss", PRICES, "postgresql"),
    Forbidden("second default provider", "UPDATE provider SET is_default = 1 WHERE id = {Other}",
              r"one_default_provider|provider\.is_default"),
    Forbidden("provider named like another", "UPDATE provider SET name_key = 'main' WHERE id = {Other}", r"name_key"),
    Forbidden("client named like another", "UPDATE client SET name_key = 'aurora' WHERE id = {Borealis}", r"name_key"),
    Forbidden("two clients on one account", "UPDATE client SET account_id = {account_Aurora} WHERE id = {Borealis}",
              "account_id"),
    Forbidden("what was given with a transfer", "UPDATE transfer_detail SET invoice = 'other'", APPEND_ONLY),
    Forbidden("deleting what was given with a transfer", "DELETE FROM transfer_detail", APPEND_ONLY),
    Forbidden("emptying what was given with transfers", "TRUNCATE transfer_detail", APPEND_ONLY, "postgresql"),
    Forbidden("details of no transfer", "INSERT INTO transfer_detail (transfer_id) VALUES (0)", "(?i)foreign key"),
    Forbidden("line of the log", "UPDATE activity SET actor = 'other'", "activity log is append-only"),
    Forbidden("deleting the log", "DELETE FROM activity", "activity log is append-only"),
    Forbidden("emptying the log", "TRUNCATE activity", "activity log is append-only", "postgresql"),
    Forbidden("second lease", "INSERT INTO sending_lease VALUES (2, 1, '', 0)", "ck_sending_lease_single"),
    Forbidden("rate of a currency into itself", "INSERT INTO exchange_rate VALUES ('EUR', 'EUR', '2026-01-01', '1')",
              "ck_exchange_rate_differs"),
    Forbidden("key of a batch used again", "UPDATE batch SET idem = (SELECT idem FROM batch WHERE id = {batch})"
              " WHERE id = {other_batch}", r"[_.]idem\b"),
)  # fmt: skip

ALL = (*TRANSFERS, *ACCOUNTS, *MESSAGES, *ATTEMPTS, *OTHERS)


PAIRS = [
    pytest.param(dialect, write, id=f"{dialect}-{write.name.replace(' ', '_')}")
    for dialect in ("sqlite", "postgresql")
    for write in ALL
    if write.only in ("", dialect)
]


def test_the_list_is_long_enough_and_names_each_once() -> None:
    assert len(ALL) >= 54
    assert len({write.name for write in ALL}) == len(ALL)


@pytest.mark.parametrize(("filled", "write"), PAIRS, indirect=["filled"])
def test_the_database_refuses(filled: Books, write: Forbidden) -> None:
    # The fixture looks afterwards: the audit finds nothing, and nothing has changed.
    with pytest.raises(DBAPIError, match=write.why):
        filled.run(write.sql)
