DELETE FROM sync_ledger
