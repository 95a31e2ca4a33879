INSERT INTO people (id, name, relation, aliases, photo) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (id) DO UPDATE SET name = ?2, relation = ?3, aliases = ?4, photo = ?5
