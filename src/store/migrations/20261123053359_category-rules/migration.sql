CREATE TABLE "category_rules" (
	"id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"text" text NOT NULL,
	"direction" text,
	"category_key" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "category_rules_direction" CHECK ("direction" in ('IN', 'OUT'))
);
--> statement-breakpoint
CREATE INDEX "category_rules_client" ON "category_rules" ("client_id","created_at","id");--> statement-breakpoint
CREATE INDEX "category_rules_owner" ON "category_rules" ("client_id","user_id");--> statement-breakpoint
ALTER TABLE "category_rules" ADD CONSTRAINT "category_rules_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "category_rules" ADD CONSTRAINT "category_rules_category_key_categories_key_fkey" FOREIGN KEY ("category_key") REFERENCES "categories"("key");--> statement-breakpoint
ALTER TABLE "category_rules" ADD CONSTRAINT "category_rules_user" FOREIGN KEY ("user_id","client_id") REFERENCES "users"("id","client_id") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "category_rules" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "category_rules" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
