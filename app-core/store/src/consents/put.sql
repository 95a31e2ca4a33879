INSERT INTO consents (id, scope, given_at, withdrawn_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (id) DO UPDATE SET withdrawn_at = ?4
