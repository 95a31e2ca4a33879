UPDATE plans SET clinic_version = ?2 WHERE version = ?1
