-- The tables of revision 0001, SQLite. Statements are parted by lines that hold only "-- next".
CREATE TABLE activity (
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  CONSTRAINT pk_activity PRIMARY KEY (id)
)
 STRICT
-- next
CREATE INDEX ix_activity_at ON activity (at, id)
-- next
CREATE INDEX ix_activity_actor ON activity (actor, at, id)
-- next
CREATE INDEX ix_activity_kind ON activity (kind, at, id)
-- next
CREATE INDEX ix_activity_subject ON activity (subject, at, id)
-- next
CREATE TABLE cost_change (
  id INTEGER NOT NULL,
  rate_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  before_micro INTEGER,
  after_micro INTEGER,
  CONSTRAINT pk_cost_change PRIMARY KEY (id)
)
 STRICT
-- next
CREATE INDEX ix_cost_change_rate_id ON cost_change (rate_id, id)
-- next
CREATE INDEX ix_cost_change_at ON cost_change (at)
-- next
CREATE TABLE country (
  iso TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  CONSTRAINT pk_country PRIMARY KEY (iso),
  CONSTRAINT ck_country_enabled_flag CHECK (enabled IN (0, 1))
)
 STRICT
-- next
CREATE TABLE draft (
  id INTEGER NOT NULL,
  idem TEXT NOT NULL,
  name TEXT NOT NULL,
  client TEXT NOT NULL,
  content TEXT NOT NULL,
  recipients TEXT NOT NULL,
  recipient_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  CONSTRAINT pk_draft PRIMARY KEY (id),
  CONSTRAINT uq_draft_idem UNIQUE (idem),
  CONSTRAINT ck_draft_recipients CHECK (recipient_count >= 0)
)
 STRICT
-- next
CREATE TABLE mail_outbox (
  id INTEGER NOT NULL,
  idem TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  detail TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  CONSTRAINT pk_mail_outbox PRIMARY KEY (id),
  CONSTRAINT uq_mail_outbox_idem UNIQUE (idem),
  CONSTRAINT ck_mail_outbox_status_known CHECK (status = 'queued' OR status = 'sending' OR status = 'sent' OR status = 'failed' OR status = 'unknown' OR status = 'cancelled' OR status = 'dropped'),
  CONSTRAINT ck_mail_outbox_tries CHECK (tries >= 0)
)
 STRICT
