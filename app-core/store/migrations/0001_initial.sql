-- Schema 1. Never edit a released migration: add 0002_*.sql beside it.
-- Ids are UUID text. Times are ISO 8601 text. Lists without rows of their own are JSON text.

CREATE TABLE patient (
  only_one  INTEGER PRIMARY KEY CHECK (only_one = 1),
  name      TEXT NOT NULL,
  language  TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  born_on   TEXT
) STRICT;

CREATE TABLE settings (
  key  TEXT PRIMARY KEY,
  json TEXT NOT NULL CHECK (json_valid(json))
) STRICT;

CREATE TABLE media (
  id         TEXT PRIMARY KEY,
  mime       TEXT NOT NULL,
  size_bytes INTEGER NOT NULL
) STRICT;

-- A small photo may be its own thumbnail, so a rendition is a link and not a property of the bytes.
CREATE TABLE media_renditions (
  original_id TEXT NOT NULL REFERENCES media(id) ON DELETE CASCADE,
  role        TEXT NOT NULL,
  media_id    TEXT NOT NULL REFERENCES media(id),
  PRIMARY KEY (original_id, role)
) STRICT;

CREATE TABLE people (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  relation TEXT NOT NULL,
  aliases  TEXT NOT NULL CHECK (json_valid(aliases)),
  photo    TEXT REFERENCES media(id)
) STRICT;

CREATE TABLE places (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  aliases   TEXT NOT NULL CHECK (json_valid(aliases)),
  latitude  REAL,
  longitude REAL
) STRICT;

CREATE TABLE consents (
  id           TEXT PRIMARY KEY,
  scope        TEXT NOT NULL,
  given_at     TEXT NOT NULL,
  withdrawn_at TEXT
) STRICT;

CREATE TABLE memories (
  id              TEXT PRIMARY KEY,
  external_id     TEXT UNIQUE,
  kind            TEXT NOT NULL,
  happened_at     TEXT,            -- as exactly as it is known
  happened_from   TEXT,            -- first day it can mean
  happened_to     TEXT,            -- last day it can mean
  recorded_at     TEXT NOT NULL,
  recorded_moment TEXT NOT NULL,   -- first moment recorded_at can mean
  text            TEXT NOT NULL,
  place           TEXT REFERENCES places(id),
  source          TEXT NOT NULL,
  sensitivity     TEXT NOT NULL,
  consent         TEXT REFERENCES consents(id),
  deleted_at      TEXT
) STRICT;
CREATE INDEX memories_by_day ON memories (happened_from);

CREATE TABLE memory_people (
  memory_id TEXT NOT NULL REFERENCES memories(id) ON DELETE CASCADE,
  position  INTEGER NOT NULL,
  person_id TEXT NOT NULL REFERENCES people(id),
  PRIMARY KEY (memory_id, position)
) STRICT;
CREATE INDEX memory_people_by_person ON memory_people (person_id);

CREATE TABLE memory_tags (
  memory_id TEXT NOT NULL REFERENCES memories(id) ON DELETE CASCADE,
  tag       TEXT NOT NULL,
  PRIMARY KEY (memory_id, tag)
) STRICT;
CREATE INDEX memory_tags_by_tag ON memory_tags (tag);

CREATE TABLE memory_media (
  memory_id TEXT NOT NULL REFERENCES memories(id) ON DELETE CASCADE,
  position  INTEGER NOT NULL,
  media_id  TEXT NOT NULL REFERENCES media(id),
  PRIMARY KEY (memory_id, position)
) STRICT;
CREATE INDEX memory_media_by_media ON memory_media (media_id);

