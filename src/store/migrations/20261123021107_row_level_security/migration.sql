-- The second wall: for any role but the owner of the tables, rows are there only within `tributary.client_id` and, where
-- it is set, `tributary.user_id`; without a setting there are none. The program itself connects as the owner, whose wall
-- is the scope in every statement. Settings are read once for a statement (the subselects), not once for a row.
ALTER TABLE "accounts" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "accounts" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "balances" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "balances" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "challenges" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "challenges" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "channels" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "channels" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "connections" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "connections" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "consents" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "consents" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "queue_consumers" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "queue_consumers" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "data_keys" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "data_keys" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "event_streams" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "event_streams" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "events" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "events" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "queues" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "queues" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "sync_steps" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "sync_steps" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "syncs" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "syncs" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "transactions" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "transactions" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "users" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "webhook_attempts" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "webhook_attempts" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "webhook_deliveries" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
--> statement-breakpoint
ALTER TABLE "webhooks" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "in_scope" ON "webhooks" USING (
	client_id = (SELECT current_setting('tributary.client_id', true))
	AND ((SELECT coalesce(current_setting('tributary.user_id', true), '')) = ''
		OR user_id = (SELECT current_setting('tributary.user_id', true)))
);
