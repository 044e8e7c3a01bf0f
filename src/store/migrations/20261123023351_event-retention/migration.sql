ALTER TABLE "event_streams" ADD COLUMN "pruned_xid" xid8 DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "event_streams" ADD COLUMN "pruned_position" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "event_streams_pruned" ON "event_streams" ("client_id","pruned_xid","pruned_position");--> statement-breakpoint
CREATE INDEX "events_occurred_at" ON "events" USING brin ("occurred_at");