SELECT json FROM settings WHERE key = ?1
