SELECT id, scope, given_at, withdrawn_at FROM consents ORDER BY given_at, id
