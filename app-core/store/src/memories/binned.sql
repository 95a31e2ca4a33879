SELECT id FROM memories WHERE deleted_at IS NOT NULL
