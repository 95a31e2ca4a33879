-- Schema 2: what sync has to remember. Never edit a released migration: add 0003_*.sql beside it.

-- A change's place in the device's time; given when it is first about to be sent, the same ever after.
ALTER TABLE outbox ADD COLUMN hlc TEXT;
-- Refused by the portal: kept, and not sent again by itself.
ALTER TABLE outbox ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_by_row ON outbox (collection, row_id, seq);

-- The clinic's version of a plan that came from there.
ALTER TABLE plans ADD COLUMN clinic_version INTEGER;

-- What stands at the portal for each row, as far as this device has been told.
CREATE TABLE sync_ledger (
  collection TEXT NOT NULL,
  row_id     TEXT NOT NULL,
  record_id  TEXT NOT NULL,
  hlc        TEXT NOT NULL,
  deleted    INTEGER NOT NULL,
  PRIMARY KEY (collection, row_id)
) STRICT, WITHOUT ROWID;

-- Rows that are sent as they stand here: counted ones (days, facts about the device), and others as a change first sent them.
CREATE TABLE sync_rows (
  collection TEXT NOT NULL,
  row_id     TEXT NOT NULL,
  record_id  TEXT NOT NULL, -- the change whose content this is
  json       TEXT NOT NULL CHECK (json_valid(json)),
  PRIMARY KEY (collection, row_id)
) STRICT, WITHOUT ROWID;

-- Pairing, cursor, clock, the plan that came last. Lives and dies with the database, so that a backup brings its own back.
CREATE TABLE sync_state (
  key  TEXT PRIMARY KEY,
  json TEXT NOT NULL CHECK (json_valid(json))
) STRICT;
