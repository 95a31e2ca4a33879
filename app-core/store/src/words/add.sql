INSERT INTO memory_words (memory_id, text, people, place, tags, chars) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
