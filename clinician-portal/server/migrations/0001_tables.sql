-- Schema 1, the same on SQLite and PostgreSQL. Never edit a released migration: add the next number beside it.
-- Ids are UUID text; times are milliseconds since 1970; truth values are 0 and 1. clinic_id is in every key.

CREATE TABLE clinics (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE TABLE accounts (
  clinic_id     TEXT NOT NULL REFERENCES clinics (id),
  id            TEXT NOT NULL,
  role          TEXT NOT NULL CHECK (role IN ('admin', 'clinician', 'carer')),
  name          TEXT NOT NULL,
  email         TEXT NOT NULL UNIQUE, -- lower case; one log-in form serves every clinic
  language      TEXT NOT NULL,
  password_hash TEXT,                 -- PHC string; NULL until the invitation is taken up
  totp_secret   TEXT NOT NULL,        -- base32
  totp_step     BIGINT NOT NULL,      -- last step used: a code is good for one log-in
  failures      BIGINT NOT NULL,
  locked_ms     BIGINT NOT NULL,      -- no log-in before
  disabled_ms   BIGINT,
  created_ms    BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, id)
);

CREATE TABLE invites (
  clinic_id  TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  expires_ms BIGINT NOT NULL,
  used_ms    BIGINT,
  PRIMARY KEY (clinic_id, token_hash),
  FOREIGN KEY (clinic_id, account_id) REFERENCES accounts (clinic_id, id)
);

CREATE TABLE web_sessions (
  clinic_id     TEXT NOT NULL,
  id            TEXT NOT NULL,
  account_id    TEXT NOT NULL,
  token_hash    TEXT NOT NULL UNIQUE,
  previous_hash TEXT,
  csrf          TEXT NOT NULL,
  agent         TEXT NOT NULL,
  created_ms    BIGINT NOT NULL,
  rotated_ms    BIGINT NOT NULL,
  seen_ms       BIGINT NOT NULL,
  ended_ms      BIGINT,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, account_id) REFERENCES accounts (clinic_id, id)
);
CREATE INDEX web_sessions_by_previous ON web_sessions (previous_hash);
CREATE INDEX web_sessions_by_account ON web_sessions (clinic_id, account_id);

CREATE TABLE patients (
  clinic_id  TEXT NOT NULL REFERENCES clinics (id),
  id         TEXT NOT NULL,
  name       TEXT NOT NULL,
  reference  TEXT NOT NULL,           -- number in the clinic's own record, may be empty
  language   TEXT NOT NULL,
  time_zone  TEXT NOT NULL,
  born_on    TEXT,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, id)
);

CREATE TABLE carer_links (
  clinic_id  TEXT NOT NULL,
  account_id TEXT NOT NULL,
  patient_id TEXT NOT NULL,
  PRIMARY KEY (clinic_id, account_id, patient_id),
  FOREIGN KEY (clinic_id, account_id) REFERENCES accounts (clinic_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);

CREATE TABLE pairing_codes (
  clinic_id  TEXT NOT NULL,
  code_hash  TEXT NOT NULL UNIQUE,
  patient_id TEXT NOT NULL,
  made_by    TEXT NOT NULL,
  expires_ms BIGINT NOT NULL,
  used_ms    BIGINT,
  device_id  TEXT,                    -- the device that used it
  PRIMARY KEY (clinic_id, code_hash),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);

CREATE TABLE devices (
  clinic_id   TEXT NOT NULL,
  id          TEXT NOT NULL UNIQUE,
  patient_id  TEXT NOT NULL,
  public_key  TEXT NOT NULL,
  platform    TEXT NOT NULL,
  app_version TEXT NOT NULL,
  paired_ms   BIGINT NOT NULL,
  seen_ms     BIGINT NOT NULL,
  revoked_ms  BIGINT,
  highest_hlc TEXT,
  changes     BIGINT NOT NULL,        -- counts changes of its rows: the cursor of a pull
  digest      TEXT NOT NULL,          -- JSON, the fingerprint of its rows, kept with every change
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);
CREATE INDEX devices_by_patient ON devices (clinic_id, patient_id);

CREATE TABLE consents (
  clinic_id    TEXT NOT NULL,
  device_id    TEXT NOT NULL,
  id           TEXT NOT NULL,
  scope        TEXT NOT NULL,
  given_ms     BIGINT NOT NULL,
  withdrawn_ms BIGINT,
  PRIMARY KEY (clinic_id, device_id, id),
  FOREIGN KEY (clinic_id, device_id) REFERENCES devices (clinic_id, id)
);

-- What each device has sent, row by row, with the stamp that won. The content of live rows is in the tables below.
CREATE TABLE records (
  clinic_id   TEXT NOT NULL,
  device_id   TEXT NOT NULL,
  collection  TEXT NOT NULL,
  row_id      TEXT NOT NULL,
  record_id   TEXT NOT NULL,
  hlc         TEXT NOT NULL,
  deleted     BIGINT NOT NULL,
  consent_id  TEXT NOT NULL,
  payload     TEXT,                   -- as it came, for a device that was restored from a backup
  received_ms BIGINT NOT NULL,
  change      BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, device_id, collection, row_id),
  FOREIGN KEY (clinic_id, device_id) REFERENCES devices (clinic_id, id)
);
CREATE INDEX records_gone ON records (clinic_id, device_id, change) WHERE deleted = 1;

