SELECT id, memory_id, kind, question, answer, aliases, meaning_cue, origin, confirmed FROM memory_facts
WHERE ?1 IS NULL OR memory_id = ?1
ORDER BY memory_id, position
