INSERT INTO memory_facts (id, memory_id, position, kind, question, answer, aliases, meaning_cue, origin, confirmed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
