-- The guards of the ledger and of the send protocol, SQLite. Statements are parted by lines that hold only "-- next".
-- The application only ever inserts transfers; everything else about money follows here or is refused here.
CREATE TRIGGER account_new BEFORE INSERT ON ledger_account
WHEN NEW.posted_micro <> 0 OR NEW.held_micro <> 0 OR NEW.last_transfer_id <> 0
BEGIN
  SELECT RAISE(ABORT, 'a new account starts at zero');
END
-- next
CREATE TRIGGER account_guard BEFORE UPDATE ON ledger_account
WHEN NEW.id <> OLD.id OR NEW.currency <> OLD.currency OR NEW.bounded <> OLD.bounded
  OR ((NEW.posted_micro, NEW.held_micro, NEW.last_transfer_id) IS NOT (OLD.posted_micro, OLD.held_micro, OLD.last_transfer_id)
    AND NOT EXISTS (
      SELECT 1 FROM ledger_transfer t
      WHERE t.id = NEW.last_transfer_id AND t.id > OLD.last_transfer_id AND (
        (t.debit_id = NEW.id
          AND NEW.posted_micro - OLD.posted_micro = -(CASE WHEN t.kind IN ('hold', 'release') THEN 0 ELSE t.amount_micro END)
          AND NEW.held_micro - OLD.held_micro =
            (CASE t.kind WHEN 'hold' THEN t.amount_micro WHEN 'capture' THEN -t.amount_micro WHEN 'release' THEN -t.amount_micro ELSE 0 END))
        OR (t.credit_id = NEW.id
          AND NEW.posted_micro - OLD.posted_micro = (CASE WHEN t.kind IN ('hold', 'release') THEN 0 ELSE t.amount_micro END)
          AND NEW.held_micro = OLD.held_micro))))
BEGIN
  SELECT RAISE(ABORT, 'balances change only through ledger_transfer');
END
-- next
CREATE TRIGGER account_no_delete BEFORE DELETE ON ledger_account
BEGIN
  SELECT RAISE(ABORT, 'accounts are never deleted');
END
-- next
CREATE TRIGGER transfer_check BEFORE INSERT ON ledger_transfer
BEGIN
  SELECT RAISE(ABORT, 'currency mismatch') WHERE EXISTS (
    SELECT 1 FROM ledger_account WHERE id IN (NEW.debit_id, NEW.credit_id) AND currency <> NEW.currency);
  SELECT RAISE(ABORT, 'account frozen') WHERE NEW.kind IN ('hold', 'charge') AND EXISTS (
    SELECT 1 FROM ledger_account WHERE id = NEW.debit_id AND frozen = 1);
  SELECT RAISE(ABORT, 'not a hold of these accounts') WHERE NEW.hold_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_transfer h
    WHERE h.id = NEW.hold_id AND h.kind = 'hold' AND h.debit_id = NEW.debit_id AND h.credit_id = NEW.credit_id);
  SELECT RAISE(ABORT, 'a refund mirrors its original and does not exceed it') WHERE NEW.refers_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_transfer o
    WHERE o.id = NEW.refers_id AND o.kind IN ('capture', 'charge', 'topup', 'adjust')
      AND o.debit_id = NEW.credit_id AND o.credit_id = NEW.debit_id
      AND (NEW.kind <> 'reversal' OR NEW.amount_micro = o.amount_micro)
      AND NEW.amount_micro + COALESCE((SELECT SUM(r.amount_micro) FROM ledger_transfer r WHERE r.refers_id = o.id), 0)
        <= o.amount_micro);
END
-- next
CREATE TRIGGER transfer_apply AFTER INSERT ON ledger_transfer
BEGIN
  INSERT INTO ledger_hold (hold_id, amount_micro, last_transfer_id)
    SELECT NEW.id, NEW.amount_micro, NEW.id WHERE NEW.kind = 'hold';
  UPDATE ledger_hold SET
    captured_micro = captured_micro + (CASE NEW.kind WHEN 'capture' THEN NEW.amount_micro ELSE 0 END),
    released_micro = released_micro + (CASE NEW.kind WHEN 'release' THEN NEW.amount_micro ELSE 0 END),
    last_transfer_id = NEW.id
    WHERE hold_id = NEW.hold_id;
  UPDATE ledger_account SET
    held_micro = held_micro +
      (CASE NEW.kind WHEN 'hold' THEN NEW.amount_micro WHEN 'capture' THEN -NEW.amount_micro WHEN 'release' THEN -NEW.amount_micro ELSE 0 END),
    posted_micro = posted_micro - (CASE WHEN NEW.kind IN ('hold', 'release') THEN 0 ELSE NEW.amount_micro END),
    last_transfer_id = NEW.id
    WHERE id = NEW.debit_id;
  UPDATE ledger_account SET
    posted_micro = posted_micro + (CASE WHEN NEW.kind IN ('hold', 'release') THEN 0 ELSE NEW.amount_micro END),
    last_transfer_id = NEW.id
    WHERE id = NEW.credit_id;
