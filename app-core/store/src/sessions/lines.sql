SELECT who, text, origin FROM transcript_lines WHERE session_id = ?1 ORDER BY seq