-- next
CREATE INDEX ix_mail_outbox_open ON mail_outbox (due_at) WHERE status = 'queued' OR status = 'sending'
-- next
CREATE INDEX ix_mail_outbox_trouble ON mail_outbox (id) WHERE status = 'failed' OR status = 'unknown'
-- next
CREATE TABLE traffic (
  slot INTEGER NOT NULL,
  country TEXT NOT NULL,
  provider_id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  cost_currency TEXT NOT NULL,
  status TEXT NOT NULL,
  money TEXT NOT NULL,
  messages INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  price_micro INTEGER NOT NULL,
  cost_micro INTEGER NOT NULL,
  CONSTRAINT pk_traffic PRIMARY KEY (slot, country, provider_id, currency, cost_currency, status, money)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE TABLE traffic_stale (
  slot INTEGER NOT NULL
)
 STRICT
-- next
CREATE INDEX ix_traffic_stale_slot ON traffic_stale (slot)
-- next
CREATE TABLE exchange_rate (
  from_currency TEXT NOT NULL,
  to_currency TEXT NOT NULL,
  rate_date TEXT NOT NULL,
  rate TEXT NOT NULL,
  CONSTRAINT pk_exchange_rate PRIMARY KEY (from_currency, to_currency, rate_date),
  CONSTRAINT ck_exchange_rate_differs CHECK (from_currency <> to_currency)
)
 STRICT
-- next
CREATE TABLE ledger_account (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  bounded INTEGER NOT NULL,
  overdraft_micro INTEGER DEFAULT '0' NOT NULL,
  posted_micro INTEGER DEFAULT '0' NOT NULL,
  held_micro INTEGER DEFAULT '0' NOT NULL,
  last_transfer_id INTEGER DEFAULT '0' NOT NULL,
  frozen INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_ledger_account PRIMARY KEY (id),
  CONSTRAINT uq_ledger_account_name UNIQUE (name),
  CONSTRAINT ck_ledger_account_bounded_flag CHECK (bounded IN (0, 1)),
  CONSTRAINT ck_ledger_account_frozen_flag CHECK (frozen IN (0, 1)),
  CONSTRAINT ck_ledger_account_currency_code CHECK (length(currency) = 3),
  CONSTRAINT ck_ledger_account_overdraft CHECK (overdraft_micro >= 0),
  CONSTRAINT ck_ledger_account_held CHECK (held_micro >= 0),
  CONSTRAINT ck_ledger_account_floor CHECK (bounded = 0 OR posted_micro - held_micro >= -overdraft_micro)
)
 STRICT
-- next
CREATE TABLE price_change_row (
  id INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  rate_id INTEGER NOT NULL,
  before_micro INTEGER,
  before_manual INTEGER NOT NULL,
  before_rule_id INTEGER,
  after_micro INTEGER,
  after_manual INTEGER NOT NULL,
  after_rule_id INTEGER,
  CONSTRAINT pk_price_change_row PRIMARY KEY (id)
)
 STRICT
-- next
CREATE TABLE price_list (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  currency TEXT NOT NULL,
  parent_id INTEGER,
  CONSTRAINT pk_price_list PRIMARY KEY (id),
  CONSTRAINT uq_price_list_name_key UNIQUE (name_key),
  CONSTRAINT fk_price_list_parent_id FOREIGN KEY(parent_id) REFERENCES price_list (id)
)
 STRICT
-- next
CREATE TABLE price_preset (
  name_key TEXT NOT NULL,
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  CONSTRAINT pk_price_preset PRIMARY KEY (name_key)
)
 STRICT
-- next
CREATE TABLE provider (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  base_url TEXT NOT NULL,
  settings TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  paused_reason TEXT,
  last_error TEXT,
  failed_at INTEGER,
  costs_synced_at INTEGER,
  costs_missed TEXT,
  answered_at INTEGER,
  response_ms INTEGER,
  balance TEXT,
  balance_currency TEXT,
  created_at INTEGER NOT NULL,
  CONSTRAINT pk_provider PRIMARY KEY (id),
  CONSTRAINT uq_provider_name_key UNIQUE (name_key),
  CONSTRAINT ck_provider_is_default_flag CHECK (is_default IN (0, 1))
)
 STRICT
-- next
CREATE UNIQUE INDEX one_default_provider ON provider (is_default) WHERE is_default = 1
-- next
CREATE TABLE sending_lease (
  k INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  holder TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT pk_sending_lease PRIMARY KEY (k),
  CONSTRAINT ck_sending_lease_single CHECK (k = 1)
)
 STRICT
-- next
CREATE TABLE setting (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT pk_setting PRIMARY KEY (name)
)
 STRICT
-- next
CREATE TABLE client (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  currency TEXT NOT NULL,
  email TEXT,
  list_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  paused INTEGER NOT NULL,
  refund_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  language TEXT DEFAULT '' NOT NULL,
  default_sender TEXT DEFAULT '' NOT NULL,
  alert_micro INTEGER,
  alert_days INTEGER,
  alerted_at INTEGER,
  archived_at INTEGER,
  CONSTRAINT pk_client PRIMARY KEY (id),
  CONSTRAINT uq_client_name_key UNIQUE (name_key),
  CONSTRAINT uq_client_account_id UNIQUE (account_id),
  CONSTRAINT ck_client_paused_flag CHECK (paused IN (0, 1)),
  CONSTRAINT ck_client_refund_on_known CHECK (refund_on = 'never' OR refund_on = 'failed'),
  CONSTRAINT ck_client_alert CHECK (alert_micro > 0),
  CONSTRAINT ck_client_alert_days CHECK (alert_days > 0),
  CONSTRAINT fk_client_list_id FOREIGN KEY(list_id) REFERENCES price_list (id),
  CONSTRAINT fk_client_account_id FOREIGN KEY(account_id) REFERENCES ledger_account (id)
)
 STRICT
-- next
CREATE TABLE sender_rule (
  country TEXT NOT NULL,
  alphanumeric TEXT NOT NULL,
  preregistration INTEGER,
  documents TEXT NOT NULL,
  longest INTEGER NOT NULL,
  days TEXT NOT NULL,
  fee TEXT NOT NULL,
  content TEXT NOT NULL,
  note TEXT NOT NULL,
  source TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  CONSTRAINT pk_sender_rule PRIMARY KEY (country),
  CONSTRAINT ck_sender_rule_alphanumeric_known CHECK (alphanumeric = 'yes' OR alphanumeric = 'registration_required' OR alphanumeric = 'no' OR alphanumeric = 'unknown'),
  CONSTRAINT ck_sender_rule_preregistration_flag CHECK (preregistration IN (0, 1)),
  CONSTRAINT ck_sender_rule_longest CHECK (longest BETWEEN 1 AND 11)
)
 STRICT
-- next
CREATE TABLE fallback_number (
  provider_id INTEGER NOT NULL,
  country TEXT NOT NULL,
  number TEXT NOT NULL,
  CONSTRAINT pk_fallback_number PRIMARY KEY (provider_id, country),
  CONSTRAINT fk_fallback_number_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id)
)
 STRICT