END
-- next
CREATE TRIGGER transfer_no_update BEFORE UPDATE ON ledger_transfer
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END
-- next
CREATE TRIGGER transfer_no_delete BEFORE DELETE ON ledger_transfer
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END
-- next
CREATE TRIGGER detail_no_update BEFORE UPDATE ON transfer_detail
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END
-- next
CREATE TRIGGER detail_no_delete BEFORE DELETE ON transfer_detail
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only');
END
-- next
CREATE TRIGGER hold_new BEFORE INSERT ON ledger_hold
WHEN NEW.captured_micro <> 0 OR NEW.released_micro <> 0 OR NEW.last_transfer_id <> NEW.hold_id OR NOT EXISTS (
  SELECT 1 FROM ledger_transfer t WHERE t.id = NEW.hold_id AND t.kind = 'hold' AND t.amount_micro = NEW.amount_micro)
BEGIN
  SELECT RAISE(ABORT, 'holds are made by a hold transfer');
END
-- next
CREATE TRIGGER hold_guard BEFORE UPDATE ON ledger_hold
WHEN NEW.hold_id <> OLD.hold_id OR NEW.amount_micro <> OLD.amount_micro OR NOT EXISTS (
  SELECT 1 FROM ledger_transfer t
  WHERE t.id = NEW.last_transfer_id AND t.id > OLD.last_transfer_id AND t.hold_id = NEW.hold_id
    AND NEW.captured_micro - OLD.captured_micro = (CASE t.kind WHEN 'capture' THEN t.amount_micro ELSE 0 END)
    AND NEW.released_micro - OLD.released_micro = (CASE t.kind WHEN 'release' THEN t.amount_micro ELSE 0 END))
BEGIN
  SELECT RAISE(ABORT, 'holds change only through ledger_transfer');
END
-- next
CREATE TRIGGER hold_no_delete BEFORE DELETE ON ledger_hold
BEGIN
  SELECT RAISE(ABORT, 'holds are never deleted');
END
-- next
CREATE TRIGGER message_new BEFORE INSERT ON message
WHEN NEW.status <> 'queued' OR NEW.money <> 'held' OR NEW.tries <> 0
  OR NEW.number NOT GLOB '+[1-9]*' OR length(NEW.number) NOT BETWEEN 8 AND 16 OR substr(NEW.number, 2) GLOB '*[^0-9]*'
BEGIN
  SELECT RAISE(ABORT, 'a message starts queued, with its credit held, to an E.164 number');
END
-- next
-- The usual steps are named first: a list of words in a trigger is built anew for every row, and there are millions of rows.
CREATE TRIGGER message_status BEFORE UPDATE OF status ON message
WHEN NEW.status <> OLD.status
  AND NOT (OLD.status = 'queued' AND NEW.status = 'sending')
  AND NOT (OLD.status = 'sending' AND (NEW.status = 'accepted' OR NEW.status = 'unknown' OR NEW.status = 'rejected'))
  AND NOT (OLD.status = 'accepted' AND (NEW.status = 'sent' OR NEW.status = 'delivered'))
  AND NOT (OLD.status = 'sent' AND NEW.status = 'delivered')
  AND (
    OLD.status IN ('cancelled', 'expired_unsent', 'abandoned', 'delivered')
    OR (OLD.status = 'queued' AND NEW.status NOT IN ('sending', 'blocked', 'cancelled', 'expired_unsent'))
    OR (OLD.status = 'sending' AND NEW.status NOT IN ('queued', 'unknown', 'accepted', 'rejected'))
    OR (OLD.status = 'unknown' AND NEW.status IN ('sending', 'cancelled', 'blocked'))
    OR (OLD.status = 'blocked' AND NEW.status NOT IN ('queued', 'cancelled'))
    OR (OLD.status = 'rejected' AND OLD.money = 'released')
    OR (OLD.status IN ('accepted', 'sent', 'expired', 'undelivered', 'rejected')
      AND NEW.status NOT IN ('accepted', 'sent', 'expired', 'undelivered', 'rejected', 'delivered'))
    -- Receipts only raise the rank; a message of several parts follows its worst part, which a late receipt may improve.
    OR (instr(' accepted sent expired undelivered rejected delivered', ' ' || NEW.status)
        BETWEEN 1 AND instr(' accepted sent expired undelivered rejected delivered', ' ' || OLD.status) - 1
      AND (SELECT COUNT(*) FROM attempt a JOIN attempt_part p ON p.attempt_id = a.id WHERE a.message_id = OLD.id) < 2)
    OR (NEW.status IN ('queued', 'cancelled', 'expired_unsent', 'abandoned', 'blocked') AND EXISTS (
      SELECT 1 FROM attempt a WHERE a.message_id = OLD.id AND a.outcome IN ('in_flight', 'unknown', 'accepted'))))