CREATE TABLE memory_facts (
  id          TEXT PRIMARY KEY,
  memory_id   TEXT NOT NULL REFERENCES memories(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  question    TEXT NOT NULL,
  answer      TEXT NOT NULL,
  aliases     TEXT NOT NULL CHECK (json_valid(aliases)),
  meaning_cue TEXT,
  origin      TEXT NOT NULL,
  confirmed   INTEGER NOT NULL
) STRICT;
CREATE INDEX memory_facts_by_memory ON memory_facts (memory_id, position);

-- Words come in already cut; `chars` holds the Han characters in sequence, so that any two neighbours are found.
CREATE VIRTUAL TABLE memory_words USING fts5 (
  memory_id UNINDEXED, text, people, place, tags, chars, tokenize = 'unicode61'
);

CREATE TABLE sessions (
  id                TEXT PRIMARY KEY,
  state             TEXT NOT NULL,
  plan              TEXT NOT NULL CHECK (json_valid(plan)),
  seed              INTEGER NOT NULL,
  template_versions TEXT NOT NULL CHECK (json_valid(template_versions)),
  started_at        TEXT NOT NULL,
  ended_at          TEXT,
  seconds           INTEGER NOT NULL
) STRICT;

CREATE TABLE session_events (
  session_id TEXT NOT NULL REFERENCES sessions(id),
  seq        INTEGER NOT NULL,
  at         TEXT NOT NULL,
  payload    TEXT NOT NULL CHECK (json_valid(payload)),
  PRIMARY KEY (session_id, seq)
) STRICT;

CREATE TABLE transcript_lines (
  session_id TEXT NOT NULL REFERENCES sessions(id),
  seq        INTEGER NOT NULL,
  who        TEXT NOT NULL,
  text       TEXT NOT NULL,
  origin     TEXT,
  PRIMARY KEY (session_id, seq)
) STRICT;

-- No reference to memories and facts: they may be emptied from the bin, the log stays.
CREATE TABLE trials (
  id               TEXT PRIMARY KEY,
  session_id       TEXT NOT NULL REFERENCES sessions(id),
  seq              INTEGER NOT NULL,
  block            INTEGER NOT NULL,
  game             TEXT NOT NULL,
  template_version TEXT NOT NULL,
  input            TEXT NOT NULL,
  at               TEXT NOT NULL,
  scorer           INTEGER NOT NULL,
  outcome          TEXT NOT NULL CHECK (json_valid(outcome)),
  UNIQUE (session_id, seq)
) STRICT;
CREATE INDEX trials_by_game ON trials (game);

CREATE TRIGGER trials_are_never_changed BEFORE UPDATE ON trials
BEGIN SELECT RAISE(ABORT, 'append-only: trials'); END;
CREATE TRIGGER trials_are_never_removed BEFORE DELETE ON trials
BEGIN SELECT RAISE(ABORT, 'append-only: trials'); END;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON session_events
BEGIN SELECT RAISE(ABORT, 'append-only: session_events'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON session_events
BEGIN SELECT RAISE(ABORT, 'append-only: session_events'); END;

-- INSERT OR REPLACE would go round the triggers above.
CREATE TRIGGER trials_are_never_replaced BEFORE INSERT ON trials
WHEN EXISTS (SELECT 1 FROM trials WHERE id = NEW.id OR (session_id = NEW.session_id AND seq = NEW.seq))
BEGIN SELECT RAISE(ABORT, 'append-only: trials'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON session_events
WHEN EXISTS (SELECT 1 FROM session_events WHERE session_id = NEW.session_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append-only: session_events'); END;

CREATE TABLE plans (
  version INTEGER PRIMARY KEY,
  set_at  TEXT NOT NULL,
  json    TEXT NOT NULL CHECK (json_valid(json))
) STRICT;

-- What has changed since it was last sent: the seam to sync. Holds ids only, never words.
CREATE TABLE outbox (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT, -- order of writing; ids of one millisecond sort by chance
  record_id  TEXT NOT NULL UNIQUE,
  collection TEXT NOT NULL,
  row_id     TEXT NOT NULL,
  op         TEXT NOT NULL,
  at         TEXT NOT NULL,
  sent_at    TEXT
) STRICT;
CREATE INDEX outbox_unsent ON outbox (seq) WHERE sent_at IS NULL;
