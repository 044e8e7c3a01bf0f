CREATE TABLE "unattended_calls" (
	"channel_id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"group" text,
	"called_at" timestamp(3) with time zone[] NOT NULL,
	"blocked_until" timestamp(3) with time zone,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "unattended_calls_pkey" PRIMARY KEY("channel_id","user_id","group")
);
--> statement-breakpoint
ALTER TABLE "channel_definitions" ADD COLUMN "budget_scope" text DEFAULT 'RESOURCE' NOT NULL;--> statement-breakpoint
ALTER TABLE "channel_definitions" ADD COLUMN "budget_window" text DEFAULT 'ROLLING_DAY' NOT NULL;--> statement-breakpoint
ALTER TABLE "channel_definitions" ADD COLUMN "is_consent_replaced_by_bank" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "next_sync_reason" text;--> statement-breakpoint
ALTER TABLE "consents" ADD COLUMN "remind_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "consents" ADD COLUMN "reminded_days" integer;--> statement-breakpoint
ALTER TABLE "consents" ADD COLUMN "successor_id" text COLLATE "C";--> statement-breakpoint
CREATE INDEX "consents_remind" ON "consents" ("remind_at") WHERE "status" in ('ACTIVE', 'EXPIRING');--> statement-breakpoint
CREATE INDEX "consents_abandoned" ON "consents" ("authorization_expires_at") WHERE "status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "syncs_finished" ON "syncs" ("client_id","finished_at");--> statement-breakpoint
ALTER TABLE "unattended_calls" ADD CONSTRAINT "unattended_calls_channel" FOREIGN KEY ("channel_id","user_id","client_id") REFERENCES "channels"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "channel_definitions" ADD CONSTRAINT "channel_definitions_budget_scope" CHECK ("budget_scope" in ('RESOURCE', 'ACCOUNT', 'CONSENT'));--> statement-breakpoint
ALTER TABLE "channel_definitions" ADD CONSTRAINT "channel_definitions_budget_window" CHECK ("budget_window" in ('ROLLING_DAY', 'BANK_DAY'));--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_next_sync_reason" CHECK ("next_sync_reason" in ('DAILY', 'RETRY', 'BUDGET'));--> statement-breakpoint
ALTER TABLE "consents" DROP CONSTRAINT "consents_status", ADD CONSTRAINT "consents_status" CHECK ("status" in ('PENDING', 'ACTIVE', 'EXPIRING', 'EXPIRED', 'REVOKED', 'REJECTED', 'REPLACED'));--> statement-breakpoint
ALTER TABLE "unattended_calls" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "unattended_calls" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