BEGIN
  SELECT RAISE(ABORT, 'illegal status transition');
END
-- next
CREATE TRIGGER message_money BEFORE UPDATE OF money, settle_id ON message
WHEN NOT (NEW.money = OLD.money AND NEW.settle_id IS OLD.settle_id) AND NOT (
  (OLD.money = 'held' AND NEW.money = 'captured' AND EXISTS (
    SELECT 1 FROM ledger_transfer t WHERE t.id = NEW.settle_id AND t.hold_id = NEW.hold_id AND t.kind = 'capture'))
  OR (OLD.money = 'held' AND NEW.money = 'released' AND EXISTS (
    SELECT 1 FROM ledger_transfer t WHERE t.id = NEW.settle_id AND t.hold_id = NEW.hold_id AND t.kind = 'release'))
  OR (OLD.money = 'captured' AND NEW.money = 'refunded' AND NEW.settle_id = OLD.settle_id))
BEGIN
  SELECT RAISE(ABORT, 'illegal money transition');
END
-- next
CREATE TRIGGER message_frozen BEFORE UPDATE OF id, batch_id, quote_id, number, segments, price_micro, hold_id, body, encoding ON message
WHEN NEW.id <> OLD.id OR NEW.batch_id <> OLD.batch_id OR NEW.quote_id <> OLD.quote_id OR NEW.segments <> OLD.segments
  OR NEW.price_micro <> OLD.price_micro OR NEW.hold_id <> OLD.hold_id
  OR (NEW.number <> OLD.number AND NEW.number NOT GLOB 'erased:*')
  OR NEW.encoding IS NOT OLD.encoding OR (NEW.body IS NOT OLD.body AND NEW.body IS NOT '')
BEGIN
  SELECT RAISE(ABORT, 'what a message was promised never changes');
END
-- next
CREATE TRIGGER message_no_delete BEFORE DELETE ON message
BEGIN
  SELECT RAISE(ABORT, 'messages are never deleted');
END
-- next
CREATE TRIGGER quote_frozen BEFORE UPDATE ON batch_quote
BEGIN
  SELECT RAISE(ABORT, 'quotes never change');
END
-- next
CREATE TRIGGER batch_frozen BEFORE UPDATE OF client_id, provider_id, sender, body, encoding, segments, currency, total_micro, hold_id, own_texts, control ON batch
WHEN (NEW.client_id, NEW.provider_id, NEW.sender, NEW.encoding, NEW.segments, NEW.currency, NEW.total_micro, NEW.hold_id, NEW.own_texts)
  IS NOT (OLD.client_id, OLD.provider_id, OLD.sender, OLD.encoding, OLD.segments, OLD.currency, OLD.total_micro, OLD.hold_id, OLD.own_texts)
  OR (NEW.body <> OLD.body AND NEW.body <> '')
  OR (OLD.control = 'stopped' AND NEW.control <> 'stopped')
BEGIN
  SELECT RAISE(ABORT, 'what a batch was promised never changes');
END
-- next
CREATE TRIGGER attempt_new BEFORE INSERT ON attempt
WHEN NEW.outcome <> 'in_flight' OR NOT EXISTS (SELECT 1 FROM message m WHERE m.id = NEW.message_id AND m.status = 'sending')
BEGIN
  SELECT RAISE(ABORT, 'an attempt starts in flight, for a message that is being sent');
END
-- next
CREATE TRIGGER attempt_guard BEFORE UPDATE ON attempt
WHEN NEW.message_id <> OLD.message_id OR NEW.n <> OLD.n OR NEW.provider_id <> OLD.provider_id
  OR NEW.epoch <> OLD.epoch OR NEW.started_at <> OLD.started_at
  OR (NEW.outcome = 'accepted' AND NOT EXISTS (SELECT 1 FROM attempt_part p WHERE p.attempt_id = NEW.id))
  OR (NEW.outcome <> OLD.outcome AND OLD.outcome <> 'in_flight' AND OLD.outcome <> 'unknown')
  OR (NEW.outcome <> OLD.outcome AND NEW.outcome = 'in_flight')
  OR (NEW.outcome = 'not_sent' AND OLD.outcome = 'unknown')
