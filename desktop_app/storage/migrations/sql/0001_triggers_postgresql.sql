-- The guards of the ledger and of the send protocol, PostgreSQL. Statements are parted by lines that hold only "-- next".
-- The application only ever inserts transfers; everything else about money follows here or is refused here.
CREATE FUNCTION deny() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
-- next
CREATE FUNCTION account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.posted_micro <> 0 OR NEW.held_micro <> 0 OR NEW.last_transfer_id <> 0 THEN
      RAISE EXCEPTION 'a new account starts at zero' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.id <> OLD.id OR NEW.currency <> OLD.currency OR NEW.bounded <> OLD.bounded
    OR ((NEW.posted_micro, NEW.held_micro, NEW.last_transfer_id) IS DISTINCT FROM (OLD.posted_micro, OLD.held_micro, OLD.last_transfer_id)
      AND (pg_trigger_depth() < 2 OR NEW.last_transfer_id <= OLD.last_transfer_id)) THEN
    RAISE EXCEPTION 'balances change only through ledger_transfer' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
-- next
CREATE TRIGGER account_guard BEFORE INSERT OR UPDATE ON ledger_account FOR EACH ROW EXECUTE FUNCTION account_guard()
-- next
CREATE TRIGGER account_no_delete BEFORE DELETE ON ledger_account FOR EACH ROW EXECUTE FUNCTION deny('accounts are never deleted')
-- next
CREATE TRIGGER account_no_truncate BEFORE TRUNCATE ON ledger_account FOR EACH STATEMENT EXECUTE FUNCTION deny('accounts are never deleted')
-- next
CREATE FUNCTION transfer_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Both accounts are locked in id order: no deadlock, and every check below sees the last committed state.
  PERFORM 1 FROM ledger_account WHERE id IN (NEW.debit_id, NEW.credit_id) ORDER BY id FOR UPDATE;
  -- Numbered only under the locks: the transfers of one account then have rising ids in the order they apply.
  NEW.id := nextval(pg_get_serial_sequence('ledger_transfer', 'id'));
  IF EXISTS (SELECT 1 FROM ledger_account WHERE id IN (NEW.debit_id, NEW.credit_id) AND currency <> NEW.currency) THEN
    RAISE EXCEPTION 'currency mismatch' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind IN ('hold', 'charge') AND EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.debit_id AND frozen = 1) THEN
    RAISE EXCEPTION 'account frozen' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.hold_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_transfer h
    WHERE h.id = NEW.hold_id AND h.kind = 'hold' AND h.debit_id = NEW.debit_id AND h.credit_id = NEW.credit_id) THEN
    RAISE EXCEPTION 'not a hold of these accounts' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.refers_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_transfer o
    WHERE o.id = NEW.refers_id AND o.kind IN ('capture', 'charge', 'topup', 'adjust')
      AND o.debit_id = NEW.credit_id AND o.credit_id = NEW.debit_id
      AND (NEW.kind <> 'reversal' OR NEW.amount_micro = o.amount_micro)
      AND NEW.amount_micro + COALESCE((SELECT SUM(r.amount_micro) FROM ledger_transfer r WHERE r.refers_id = o.id), 0)
        <= o.amount_micro) THEN
    RAISE EXCEPTION 'a refund mirrors its original and does not exceed it' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
-- next
CREATE FUNCTION transfer_apply() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held BIGINT := CASE NEW.kind WHEN 'hold' THEN NEW.amount_micro WHEN 'capture' THEN -NEW.amount_micro WHEN 'release' THEN -NEW.amount_micro ELSE 0 END;
  posted BIGINT := CASE WHEN NEW.kind IN ('hold', 'release') THEN 0 ELSE NEW.amount_micro END;
BEGIN
  IF NEW.kind = 'hold' THEN
    INSERT INTO ledger_hold (hold_id, amount_micro, last_transfer_id) VALUES (NEW.id, NEW.amount_micro, NEW.id);
  END IF;
  UPDATE ledger_hold SET
    captured_micro = captured_micro + CASE NEW.kind WHEN 'capture' THEN NEW.amount_micro ELSE 0 END,
    released_micro = released_micro + CASE NEW.kind WHEN 'release' THEN NEW.amount_micro ELSE 0 END,
    last_transfer_id = NEW.id
    WHERE hold_id = NEW.hold_id;
  UPDATE ledger_account SET held_micro = held_micro + held, posted_micro = posted_micro - posted, last_transfer_id = NEW.id
    WHERE id = NEW.debit_id;
  UPDATE ledger_account SET posted_micro = posted_micro + posted, last_transfer_id = NEW.id WHERE id = NEW.credit_id;
  RETURN NULL;
