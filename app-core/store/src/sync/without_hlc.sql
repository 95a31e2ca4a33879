SELECT seq, record_id, collection, row_id, op, at, hlc FROM outbox AS change
WHERE sent_at IS NULL AND NOT set_aside AND hlc IS NULL AND collection IN (SELECT value FROM json_each(?1))
  AND NOT EXISTS (
    SELECT 1 FROM outbox AS later
    WHERE later.collection = change.collection AND later.row_id = change.row_id AND later.seq > change.seq
  )
ORDER BY seq
