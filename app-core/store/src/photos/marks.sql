SELECT media_id, hash, source, vector FROM photo_marks ORDER BY media_id
