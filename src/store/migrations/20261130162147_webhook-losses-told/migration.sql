ALTER TABLE "webhooks" ADD COLUMN "told_xid" xid8 DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "told_position" bigint DEFAULT 0 NOT NULL;