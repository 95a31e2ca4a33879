INSERT INTO memories (id, external_id, kind, happened_at, happened_from, happened_to, recorded_at, recorded_moment,
                      text, place, source, sensitivity, consent, deleted_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
