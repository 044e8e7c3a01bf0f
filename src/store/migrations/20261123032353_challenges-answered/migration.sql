ALTER TABLE "challenges" ADD COLUMN "details" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "outcome" text;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "sealed_session" bytea;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "sealed_answer" bytea;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "state_hash" text;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "account_types" text[];--> statement-breakpoint
ALTER TABLE "syncs" ADD COLUMN "pause_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "syncs" ADD COLUMN "resume_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "options";--> statement-breakpoint
CREATE UNIQUE INDEX "challenges_one_open" ON "challenges" ("sync_id","user_id") WHERE "status" = 'OPEN';--> statement-breakpoint
CREATE INDEX "challenges_state" ON "challenges" ("state_hash") WHERE "state_hash" is not null;--> statement-breakpoint
CREATE INDEX "syncs_resume" ON "syncs" ("resume_at") WHERE "status" = 'WAITING_FOR_USER';--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_outcome" CHECK ("outcome" in ('ACCEPTED', 'REFUSED', 'LOST'));--> statement-breakpoint
ALTER TABLE "sync_steps" DROP CONSTRAINT "sync_steps_kind", ADD CONSTRAINT "sync_steps_kind" CHECK ("kind" in ('CHECK_CONSENT', 'SIGN_IN', 'LIST_ACCOUNTS', 'READ_ACCOUNT', 'CHECK_BOOKS'));