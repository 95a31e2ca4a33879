SELECT coalesce(max(seq) + 1, 0) FROM transcript_lines WHERE session_id = ?1
