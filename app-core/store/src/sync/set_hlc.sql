UPDATE outbox SET hlc = ?2 WHERE seq = ?1
