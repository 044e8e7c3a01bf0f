ALTER TABLE "transactions" ADD COLUMN "changed_xid" xid8 DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
CREATE INDEX "events_deletions" ON "events" ("client_id","xid","position") WHERE type in ('account.deleted', 'connection.deleted', 'user.deleted');--> statement-breakpoint
CREATE INDEX "transactions_user_changes" ON "transactions" ("user_id","changed_xid","id");--> statement-breakpoint
CREATE INDEX "transactions_client_changes" ON "transactions" ("client_id","changed_xid","id");--> statement-breakpoint
CREATE FUNCTION "transactions_set_changed_xid"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xid := pg_current_xact_id();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "transactions_changed" BEFORE INSERT OR UPDATE ON "transactions"
  FOR EACH ROW EXECUTE FUNCTION "transactions_set_changed_xid"();
