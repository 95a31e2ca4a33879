SELECT json FROM plans ORDER BY version DESC
