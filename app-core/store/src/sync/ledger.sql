SELECT collection, row_id, record_id, hlc, deleted FROM sync_ledger