-- next
CREATE TABLE ledger_transfer (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  idem TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  kind TEXT NOT NULL,
  debit_id INTEGER NOT NULL,
  credit_id INTEGER NOT NULL,
  amount_micro INTEGER NOT NULL,
  currency TEXT NOT NULL,
  hold_id INTEGER,
  refers_id INTEGER,
  actor TEXT NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  created_at INTEGER NOT NULL,
  CONSTRAINT uq_ledger_transfer_idem UNIQUE (idem),
  CONSTRAINT ck_ledger_transfer_kind_known CHECK (kind = 'topup' OR kind = 'hold' OR kind = 'capture' OR kind = 'release' OR kind = 'charge' OR kind = 'refund' OR kind = 'adjust' OR kind = 'reversal'),
  CONSTRAINT ck_ledger_transfer_idem_length CHECK (length(idem) BETWEEN 8 AND 200),
  CONSTRAINT ck_ledger_transfer_amount CHECK (amount_micro > 0 AND amount_micro <= 1000000000000000),
  CONSTRAINT ck_ledger_transfer_two_accounts CHECK (debit_id <> credit_id),
  CONSTRAINT ck_ledger_transfer_hold CHECK ((kind IN ('capture', 'release')) = (hold_id IS NOT NULL)),
  CONSTRAINT ck_ledger_transfer_refers CHECK ((kind IN ('refund', 'reversal')) = (refers_id IS NOT NULL)),
  CONSTRAINT ck_ledger_transfer_reason CHECK (kind NOT IN ('adjust', 'reversal') OR length(reason) >= 5),
  CONSTRAINT ck_ledger_transfer_actor CHECK (length(actor) > 0),
  CONSTRAINT fk_ledger_transfer_debit_id FOREIGN KEY(debit_id) REFERENCES ledger_account (id),
  CONSTRAINT fk_ledger_transfer_credit_id FOREIGN KEY(credit_id) REFERENCES ledger_account (id),
  CONSTRAINT fk_ledger_transfer_hold_id FOREIGN KEY(hold_id) REFERENCES ledger_transfer (id),
  CONSTRAINT fk_ledger_transfer_refers_id FOREIGN KEY(refers_id) REFERENCES ledger_transfer (id)
)
 STRICT