END $$
-- next
CREATE TRIGGER transfer_check BEFORE INSERT ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION transfer_check()
-- next
CREATE TRIGGER transfer_apply AFTER INSERT ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION transfer_apply()
-- next
CREATE TRIGGER transfer_no_change BEFORE UPDATE OR DELETE ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION deny('the ledger is append-only')
-- next
CREATE TRIGGER transfer_no_truncate BEFORE TRUNCATE ON ledger_transfer FOR EACH STATEMENT EXECUTE FUNCTION deny('the ledger is append-only')
-- next
CREATE TRIGGER detail_no_change BEFORE UPDATE OR DELETE ON transfer_detail FOR EACH ROW EXECUTE FUNCTION deny('the ledger is append-only')
-- next
CREATE TRIGGER detail_no_truncate BEFORE TRUNCATE ON transfer_detail FOR EACH STATEMENT EXECUTE FUNCTION deny('the ledger is append-only')
-- next
CREATE FUNCTION hold_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'holds change only through ledger_transfer' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
-- next
CREATE TRIGGER hold_guard BEFORE INSERT OR UPDATE ON ledger_hold FOR EACH ROW EXECUTE FUNCTION hold_guard()
-- next
CREATE TRIGGER hold_no_delete BEFORE DELETE ON ledger_hold FOR EACH ROW EXECUTE FUNCTION deny('holds are never deleted')
-- next
CREATE TRIGGER hold_no_truncate BEFORE TRUNCATE ON ledger_hold FOR EACH STATEMENT EXECUTE FUNCTION deny('holds are never deleted')
-- next
CREATE FUNCTION message_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'queued' OR NEW.money <> 'held' OR NEW.tries <> 0 OR NEW.number !~ '^\+[1-9][0-9]{6,14}$' THEN
      RAISE EXCEPTION 'a message starts queued, with its credit held, to an E.164 number' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.status <> OLD.status AND (
    OLD.status IN ('cancelled', 'expired_unsent', 'abandoned', 'delivered')
    OR (OLD.status = 'queued' AND NEW.status NOT IN ('sending', 'blocked', 'cancelled', 'expired_unsent'))
    OR (OLD.status = 'sending' AND NEW.status NOT IN ('queued', 'unknown', 'accepted', 'rejected'))
    OR (OLD.status = 'unknown' AND NEW.status IN ('sending', 'cancelled', 'blocked'))
    OR (OLD.status = 'blocked' AND NEW.status NOT IN ('queued', 'cancelled'))
    OR (OLD.status = 'rejected' AND OLD.money = 'released')
    OR (OLD.status IN ('accepted', 'sent', 'expired', 'undelivered', 'rejected')
      AND NEW.status NOT IN ('accepted', 'sent', 'expired', 'undelivered', 'rejected', 'delivered'))
    -- Receipts only raise the rank; a message of several parts follows its worst part, which a late receipt may improve.
    OR (strpos(' accepted sent expired undelivered rejected delivered', ' ' || NEW.status)
        BETWEEN 1 AND strpos(' accepted sent expired undelivered rejected delivered', ' ' || OLD.status) - 1
      AND (SELECT COUNT(*) FROM attempt a JOIN attempt_part p ON p.attempt_id = a.id WHERE a.message_id = OLD.id) < 2)
    OR (NEW.status IN ('queued', 'cancelled', 'expired_unsent', 'abandoned', 'blocked') AND EXISTS (
      SELECT 1 FROM attempt a WHERE a.message_id = OLD.id AND a.outcome IN ('in_flight', 'unknown', 'accepted')))) THEN
    RAISE EXCEPTION 'illegal status transition' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.money <> OLD.money OR NEW.settle_id IS DISTINCT FROM OLD.settle_id) AND NOT (
    (OLD.money = 'held' AND NEW.money = 'captured' AND EXISTS (
      SELECT 1 FROM ledger_transfer t WHERE t.id = NEW.settle_id AND t.hold_id = NEW.hold_id AND t.kind = 'capture'))
    OR (OLD.money = 'held' AND NEW.money = 'released' AND EXISTS (
      SELECT 1 FROM ledger_transfer t WHERE t.id = NEW.settle_id AND t.hold_id = NEW.hold_id AND t.kind = 'release'))
    OR (OLD.money = 'captured' AND NEW.money = 'refunded' AND NEW.settle_id = OLD.settle_id)) THEN
    RAISE EXCEPTION 'illegal money transition' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.id <> OLD.id OR NEW.batch_id <> OLD.batch_id OR NEW.quote_id <> OLD.quote_id OR NEW.segments <> OLD.segments
    OR NEW.price_micro <> OLD.price_micro OR NEW.hold_id <> OLD.hold_id
    OR (NEW.number <> OLD.number AND NEW.number NOT LIKE 'erased:%')
    OR NEW.encoding IS DISTINCT FROM OLD.encoding OR (NEW.body IS DISTINCT FROM OLD.body AND NEW.body IS DISTINCT FROM '') THEN
    RAISE EXCEPTION 'what a message was promised never changes' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
