SELECT id, kind, about, memory_id, media_id, person_id, payload, source, confidence, state, created_at, resolved_at, effect
FROM suggestions
WHERE (:id IS NULL OR id = :id)
  AND (:state IS NULL OR state = :state)
  AND (:kind IS NULL OR kind = :kind)
  AND (:memory IS NULL OR memory_id = :memory)
  AND (:media IS NULL OR media_id = :media)
  AND (:person IS NULL OR person_id = :person)
  AND (:about IS NULL OR about = :about)
  -- What hangs on a memory in the bin waits there with it.
  AND NOT EXISTS (SELECT 1 FROM memories WHERE memories.id = suggestions.memory_id AND deleted_at IS NOT NULL)
ORDER BY created_at DESC, id DESC
LIMIT :limit
