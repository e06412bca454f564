-- The log can be added to, by anybody who may; it cannot be changed, by nobody at all. ALWAYS, so that a session that
-- says it replays another server's changes is refused, too.
CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% can only be added to: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER events_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.events
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
--> statement-breakpoint
ALTER TABLE audit.events ENABLE ALWAYS TRIGGER events_stand;
--> statement-breakpoint
CREATE TRIGGER checkpoints_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
--> statement-breakpoint
ALTER TABLE audit.checkpoints ENABLE ALWAYS TRIGGER checkpoints_stand;
--> statement-breakpoint
-- Details may be erased by the owner of the database; they are never rewritten.
CREATE TRIGGER details_stand BEFORE UPDATE OR TRUNCATE ON audit.details
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
--> statement-breakpoint
ALTER TABLE audit.details ENABLE ALWAYS TRIGGER details_stand;
