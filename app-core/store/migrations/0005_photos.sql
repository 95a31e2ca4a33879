-- Schema 5: where and when photos were taken, and vectors that follow the words of photos. Never edit a released migration: add 0006_*.sql.

-- What the camera wrote into a photo, read once, so that the photo need not be opened for it. Never sent.
CREATE TABLE photo_origins (
  media_id  TEXT PRIMARY KEY REFERENCES media(id) ON DELETE CASCADE,
  taken_at  TEXT, -- by the camera's clock
  latitude  REAL,
  longitude REAL,
  CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT, WITHOUT ROWID;

-- A memory's vector speaks of the accepted words of its photos, too.
CREATE TRIGGER vectors_of_added_photo_text AFTER INSERT ON photo_texts
BEGIN
  DELETE FROM vectors WHERE memory_id = new.memory_id;
END;
CREATE TRIGGER vectors_of_changed_photo_text AFTER UPDATE ON photo_texts
BEGIN
  DELETE FROM vectors WHERE memory_id = new.memory_id;
END;
CREATE TRIGGER vectors_of_removed_photo_text AFTER DELETE ON photo_texts
BEGIN
  DELETE FROM vectors WHERE memory_id = old.memory_id;
END;
