-- The log by ranges of xid. What was the table becomes its first partition, with all its rows; drizzle knows the whole
-- as one table, so this is written by hand. src/store/log-partitions.ts makes the partitions that follow.
ALTER TABLE "events" RENAME TO "events_first";
--> statement-breakpoint
ALTER TABLE "events_first" ALTER COLUMN "position" DROP IDENTITY;
--> statement-breakpoint
ALTER TABLE "events_first" DROP CONSTRAINT "events_pkey";
--> statement-breakpoint
ALTER TABLE "events_first" ADD CONSTRAINT "events_first_pkey" PRIMARY KEY ("user_id","sequence","xid");
--> statement-breakpoint
DROP INDEX "events_id";
--> statement-breakpoint
CREATE UNIQUE INDEX "events_first_id" ON "events_first" ("id","xid");
--> statement-breakpoint
ALTER INDEX "events_user_place" RENAME TO "events_first_user_place";
--> statement-breakpoint
ALTER INDEX "events_client_place" RENAME TO "events_first_client_place";
--> statement-breakpoint
ALTER INDEX "events_occurred_at" RENAME TO "events_first_occurred_at";
--> statement-breakpoint
ALTER INDEX "events_deletions" RENAME TO "events_first_deletions";
--> statement-breakpoint
-- Readers ask for what follows a place near the end, where statistics say that next to nothing follows, and PostgreSQL
-- would sort all that does instead of walking along the index up to the limit. Without them it walks.
ALTER TABLE "events_first" ALTER COLUMN "xid" TYPE xid8;
--> statement-breakpoint
ALTER TABLE "events_first" ALTER COLUMN "xid" SET STATISTICS 0;
--> statement-breakpoint
CREATE TABLE "events" (
	"id" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"sequence" bigint,
	"xid" xid8 DEFAULT pg_current_xact_id() NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "events_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"connection_id" text COLLATE "C",
	"facts" jsonb NOT NULL,
	"occurred_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "events_pkey" PRIMARY KEY("user_id","sequence","xid")
) PARTITION BY RANGE ("xid");
--> statement-breakpoint
SELECT setval('events_position_seq', coalesce(max(position), 0) + 1, false) FROM "events_first";
--> statement-breakpoint
CREATE UNIQUE INDEX "events_id" ON "events" ("id","xid");
--> statement-breakpoint
CREATE INDEX "events_user_place" ON "events" ("user_id","xid","position");
--> statement-breakpoint
CREATE INDEX "events_client_place" ON "events" ("client_id","xid","position");
--> statement-breakpoint
CREATE INDEX "events_occurred_at" ON "events" USING brin ("occurred_at");
--> statement-breakpoint
CREATE INDEX "events_deletions" ON "events" ("client_id","xid","position") WHERE type in ('account.deleted', 'connection.deleted', 'user.deleted');
--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;
--> statement-breakpoint
-- Sixteen million transactions ahead; the clean-up measures how many a month has, and goes by that.
DO $$
BEGIN
	EXECUTE format(
		'ALTER TABLE events ATTACH PARTITION events_first FOR VALUES FROM (MINVALUE) TO (%L)',
		(pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 16777216)::text
	);
END
$$;
--> statement-breakpoint
-- What falls outside of every range: nothing, as long as the clean-up runs, but the few events that are kept for ever.
CREATE TABLE "events_rest" PARTITION OF "events" DEFAULT;
--> statement-breakpoint
ALTER TABLE "events_rest" ALTER COLUMN "xid" SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE "events" ALTER COLUMN "xid" SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE "events_rest" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "events" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "events" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
DROP POLICY "in_scope" ON "events_first";
