-- The audit log and plan versions are never changed; the log is never shortened.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
-- INSERT OR REPLACE would go round the two above.
CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE clinic_id = NEW.clinic_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
CREATE TRIGGER plans_are_never_changed BEFORE UPDATE ON plans
BEGIN SELECT RAISE(ABORT, 'append-only: plans'); END;