-- next
CREATE INDEX ix_ledger_transfer_credit ON ledger_transfer (credit_id, id)
-- next
CREATE INDEX ix_ledger_transfer_debit ON ledger_transfer (debit_id, id)
-- next
CREATE INDEX ix_ledger_transfer_refers ON ledger_transfer (refers_id) WHERE refers_id IS NOT NULL
-- next
CREATE UNIQUE INDEX one_reversal ON ledger_transfer (refers_id) WHERE kind = 'reversal'
-- next
CREATE TABLE price_change (
  id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  label TEXT NOT NULL,
  rule TEXT NOT NULL,
  limits TEXT DEFAULT '' NOT NULL,
  row_count INTEGER NOT NULL,
  first_row_id INTEGER NOT NULL,
  last_row_id INTEGER NOT NULL,
  reverts_id INTEGER,
  part_of_id INTEGER,
  CONSTRAINT pk_price_change PRIMARY KEY (id),
  CONSTRAINT fk_price_change_list_id FOREIGN KEY(list_id) REFERENCES price_list (id),
  CONSTRAINT fk_price_change_reverts_id FOREIGN KEY(reverts_id) REFERENCES price_change (id),
  CONSTRAINT fk_price_change_part_of_id FOREIGN KEY(part_of_id) REFERENCES price_change (id)
)
 STRICT
-- next
CREATE INDEX ix_price_change_list_id ON price_change (list_id, id)
-- next
CREATE INDEX ix_price_change_at ON price_change (at, id)
-- next
CREATE INDEX ix_price_change_reverts_id ON price_change (reverts_id) WHERE reverts_id IS NOT NULL
-- next
CREATE TABLE number_range (
  provider_id INTEGER NOT NULL,
  country TEXT NOT NULL,
  prefix TEXT NOT NULL,
  mccmnc TEXT NOT NULL,
  CONSTRAINT pk_number_range PRIMARY KEY (provider_id, country, prefix),
  CONSTRAINT ck_number_range_prefix CHECK (length(prefix) BETWEEN 1 AND 15),
  CONSTRAINT fk_number_range_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id)
)
 WITHOUT ROWID,
 STRICT
-- next
CREATE TABLE provider_cost (
  provider_id INTEGER NOT NULL,
  country TEXT NOT NULL,
  mccmnc TEXT NOT NULL,
  network TEXT NOT NULL,
  cost_text TEXT NOT NULL,
  cost_micro INTEGER NOT NULL,
  currency TEXT NOT NULL,
  CONSTRAINT pk_provider_cost PRIMARY KEY (provider_id, country, mccmnc),
  CONSTRAINT ck_provider_cost_positive CHECK (cost_micro > 0),
  CONSTRAINT fk_provider_cost_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id)
)
 STRICT
-- next
CREATE TABLE receipt (
  id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  provider_message_id TEXT NOT NULL,
  provider_status TEXT NOT NULL,
  status TEXT,
  error_code TEXT NOT NULL,
  digest TEXT NOT NULL,
  raw TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  applied INTEGER NOT NULL,
  CONSTRAINT pk_receipt PRIMARY KEY (id),
  CONSTRAINT uq_receipt_provider_id_digest UNIQUE (provider_id, digest),
  CONSTRAINT ck_receipt_applied_flag CHECK (applied IN (0, 1)),
  CONSTRAINT fk_receipt_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id)
)
 STRICT
-- next
CREATE INDEX ix_receipt_waiting ON receipt (provider_id, provider_message_id) WHERE applied = 0
-- next
CREATE TABLE standing_rule (
  list_id INTEGER NOT NULL,
  region TEXT NOT NULL,
  rule TEXT NOT NULL,
  CONSTRAINT pk_standing_rule PRIMARY KEY (list_id, region),
  CONSTRAINT fk_standing_rule_list_id FOREIGN KEY(list_id) REFERENCES price_list (id)
)
 STRICT