CREATE TABLE sessions (
  clinic_id    TEXT NOT NULL,
  patient_id   TEXT NOT NULL,
  id           TEXT NOT NULL,
  device_id    TEXT NOT NULL,
  state        TEXT NOT NULL,
  plan_version BIGINT NOT NULL,
  started_ms   BIGINT NOT NULL,
  ended_ms     BIGINT,
  seconds      BIGINT NOT NULL,
  day          TEXT NOT NULL,
  games        TEXT NOT NULL,
  PRIMARY KEY (clinic_id, patient_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);
CREATE INDEX sessions_by_time ON sessions (clinic_id, patient_id, started_ms);

-- No reference to sessions: a batch may bring trials before their session.
CREATE TABLE trials (
  clinic_id        TEXT NOT NULL,
  patient_id       TEXT NOT NULL,
  id               TEXT NOT NULL,
  device_id        TEXT NOT NULL,
  session_id       TEXT NOT NULL,
  seq              BIGINT NOT NULL,
  block            BIGINT NOT NULL,
  game             TEXT NOT NULL,
  template_version TEXT NOT NULL,
  input            TEXT NOT NULL,
  at_ms            BIGINT NOT NULL,
  kind             TEXT NOT NULL,
  domain           TEXT NOT NULL,
  level            BIGINT NOT NULL,
  practice         BIGINT NOT NULL,
  verdict          TEXT NOT NULL,
  score            DOUBLE PRECISION NOT NULL,
  rung             BIGINT,
  rt_ms            BIGINT,
  matched_by       TEXT NOT NULL,
  confidence       DOUBLE PRECISION NOT NULL,
  memory_id        TEXT,
  fact_id          TEXT,
  data             TEXT NOT NULL,
  scorer           BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, patient_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);
CREATE INDEX trials_by_session ON trials (clinic_id, patient_id, session_id, seq);

CREATE TABLE adherence (
  clinic_id         TEXT NOT NULL,
  patient_id        TEXT NOT NULL,
  device_id         TEXT NOT NULL,
  day               TEXT NOT NULL,
  sessions_per_week BIGINT NOT NULL,
  begun             BIGINT NOT NULL,
  done              BIGINT NOT NULL,
  seconds           BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, patient_id, device_id, day),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);

CREATE TABLE device_facts (
  clinic_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  key       TEXT NOT NULL,
  value     TEXT NOT NULL,
  PRIMARY KEY (clinic_id, device_id, key),
  FOREIGN KEY (clinic_id, device_id) REFERENCES devices (clinic_id, id)
);

CREATE TABLE plans (
  clinic_id  TEXT NOT NULL,
  patient_id TEXT NOT NULL,
  version    BIGINT NOT NULL,
  plan       TEXT NOT NULL,           -- JSON, a PlanMessage
  note       TEXT NOT NULL,           -- why, in the clinician's words
  made_by    TEXT NOT NULL,
  made_ms    BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, patient_id, version),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);

CREATE TABLE plan_deliveries (
  clinic_id  TEXT NOT NULL,
  patient_id TEXT NOT NULL,
  device_id  TEXT NOT NULL,
  version    BIGINT NOT NULL,
  sent_ms    BIGINT NOT NULL,         -- first handed to the device
  taken_ms   BIGINT,                  -- put in force there, by the device's clock
  heard_ms   BIGINT,                  -- when the device said so, by the portal's clock
  PRIMARY KEY (clinic_id, patient_id, device_id, version),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);

CREATE TABLE game_lists (
  clinic_id TEXT NOT NULL REFERENCES clinics (id),
  version   BIGINT NOT NULL,
  games     TEXT NOT NULL,            -- JSON
  made_by   TEXT NOT NULL,
  made_ms   BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, version)
);

CREATE TABLE notes (
  clinic_id  TEXT NOT NULL,
  patient_id TEXT NOT NULL,
  id         TEXT NOT NULL,
  text       TEXT NOT NULL,
  made_by    TEXT NOT NULL,
  made_ms    BIGINT NOT NULL,
  PRIMARY KEY (clinic_id, patient_id, id),
  FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id)
);

-- Who saw or changed what. Append-only by the triggers of the next migration; each row holds the hash of the one before.
-- No reference to patients: the rows outlive an erasure, and hold no name.
CREATE TABLE audit (
  clinic_id  TEXT NOT NULL REFERENCES clinics (id),
  seq        BIGINT NOT NULL,
  at_ms      BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id   TEXT NOT NULL,
  action     TEXT NOT NULL,
  patient_id TEXT,
  outcome    TEXT NOT NULL,
  detail     TEXT NOT NULL,
  hash       TEXT NOT NULL,
  PRIMARY KEY (clinic_id, seq)
);
CREATE INDEX audit_by_patient ON audit (clinic_id, patient_id, seq);

CREATE TABLE audit_heads (
  clinic_id TEXT PRIMARY KEY REFERENCES clinics (id),
  seq       BIGINT NOT NULL,
  hash      TEXT NOT NULL
);
