ALTER TABLE "clients" ADD COLUMN "terms_version" text DEFAULT '1' NOT NULL;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "terms_url" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "accepted_terms_version" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "accepted_terms_at" timestamp(3) with time zone;