SELECT id, name, aliases, latitude, longitude FROM places
WHERE (?1 IS NULL OR id = ?1)
  AND (?2 IS NULL OR lower(name) = lower(?2)
       OR EXISTS (SELECT 1 FROM json_each(places.aliases) WHERE lower(value) = lower(?2)))
ORDER BY ?2 IS NOT NULL AND lower(name) = lower(?2) DESC, name, id