BEGIN
  SELECT RAISE(ABORT, 'illegal attempt transition');
END
-- next
CREATE TRIGGER attempt_no_delete BEFORE DELETE ON attempt
BEGIN
  SELECT RAISE(ABORT, 'attempts are never deleted');
END
-- next
CREATE TRIGGER part_guard BEFORE UPDATE ON attempt_part
WHEN NEW.attempt_id <> OLD.attempt_id OR NEW.provider_id <> OLD.provider_id OR NEW.provider_message_id <> OLD.provider_message_id
  OR instr(' accepted sent expired undelivered rejected delivered', ' ' || NEW.status)
    < instr(' accepted sent expired undelivered rejected delivered', ' ' || OLD.status)
BEGIN
  SELECT RAISE(ABORT, 'a provider id stays with its attempt, and its status only rises');
END
-- next
CREATE TRIGGER part_no_delete BEFORE DELETE ON attempt_part
BEGIN
  SELECT RAISE(ABORT, 'provider ids are never deleted');
END
-- next
CREATE TRIGGER change_row_no_update BEFORE UPDATE ON price_change_row
BEGIN
  SELECT RAISE(ABORT, 'price changes are never edited');
END
-- next
CREATE TRIGGER change_row_no_delete BEFORE DELETE ON price_change_row
BEGIN
  SELECT RAISE(ABORT, 'price changes are never edited');
END
-- next
CREATE TRIGGER change_loss_no_update BEFORE UPDATE ON price_change_loss
BEGIN
  SELECT RAISE(ABORT, 'price changes are never edited');
END
-- next
CREATE TRIGGER change_loss_no_delete BEFORE DELETE ON price_change_loss
BEGIN
  SELECT RAISE(ABORT, 'price changes are never edited');
END
-- next
CREATE TRIGGER change_frozen BEFORE UPDATE OF id, list_id, at, actor, label, rule, limits, first_row_id, reverts_id, part_of_id ON price_change
BEGIN
  SELECT RAISE(ABORT, 'price changes are never edited');
END
-- next
CREATE TRIGGER change_no_delete BEFORE DELETE ON price_change
BEGIN
  SELECT RAISE(ABORT, 'price changes are never edited');
END
-- next
CREATE TRIGGER rate_no_delete BEFORE DELETE ON rate
BEGIN
  SELECT RAISE(ABORT, 'rates are closed, not deleted');
END
-- next
CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity
BEGIN
  SELECT RAISE(ABORT, 'the activity log is append-only');
END
-- next
CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity
BEGIN
  SELECT RAISE(ABORT, 'the activity log is append-only');
END
-- next
CREATE TRIGGER traffic_new AFTER INSERT ON batch
BEGIN
  INSERT INTO traffic_stale (slot) SELECT coalesce(NEW.send_at, NEW.created_at) / 900000000
  WHERE NOT EXISTS (SELECT 1 FROM traffic_stale t WHERE t.slot = coalesce(NEW.send_at, NEW.created_at) / 900000000);
END
-- next
CREATE TRIGGER traffic_moved AFTER UPDATE OF send_at, created_at ON batch
BEGIN
  INSERT INTO traffic_stale (slot) VALUES (coalesce(OLD.send_at, OLD.created_at) / 900000000), (coalesce(NEW.send_at, NEW.created_at) / 900000000);
END
-- next
CREATE TRIGGER traffic_changed AFTER UPDATE OF status, money ON message
WHEN (NEW.status <> OLD.status OR NEW.money <> OLD.money)
  AND NOT ((OLD.status = 'queued' OR OLD.status = 'sending') AND (NEW.status = 'queued' OR NEW.status = 'sending'))
  -- Looked up here and not by the INSERT: a million messages find their slot noted already.
  AND NOT EXISTS (
    SELECT 1 FROM batch b JOIN traffic_stale t ON t.slot = coalesce(b.send_at, b.created_at) / 900000000 WHERE b.id = NEW.batch_id)
BEGIN
  INSERT INTO traffic_stale (slot) SELECT coalesce(b.send_at, b.created_at) / 900000000 FROM batch b WHERE b.id = NEW.batch_id;
END
-- next
INSERT INTO sending_lease (k, epoch, holder, expires_at) VALUES (1, 0, '', 0)
