CREATE TABLE "audit_entries" (
	"client_id" text COLLATE "C",
	"sequence" bigint,
	"occurred_at" timestamp(3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"action" text NOT NULL,
	"subject" jsonb NOT NULL,
	"network" inet,
	"result" text NOT NULL,
	"previous_hash" bytea,
	"hash" bytea NOT NULL,
	CONSTRAINT "audit_entries_pkey" PRIMARY KEY("client_id","sequence"),
	CONSTRAINT "audit_entries_actor_kind" CHECK ("actor_kind" in ('CLIENT', 'USER', 'OPERATOR', 'SYSTEM'))
);
--> statement-breakpoint
CREATE TABLE "rate_windows" (
	"subject" text,
	"window_start" timestamp(3) with time zone,
	"used" integer NOT NULL,
	CONSTRAINT "rate_windows_pkey" PRIMARY KEY("subject","window_start")
);
--> statement-breakpoint
ALTER TABLE "connections" DROP CONSTRAINT "connections_user_id_users_id_fkey";--> statement-breakpoint
ALTER TABLE "data_keys" DROP CONSTRAINT "data_keys_user_id_users_id_fkey";--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_owner" UNIQUE("id","user_id","client_id");--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_owner" UNIQUE("id","user_id","client_id");--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_owner" UNIQUE("id","user_id","client_id");--> statement-breakpoint
ALTER TABLE "syncs" ADD CONSTRAINT "syncs_owner" UNIQUE("id","user_id","client_id");--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_owner" UNIQUE("id","client_id");--> statement-breakpoint
CREATE INDEX "audit_entries_occurred" ON "audit_entries" ("client_id","occurred_at");--> statement-breakpoint
CREATE INDEX "rate_windows_start" ON "rate_windows" ("window_start");--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_user" FOREIGN KEY ("user_id","client_id") REFERENCES "users"("id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "data_keys" ADD CONSTRAINT "data_keys_user" FOREIGN KEY ("user_id","client_id") REFERENCES "users"("id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_connection", ADD CONSTRAINT "accounts_connection" FOREIGN KEY ("connection_id","user_id","client_id") REFERENCES "connections"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_channel", ADD CONSTRAINT "accounts_channel" FOREIGN KEY ("channel_id","user_id","client_id") REFERENCES "channels"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "balances" DROP CONSTRAINT "balances_account", ADD CONSTRAINT "balances_account" FOREIGN KEY ("account_id","user_id","client_id") REFERENCES "accounts"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "challenges" DROP CONSTRAINT "challenges_sync", ADD CONSTRAINT "challenges_sync" FOREIGN KEY ("sync_id","user_id","client_id") REFERENCES "syncs"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "challenges" DROP CONSTRAINT "challenges_channel", ADD CONSTRAINT "challenges_channel" FOREIGN KEY ("channel_id","user_id","client_id") REFERENCES "channels"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "channels" DROP CONSTRAINT "channels_connection", ADD CONSTRAINT "channels_connection" FOREIGN KEY ("connection_id","user_id","client_id") REFERENCES "connections"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "consents" DROP CONSTRAINT "consents_channel", ADD CONSTRAINT "consents_channel" FOREIGN KEY ("channel_id","user_id","client_id") REFERENCES "channels"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sync_steps" DROP CONSTRAINT "sync_steps_sync", ADD CONSTRAINT "sync_steps_sync" FOREIGN KEY ("sync_id","user_id","client_id") REFERENCES "syncs"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "syncs" DROP CONSTRAINT "syncs_connection", ADD CONSTRAINT "syncs_connection" FOREIGN KEY ("connection_id","user_id","client_id") REFERENCES "connections"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "transactions" DROP CONSTRAINT "transactions_account", ADD CONSTRAINT "transactions_account" FOREIGN KEY ("account_id","user_id","client_id") REFERENCES "accounts"("id","user_id","client_id") ON DELETE CASCADE;--> statement-breakpoint
-- What the hash of an entry covers. jsonb and to_char write the same text under every setting.
CREATE FUNCTION "audit_content"("entry" "audit_entries") RETURNS text LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_array(
		entry.client_id, entry.sequence, to_char(entry.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		entry.actor_kind, entry.actor_id, entry.action, entry.subject, host(entry.network), entry.result,
		encode(entry.previous_hash, 'hex')
	)::text
$$;
--> statement-breakpoint
-- Numbers and links a new entry. The lock lasts until the commit: the entries of a client become visible in their order.
CREATE FUNCTION "audit_chain"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	last record;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('tributary audit ' || new.client_id, 0));
	SELECT sequence, hash INTO last FROM audit_entries
		WHERE client_id = new.client_id ORDER BY sequence DESC LIMIT 1;
	new.sequence := coalesce(last.sequence, 0) + 1;
	new.previous_hash := last.hash;
	new.network := network(set_masklen(new.network, CASE family(new.network) WHEN 4 THEN 24 ELSE 48 END));
	new.hash := sha256(convert_to(audit_content(new), 'UTF8'));
	RETURN new;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "audit_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'The audit log is append-only: % is refused.', lower(tg_op);
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_chain" BEFORE INSERT ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION "audit_chain"();
--> statement-breakpoint
CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION "audit_append_only"();
--> statement-breakpoint
CREATE TRIGGER "audit_no_truncate" BEFORE TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION "audit_append_only"();
