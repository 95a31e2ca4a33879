INSERT INTO patient (only_one, name, language, time_zone, born_on) VALUES (1, ?1, ?2, ?3, ?4)
ON CONFLICT (only_one) DO UPDATE SET name = ?1, language = ?2, time_zone = ?3, born_on = ?4
