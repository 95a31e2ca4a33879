SELECT clinic_version FROM plans WHERE version = ?1
