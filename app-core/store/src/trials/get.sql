SELECT id, session_id, seq, block, game, template_version, input, at, outcome FROM trials WHERE id = ?1
