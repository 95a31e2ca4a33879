-- Schema 4: what memories mean, as numbers, so that they are found in other words. Never edit a released migration: add 0005_*.sql.

-- Made from the text by a model on this device and made anew at will: never sent, and no change of the person's.
CREATE TABLE vectors (
  memory_id TEXT PRIMARY KEY REFERENCES memories (id) ON DELETE CASCADE,
  model     TEXT NOT NULL, -- sha256 of the model's file
  numbers   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Whoever changes the text, the old numbers no longer speak of it.
CREATE TRIGGER vectors_of_changed_text AFTER UPDATE OF text ON memories WHEN old.text IS NOT new.text
BEGIN
  DELETE FROM vectors WHERE memory_id = old.id;
END;
