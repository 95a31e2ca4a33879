INSERT INTO transcript_lines (session_id, seq, who, text, origin) VALUES (?1, ?2, ?3, ?4, ?5)