-- next
CREATE TRIGGER message_guard BEFORE INSERT OR UPDATE ON message FOR EACH ROW EXECUTE FUNCTION message_guard()
-- next
CREATE TRIGGER message_no_delete BEFORE DELETE ON message FOR EACH ROW EXECUTE FUNCTION deny('messages are never deleted')
-- next
CREATE TRIGGER message_no_truncate BEFORE TRUNCATE ON message FOR EACH STATEMENT EXECUTE FUNCTION deny('messages are never deleted')
-- next
CREATE TRIGGER quote_frozen BEFORE UPDATE ON batch_quote FOR EACH ROW EXECUTE FUNCTION deny('quotes never change')
-- next
CREATE FUNCTION batch_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.client_id, NEW.provider_id, NEW.sender, NEW.encoding, NEW.segments, NEW.currency, NEW.total_micro, NEW.hold_id, NEW.own_texts)
    IS DISTINCT FROM (OLD.client_id, OLD.provider_id, OLD.sender, OLD.encoding, OLD.segments, OLD.currency, OLD.total_micro, OLD.hold_id, OLD.own_texts)
    OR (NEW.body <> OLD.body AND NEW.body <> '')
    OR (OLD.control = 'stopped' AND NEW.control <> 'stopped') THEN
    RAISE EXCEPTION 'what a batch was promised never changes' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
-- next
CREATE TRIGGER batch_frozen BEFORE UPDATE ON batch FOR EACH ROW EXECUTE FUNCTION batch_guard()
-- next
CREATE FUNCTION attempt_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome <> 'in_flight' OR NOT EXISTS (
      SELECT 1 FROM message m WHERE m.id = NEW.message_id AND m.status = 'sending') THEN
      RAISE EXCEPTION 'an attempt starts in flight, for a message that is being sent' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.message_id <> OLD.message_id OR NEW.n <> OLD.n OR NEW.provider_id <> OLD.provider_id
    OR NEW.epoch <> OLD.epoch OR NEW.started_at <> OLD.started_at
    OR (NEW.outcome <> OLD.outcome AND (OLD.outcome NOT IN ('in_flight', 'unknown') OR NEW.outcome = 'in_flight'))
    OR (NEW.outcome = 'not_sent' AND OLD.outcome = 'unknown')
    OR (NEW.outcome = 'accepted' AND NOT EXISTS (SELECT 1 FROM attempt_part p WHERE p.attempt_id = NEW.id)) THEN
    RAISE EXCEPTION 'illegal attempt transition' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
-- next
CREATE TRIGGER attempt_guard BEFORE INSERT OR UPDATE ON attempt FOR EACH ROW EXECUTE FUNCTION attempt_guard()
-- next
CREATE TRIGGER attempt_no_delete BEFORE DELETE ON attempt FOR EACH ROW EXECUTE FUNCTION deny('attempts are never deleted')
-- next
CREATE TRIGGER attempt_no_truncate BEFORE TRUNCATE ON attempt FOR EACH STATEMENT EXECUTE FUNCTION deny('attempts are never deleted')
-- next
CREATE FUNCTION part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.attempt_id, NEW.provider_id, NEW.provider_message_id) IS DISTINCT FROM (OLD.attempt_id, OLD.provider_id, OLD.provider_message_id)
    OR strpos(' accepted sent expired undelivered rejected delivered', ' ' || NEW.status)
      < strpos(' accepted sent expired undelivered rejected delivered', ' ' || OLD.status) THEN
    RAISE EXCEPTION 'a provider id stays with its attempt, and its status only rises' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
