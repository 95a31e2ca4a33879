-- The audit log and plan versions are never changed; the log is never shortened.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plans_are_never_changed BEFORE UPDATE ON plans
FOR EACH ROW EXECUTE FUNCTION refuse_change();
