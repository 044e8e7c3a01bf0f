ALTER TABLE "accounts" ADD COLUMN "label" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "decided_usage" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_decided_usage" CHECK ("decided_usage" in ('PERSONAL', 'PROFESSIONAL'));