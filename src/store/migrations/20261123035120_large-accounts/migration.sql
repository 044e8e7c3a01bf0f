CREATE UNLOGGED TABLE "spooled_entries" (
	"sync_id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"attempt" integer,
	"booked_on" date,
	"sequence" integer,
	"count" integer NOT NULL,
	"bank_transaction_ids" text[] NOT NULL,
	"entries" text NOT NULL,
	CONSTRAINT "spooled_entries_pkey" PRIMARY KEY("sync_id","user_id","attempt","booked_on","sequence")
);
--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "provider_label" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "model_category_key" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "settled_card_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "spooled_entries" ADD CONSTRAINT "spooled_entries_sync" FOREIGN KEY ("sync_id","user_id","client_id") REFERENCES "syncs"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "spooled_entries" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "spooled_entries" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
