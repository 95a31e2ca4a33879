SELECT m.id, m.external_id, m.kind, m.happened_at, m.recorded_at, m.text, m.place, m.source, m.sensitivity, m.consent,
  m.deleted_at,
  (SELECT json_group_array(person_id ORDER BY position) FROM memory_people WHERE memory_id = m.id),
  (SELECT json_group_array(tag) FROM memory_tags WHERE memory_id = m.id),
  (SELECT json_group_array(media_id ORDER BY position) FROM memory_media WHERE memory_id = m.id)
FROM memories m
WHERE (:id IS NULL OR m.id = :id)
  AND (:external_id IS NULL OR m.external_id = :external_id)
  AND (:include_deleted OR m.deleted_at IS NULL)
  AND (:only_deleted IS NOT TRUE OR m.deleted_at IS NOT NULL)
  AND (:from IS NULL OR m.happened_to >= :from)
  AND (:to IS NULL OR m.happened_from <= :to)
  AND (:recorded_until IS NULL OR m.recorded_moment <= :recorded_until)
  AND (:kind IS NULL OR m.kind = :kind)
  AND (:source IS NULL OR m.source = :source)
  AND (NOT :only_trainable OR m.sensitivity = 'ordinary')
  AND (:place IS NULL OR m.place = :place)
  AND (:person IS NULL OR m.id IN (SELECT memory_id FROM memory_people WHERE person_id = :person))
  AND (:tag IS NULL OR m.id IN (SELECT memory_id FROM memory_tags WHERE tag = :tag))
  AND (:words IS NULL OR m.id IN (SELECT memory_id FROM memory_words WHERE memory_words MATCH :words))
ORDER BY m.happened_from IS NULL, m.happened_from DESC, m.happened_at DESC, m.id DESC
LIMIT :limit