-- next
CREATE TRIGGER part_guard BEFORE UPDATE ON attempt_part FOR EACH ROW EXECUTE FUNCTION part_guard()
-- next
CREATE TRIGGER part_no_delete BEFORE DELETE ON attempt_part FOR EACH ROW EXECUTE FUNCTION deny('provider ids are never deleted')
-- next
CREATE TRIGGER part_no_truncate BEFORE TRUNCATE ON attempt_part FOR EACH STATEMENT EXECUTE FUNCTION deny('provider ids are never deleted')
-- next
CREATE TRIGGER change_row_no_change BEFORE UPDATE OR DELETE ON price_change_row FOR EACH ROW EXECUTE FUNCTION deny('price changes are never edited')
-- next
CREATE TRIGGER change_row_no_truncate BEFORE TRUNCATE ON price_change_row FOR EACH STATEMENT EXECUTE FUNCTION deny('price changes are never edited')
-- next
CREATE TRIGGER change_loss_no_change BEFORE UPDATE OR DELETE ON price_change_loss FOR EACH ROW EXECUTE FUNCTION deny('price changes are never edited')
-- next
CREATE TRIGGER change_loss_no_truncate BEFORE TRUNCATE ON price_change_loss FOR EACH STATEMENT EXECUTE FUNCTION deny('price changes are never edited')
-- next
CREATE TRIGGER change_frozen BEFORE UPDATE OF id, list_id, at, actor, label, rule, limits, first_row_id, reverts_id, part_of_id ON price_change FOR EACH ROW EXECUTE FUNCTION deny('price changes are never edited')
-- next
CREATE TRIGGER change_no_delete BEFORE DELETE ON price_change FOR EACH ROW EXECUTE FUNCTION deny('price changes are never edited')
-- next
CREATE TRIGGER change_no_truncate BEFORE TRUNCATE ON price_change FOR EACH STATEMENT EXECUTE FUNCTION deny('price changes are never edited')
-- next
CREATE TRIGGER rate_no_delete BEFORE DELETE ON rate FOR EACH ROW EXECUTE FUNCTION deny('rates are closed, not deleted')
-- next
CREATE TRIGGER rate_no_truncate BEFORE TRUNCATE ON rate FOR EACH STATEMENT EXECUTE FUNCTION deny('rates are closed, not deleted')
-- next
CREATE TRIGGER activity_no_change BEFORE UPDATE OR DELETE ON activity FOR EACH ROW EXECUTE FUNCTION deny('the activity log is append-only')
-- next
CREATE TRIGGER activity_no_truncate BEFORE TRUNCATE ON activity FOR EACH STATEMENT EXECUTE FUNCTION deny('the activity log is append-only')
-- next
CREATE FUNCTION traffic_of_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO traffic_stale (slot) VALUES (coalesce(OLD.send_at, OLD.created_at) / 900000000);
  END IF;
  INSERT INTO traffic_stale (slot) VALUES (coalesce(NEW.send_at, NEW.created_at) / 900000000);
  RETURN NULL;
END $$
-- next
CREATE TRIGGER traffic_new AFTER INSERT ON batch FOR EACH ROW EXECUTE FUNCTION traffic_of_batch()
-- next
CREATE TRIGGER traffic_moved AFTER UPDATE OF send_at, created_at ON batch FOR EACH ROW EXECUTE FUNCTION traffic_of_batch()
-- next
CREATE FUNCTION traffic_of_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO traffic_stale (slot)
  SELECT DISTINCT coalesce(b.send_at, b.created_at) / 900000000 FROM batch b WHERE b.id IN (SELECT DISTINCT batch_id FROM changed);
  RETURN NULL;
END $$
-- next
CREATE TRIGGER traffic_changed AFTER UPDATE ON message REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION traffic_of_messages()
-- next
INSERT INTO sending_lease (k, epoch, holder, expires_at) VALUES (1, 0, '', 0)
