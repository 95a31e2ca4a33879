INSERT INTO places (id, name, aliases, latitude, longitude) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (id) DO UPDATE SET name = ?2, aliases = ?3, latitude = ?4, longitude = ?5
