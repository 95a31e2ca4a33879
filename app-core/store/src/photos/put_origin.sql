INSERT INTO photo_origins (media_id, taken_at, latitude, longitude) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (media_id) DO UPDATE SET taken_at = ?2, latitude = ?3, longitude = ?4
