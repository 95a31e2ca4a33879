-- bm25 is negative, the better the smaller; weights: memory_id, text, people, place, tags, chars.
SELECT w.memory_id, -bm25(memory_words, 0.0, 1.0, 2.0, 2.0, 1.5, 0.3) AS score
FROM memory_words w JOIN memories m ON m.id = w.memory_id
WHERE memory_words MATCH ?1 AND m.deleted_at IS NULL
ORDER BY score DESC, w.memory_id LIMIT ?2
