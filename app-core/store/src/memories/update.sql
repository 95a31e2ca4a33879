UPDATE memories SET external_id = ?2, kind = ?3, happened_at = ?4, happened_from = ?5, happened_to = ?6,
  recorded_at = ?7, recorded_moment = ?8, text = ?9, place = ?10, source = ?11, sensitivity = ?12, consent = ?13,
  deleted_at = ?14
WHERE id = ?1
