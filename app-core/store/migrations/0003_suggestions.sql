-- Schema 3: what is offered to the carer, and what was seen in photos. Never edit a released migration: add 0004_*.sql beside it.

-- Offered, and then accepted or dismissed; nothing in here is held to be true until it was accepted.
CREATE TABLE suggestions (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  about       TEXT NOT NULL UNIQUE, -- what it is about, so that the same is never offered twice
  memory_id   TEXT REFERENCES memories(id) ON DELETE CASCADE,
  media_id    TEXT REFERENCES media(id) ON DELETE CASCADE,
  person_id   TEXT REFERENCES people(id) ON DELETE CASCADE,
  payload     TEXT NOT NULL CHECK (json_valid(payload)),
  source      TEXT NOT NULL,        -- what found it, with its version
  confidence  REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  state       TEXT NOT NULL,        -- open, accepted or dismissed
  created_at  TEXT NOT NULL,
  resolved_at TEXT,
  effect      TEXT CHECK (effect IS NULL OR json_valid(effect)) -- what accepting it changed, so that it can be undone
) STRICT;
CREATE INDEX suggestions_by_state ON suggestions (state, created_at);
CREATE INDEX suggestions_by_memory ON suggestions (memory_id);
CREATE INDEX suggestions_by_media ON suggestions (media_id);
CREATE INDEX suggestions_by_person ON suggestions (person_id);

-- Faces that look like one person. Without a name a group is only a question to the carer; with one there is a consent.
CREATE TABLE face_groups (
  id         TEXT PRIMARY KEY,
  person_id  TEXT UNIQUE REFERENCES people(id) ON DELETE CASCADE,
  consent_id TEXT REFERENCES consents(id),
  created_at TEXT NOT NULL,
  CHECK ((person_id IS NULL) = (consent_id IS NULL))
) STRICT;

CREATE TABLE faces (
  id       TEXT PRIMARY KEY,
  group_id TEXT NOT NULL REFERENCES face_groups(id) ON DELETE CASCADE,
  media_id TEXT NOT NULL REFERENCES media(id) ON DELETE CASCADE,
  region   TEXT NOT NULL CHECK (json_valid(region)), -- left, top, width, height as parts of the upright photo
  quality  REAL NOT NULL,
  source   TEXT NOT NULL,
  vector   BLOB NOT NULL -- 32-bit floats, little endian
) STRICT;
CREATE INDEX faces_by_group ON faces (group_id);
CREATE INDEX faces_by_media ON faces (media_id);

-- Photos that were looked at, and by what: a look that was cut off goes on where it stopped.
CREATE TABLE photo_looks (
  media_id  TEXT PRIMARY KEY REFERENCES media(id) ON DELETE CASCADE,
  source    TEXT NOT NULL,
  looked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- By what a photo is known again: a hash of its coarse light and dark, and a vector of what it shows.
CREATE TABLE photo_marks (
  media_id TEXT PRIMARY KEY REFERENCES media(id) ON DELETE CASCADE,
  hash     INTEGER NOT NULL,
  source   TEXT NOT NULL,
  vector   BLOB NOT NULL -- 8-bit integers, of length 127 when taken as a vector
) STRICT;

-- Words read from a photo and accepted: found in searches, never taken for what somebody told.
CREATE TABLE photo_texts (
  memory_id TEXT NOT NULL REFERENCES memories(id) ON DELETE CASCADE,
  media_id  TEXT NOT NULL REFERENCES media(id) ON DELETE CASCADE,
  text      TEXT NOT NULL,
  PRIMARY KEY (memory_id, media_id)
) STRICT;
