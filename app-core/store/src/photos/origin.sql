SELECT media_id, taken_at, latitude, longitude FROM photo_origins WHERE media_id = ?1