-- next
CREATE TABLE api_key (
  id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  prefix TEXT NOT NULL,
  digest TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at INTEGER,
  CONSTRAINT pk_api_key PRIMARY KEY (id),
  CONSTRAINT uq_api_key_prefix UNIQUE (prefix),
  CONSTRAINT fk_api_key_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE INDEX ix_api_key_client_id ON api_key (client_id)
-- next
CREATE TABLE client_price (
  client_id INTEGER NOT NULL,
  country TEXT NOT NULL,
  mccmnc TEXT NOT NULL,
  price_micro INTEGER NOT NULL,
  CONSTRAINT pk_client_price PRIMARY KEY (client_id, country, mccmnc),
  CONSTRAINT ck_client_price_positive CHECK (price_micro > 0),
  CONSTRAINT fk_client_price_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE TABLE contact (
  id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  fields TEXT NOT NULL,
  CONSTRAINT pk_contact PRIMARY KEY (id),
  CONSTRAINT uq_contact_client_id_number UNIQUE (client_id, number),
  CONSTRAINT fk_contact_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE TABLE contact_group (
  id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  CONSTRAINT pk_contact_group PRIMARY KEY (id),
  CONSTRAINT uq_contact_group_client_id_name_key UNIQUE (client_id, name_key),
  CONSTRAINT fk_contact_group_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE TABLE contact_member (
  group_id INTEGER NOT NULL,
  contact_id INTEGER NOT NULL,
  CONSTRAINT pk_contact_member PRIMARY KEY (group_id, contact_id),
  CONSTRAINT fk_contact_member_group_id FOREIGN KEY(group_id) REFERENCES contact_group (id),
  CONSTRAINT fk_contact_member_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id)
)
 STRICT
-- next
CREATE INDEX ix_contact_member_contact_id ON contact_member (contact_id)
-- next
CREATE TABLE transfer_detail (
  transfer_id INTEGER NOT NULL,
  method TEXT DEFAULT '' NOT NULL,
  reference TEXT DEFAULT '' NOT NULL,
  invoice TEXT DEFAULT '' NOT NULL,
  ticket TEXT DEFAULT '' NOT NULL,
  category TEXT DEFAULT '' NOT NULL,
  corrects_id INTEGER,
  CONSTRAINT pk_transfer_detail PRIMARY KEY (transfer_id),
  CONSTRAINT fk_transfer_detail_transfer_id FOREIGN KEY(transfer_id) REFERENCES ledger_transfer (id),
  CONSTRAINT fk_transfer_detail_corrects_id FOREIGN KEY(corrects_id) REFERENCES ledger_transfer (id)
)
 STRICT
-- next
CREATE INDEX ix_transfer_detail_corrects ON transfer_detail (corrects_id) WHERE corrects_id IS NOT NULL
-- next
CREATE TABLE document (
  id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  digest TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  content BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  CONSTRAINT pk_document PRIMARY KEY (id),
  CONSTRAINT uq_document_client_id_digest UNIQUE (client_id, digest),
  CONSTRAINT ck_document_size CHECK (length(content) BETWEEN 1 AND 10485760),
  CONSTRAINT fk_document_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE TABLE issued_list (
  id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  client_id INTEGER,
  format TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  content BLOB NOT NULL,
  CONSTRAINT pk_issued_list PRIMARY KEY (id),
  CONSTRAINT ck_issued_list_size CHECK (length(content) BETWEEN 1 AND 52428800),
  CONSTRAINT fk_issued_list_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE INDEX ix_issued_list_client_id ON issued_list (client_id, id)
-- next
CREATE TABLE ledger_hold (
  hold_id INTEGER NOT NULL,
  amount_micro INTEGER NOT NULL,
  captured_micro INTEGER DEFAULT '0' NOT NULL,
  released_micro INTEGER DEFAULT '0' NOT NULL,
  last_transfer_id INTEGER NOT NULL,
  CONSTRAINT pk_ledger_hold PRIMARY KEY (hold_id),
  CONSTRAINT ck_ledger_hold_amount CHECK (amount_micro > 0),
  CONSTRAINT ck_ledger_hold_captured CHECK (captured_micro >= 0),
  CONSTRAINT ck_ledger_hold_released CHECK (released_micro >= 0),
  CONSTRAINT ck_ledger_hold_within CHECK (captured_micro + released_micro <= amount_micro),
  CONSTRAINT fk_ledger_hold_hold_id FOREIGN KEY(hold_id) REFERENCES ledger_transfer (id)
)
 STRICT
-- next
CREATE TABLE opt_out (
  client_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  at INTEGER NOT NULL,
  CONSTRAINT pk_opt_out PRIMARY KEY (client_id, number),
  CONSTRAINT fk_opt_out_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE TABLE rate (
  id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  country TEXT NOT NULL,
  mccmnc TEXT NOT NULL,
  network TEXT NOT NULL,
  cost_micro INTEGER,
  cost_unconverted INTEGER NOT NULL,
  price_micro INTEGER,
  manual INTEGER NOT NULL,
  rule_change_id INTEGER,
  CONSTRAINT pk_rate PRIMARY KEY (id),
  CONSTRAINT uq_rate_list_id_country_mccmnc UNIQUE (list_id, country, mccmnc),
  CONSTRAINT ck_rate_manual_flag CHECK (manual IN (0, 1)),
  CONSTRAINT ck_rate_cost_unconverted_flag CHECK (cost_unconverted IN (0, 1)),
  CONSTRAINT ck_rate_price_positive CHECK (price_micro > 0),
  CONSTRAINT ck_rate_cost_positive CHECK (cost_micro > 0),
  CONSTRAINT ck_rate_manual_has_price CHECK (manual = 0 OR price_micro IS NOT NULL),
  CONSTRAINT fk_rate_list_id FOREIGN KEY(list_id) REFERENCES price_list (id),
  CONSTRAINT fk_rate_rule_change_id FOREIGN KEY(rule_change_id) REFERENCES price_change (id)
)
 STRICT
-- next
CREATE INDEX ix_rate_manual ON rate (list_id, country) WHERE manual = 1
-- next
CREATE TABLE sender_id (
  id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  sender TEXT NOT NULL,
  sender_key TEXT NOT NULL,
  look_alike_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  CONSTRAINT pk_sender_id PRIMARY KEY (id),
  CONSTRAINT uq_sender_id_client_id_sender_key UNIQUE (client_id, sender_key),
  CONSTRAINT fk_sender_id_client_id FOREIGN KEY(client_id) REFERENCES client (id)
)
 STRICT
-- next
CREATE INDEX ix_sender_id_look_alike_key ON sender_id (look_alike_key)
-- next
CREATE TABLE batch (
  id INTEGER NOT NULL,
  idem TEXT NOT NULL,
  client_id INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  sender TEXT NOT NULL,
  body TEXT NOT NULL,
  encoding TEXT NOT NULL,
  segments INTEGER NOT NULL,
  currency TEXT NOT NULL,
  total_micro INTEGER NOT NULL,
  hold_id INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  control TEXT DEFAULT 'running' NOT NULL,
  name TEXT DEFAULT '' NOT NULL,
  send_at INTEGER,
  own_texts INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_batch PRIMARY KEY (id),
  CONSTRAINT uq_batch_idem UNIQUE (idem),
  CONSTRAINT ck_batch_encoding_known CHECK (encoding = 'GSM-7' OR encoding = 'UCS-2'),
  CONSTRAINT ck_batch_segments CHECK (segments > 0),
  CONSTRAINT ck_batch_total CHECK (total_micro > 0),
  CONSTRAINT ck_batch_control_known CHECK (control = 'running' OR control = 'paused' OR control = 'stopped'),
  CONSTRAINT ck_batch_own_texts_flag CHECK (own_texts IN (0, 1)),
  CONSTRAINT fk_batch_client_id FOREIGN KEY(client_id) REFERENCES client (id),
  CONSTRAINT fk_batch_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id),
  CONSTRAINT fk_batch_hold_id FOREIGN KEY(hold_id) REFERENCES ledger_hold (hold_id)
)
 STRICT
-- next
CREATE INDEX ix_batch_client_id ON batch (client_id)
-- next
CREATE TABLE loss_permission (
  rate_id INTEGER NOT NULL,
  until INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  CONSTRAINT pk_loss_permission PRIMARY KEY (rate_id),
  CONSTRAINT fk_loss_permission_rate_id FOREIGN KEY(rate_id) REFERENCES rate (id)
)
 STRICT
-- next
CREATE TABLE price_change_loss (
  change_id INTEGER NOT NULL,
  rate_id INTEGER NOT NULL,
  before_until INTEGER,
  before_actor TEXT,
  before_reason TEXT,
  after_until INTEGER,
  after_actor TEXT,
  after_reason TEXT,
  CONSTRAINT pk_price_change_loss PRIMARY KEY (change_id, rate_id),
  CONSTRAINT fk_price_change_loss_change_id FOREIGN KEY(change_id) REFERENCES price_change (id),
  CONSTRAINT fk_price_change_loss_rate_id FOREIGN KEY(rate_id) REFERENCES rate (id)
)
 STRICT
-- next
CREATE TABLE sender_approval (
  sender_id INTEGER NOT NULL,
  country TEXT NOT NULL,
  status TEXT NOT NULL,
  note TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  requested_by TEXT NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  expires_at INTEGER,
  submitted_at INTEGER,
  expected_days INTEGER,
  warned_at INTEGER,
  CONSTRAINT pk_sender_approval PRIMARY KEY (sender_id, country),
  CONSTRAINT ck_sender_approval_status_known CHECK (status = 'not_required' OR status = 'pending' OR status = 'at_provider' OR status = 'approved' OR status = 'rejected' OR status = 'expired'),
  CONSTRAINT fk_sender_approval_sender_id FOREIGN KEY(sender_id) REFERENCES sender_id (id)
)
 STRICT
-- next
CREATE TABLE sender_document (
  sender_id INTEGER NOT NULL,
  document_id INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  state_at INTEGER,
  state_by TEXT,
  valid_until INTEGER,
  CONSTRAINT pk_sender_document PRIMARY KEY (sender_id, document_id),
  CONSTRAINT ck_sender_document_state_known CHECK (state = 'new' OR state = 'checked' OR state = 'refused'),
  CONSTRAINT fk_sender_document_sender_id FOREIGN KEY(sender_id) REFERENCES sender_id (id),
  CONSTRAINT fk_sender_document_document_id FOREIGN KEY(document_id) REFERENCES document (id)
)
 STRICT
-- next
CREATE INDEX ix_batch_created_at ON batch (created_at) WHERE send_at IS NULL
-- next
CREATE INDEX ix_batch_send_at ON batch (send_at) WHERE send_at IS NOT NULL
-- next
CREATE TABLE batch_quote (
  id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  country TEXT NOT NULL,
  mccmnc TEXT NOT NULL,
  sender TEXT NOT NULL,
  price_micro INTEGER NOT NULL,
  cost_micro INTEGER,
  cost_currency TEXT,
  why TEXT NOT NULL,
  CONSTRAINT pk_batch_quote PRIMARY KEY (id),
  CONSTRAINT uq_batch_quote_batch_id_country_mccmnc UNIQUE (batch_id, country, mccmnc),
  CONSTRAINT ck_batch_quote_price CHECK (price_micro > 0),
  CONSTRAINT fk_batch_quote_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id)
)
 STRICT
-- next
CREATE TABLE message (
  id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  quote_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  segments INTEGER NOT NULL,
  price_micro INTEGER NOT NULL,
  status TEXT NOT NULL,
  money TEXT NOT NULL,
  hold_id INTEGER NOT NULL,
  settle_id INTEGER,
  tries INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  reason TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  body TEXT,
  encoding TEXT,
  CONSTRAINT pk_message PRIMARY KEY (id),
  CONSTRAINT uq_message_batch_id_number UNIQUE (batch_id, number),
  CONSTRAINT ck_message_status_known CHECK (status = 'queued' OR status = 'sending' OR status = 'unknown' OR status = 'accepted' OR status = 'sent' OR status = 'delivered' OR status = 'undelivered' OR status = 'expired' OR status = 'rejected' OR status = 'blocked' OR status = 'cancelled' OR status = 'expired_unsent' OR status = 'abandoned'),
  CONSTRAINT ck_message_money_known CHECK (money = 'held' OR money = 'captured' OR money = 'released' OR money = 'refunded'),
  CONSTRAINT ck_message_price CHECK (price_micro > 0),
  CONSTRAINT ck_message_segments CHECK (segments > 0),
  CONSTRAINT ck_message_settled CHECK ((money = 'held') = (settle_id IS NULL)),
  CONSTRAINT ck_message_held_while_open CHECK ((status <> 'queued' AND status <> 'sending' AND status <> 'unknown') OR money = 'held'),
  CONSTRAINT ck_message_encoding_known CHECK (encoding = 'GSM-7' OR encoding = 'UCS-2'),
  CONSTRAINT ck_message_own_text CHECK ((body IS NULL) = (encoding IS NULL)),
  CONSTRAINT fk_message_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id),
  CONSTRAINT fk_message_quote_id FOREIGN KEY(quote_id) REFERENCES batch_quote (id),
  CONSTRAINT fk_message_hold_id FOREIGN KEY(hold_id) REFERENCES ledger_hold (hold_id),
  CONSTRAINT fk_message_settle_id FOREIGN KEY(settle_id) REFERENCES ledger_transfer (id)
)
 STRICT
-- next
CREATE INDEX ix_message_queued ON message (id) WHERE status = 'queued'
-- next
CREATE INDEX ix_message_reportable ON message (changed_at, id) WHERE status = 'accepted' OR status = 'sent'
-- next
CREATE INDEX ix_message_unknown ON message (changed_at, id) WHERE status = 'unknown'
-- next
CREATE TABLE attempt (
  id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  provider_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  code TEXT DEFAULT '' NOT NULL,
  detail TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_attempt PRIMARY KEY (id),
  CONSTRAINT uq_attempt_message_id_n UNIQUE (message_id, n),
  CONSTRAINT ck_attempt_outcome_known CHECK (outcome = 'in_flight' OR outcome = 'unknown' OR outcome = 'accepted' OR outcome = 'rejected' OR outcome = 'not_sent' OR outcome = 'absent'),
  CONSTRAINT fk_attempt_message_id FOREIGN KEY(message_id) REFERENCES message (id),
  CONSTRAINT fk_attempt_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id)
)
 STRICT
-- next
CREATE UNIQUE INDEX one_open_attempt ON attempt (message_id) WHERE outcome = 'in_flight' OR outcome = 'unknown' OR outcome = 'accepted'
-- next
CREATE TABLE attempt_part (
  provider_id INTEGER NOT NULL,
  provider_message_id TEXT NOT NULL,
  attempt_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  status TEXT NOT NULL,
  cost_text TEXT,
  cost_currency TEXT,
  changed_at INTEGER NOT NULL,
  CONSTRAINT pk_attempt_part PRIMARY KEY (attempt_id, n),
  CONSTRAINT uq_attempt_part_provider_id_provider_message_id UNIQUE (provider_id, provider_message_id),
  CONSTRAINT ck_attempt_part_status_known CHECK (status = 'accepted' OR status = 'sent' OR status = 'expired' OR status = 'undelivered' OR status = 'rejected' OR status = 'delivered'),
  CONSTRAINT ck_attempt_part_id_length CHECK (length(provider_message_id) BETWEEN 1 AND 128),
  CONSTRAINT fk_attempt_part_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id),
  CONSTRAINT fk_attempt_part_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempt (id)
)
 WITHOUT ROWID,
 STRICT
