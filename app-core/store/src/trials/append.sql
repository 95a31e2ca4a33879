INSERT INTO trials (id, session_id, seq, block, game, template_version, input, at, scorer, outcome)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
