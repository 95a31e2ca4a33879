SELECT id FROM media WHERE mime LIKE 'audio/%'
