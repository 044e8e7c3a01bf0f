CREATE TABLE "accounts" (
	"id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"bank_account_id" text NOT NULL,
	"iban" text,
	"masked_pan" text,
	"other_identification" text,
	"bic" text,
	"currency" text NOT NULL,
	"name" text NOT NULL,
	"owner_name" text,
	"product" text,
	"type" text NOT NULL,
	"usage" text,
	"status" text NOT NULL,
	"failure" jsonb,
	"balance_amount" numeric,
	"balance_type" text,
	"balance_at" timestamp(3) with time zone,
	"covered_from" date,
	"last_synced_at" timestamp(3) with time zone,
	"deleted_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "accounts_pkey" PRIMARY KEY("id","user_id"),
	CONSTRAINT "accounts_type" CHECK ("type" in ('CHECKINGS', 'SAVINGS', 'LOAN', 'CREDIT_CARD')),
	CONSTRAINT "accounts_usage" CHECK ("usage" in ('PERSONAL', 'PROFESSIONAL')),
	CONSTRAINT "accounts_status" CHECK ("status" in ('ACTIVE', 'ERROR', 'NOT_FOUND', 'CLOSED', 'SUSPENDED', 'PENDING_CONSENT', 'MANUAL'))
);
--> statement-breakpoint
CREATE TABLE "balances" (
	"account_id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"type" text NOT NULL,
	"bank_type" text,
	"amount" numeric NOT NULL,
	"currency" text,
	"reference_on" date,
	"changed_at" timestamp(3) with time zone,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "balances_pkey" PRIMARY KEY("account_id","user_id","bank_type","currency"),
	CONSTRAINT "balances_type" CHECK ("type" in ('INTERIM_BOOKED', 'CLOSING_BOOKED', 'OPENING_BOOKED', 'EXPECTED', 'INTERIM_AVAILABLE', 'FORWARD_AVAILABLE', 'NON_INVOICED', 'OTHER'))
);
--> statement-breakpoint
CREATE TABLE "categories" (
	"key" text PRIMARY KEY,
	"parent_key" text,
	"label_en" text NOT NULL,
	"label_fr" text NOT NULL,
	"position" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"sync_id" text COLLATE "C" NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"prompt" text NOT NULL,
	"options" jsonb DEFAULT '[]' NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone,
	CONSTRAINT "challenges_pkey" PRIMARY KEY("id","user_id"),
	CONSTRAINT "challenges_kind" CHECK ("kind" in ('REDIRECT', 'OTP', 'CHOICE', 'APP_APPROVAL', 'QUESTION', 'ACT_AT_BANK')),
	CONSTRAINT "challenges_status" CHECK ("status" in ('OPEN', 'ANSWERED', 'EXPIRED', 'CANCELLED'))
);
--> statement-breakpoint
CREATE TABLE "channel_definitions" (
	"id" text COLLATE "C" PRIMARY KEY,
	"provider_id" text COLLATE "C" NOT NULL,
	"kind" text NOT NULL,
	"dialect" text NOT NULL,
	"base_url" text NOT NULL,
	"time_zone" text DEFAULT 'Europe/Paris' NOT NULL,
	"quirks" jsonb DEFAULT '{}' NOT NULL,
	"account_types" text[] NOT NULL,
	"credential_fields" jsonb DEFAULT '[]' NOT NULL,
	"consent_validity_days" integer DEFAULT 180 NOT NULL,
	"unattended_calls_per_day" integer DEFAULT 4 NOT NULL,
	"history_days" integer DEFAULT 90 NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	CONSTRAINT "channel_definitions_kind" CHECK ("kind" in ('REDIRECT', 'EMBEDDED'))
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"channel_definition_id" text COLLATE "C" NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"failure" jsonb,
	"sealed_session" bytea,
	"sealed_credentials" bytea,
	"last_synced_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "channels_pkey" PRIMARY KEY("id","user_id"),
	CONSTRAINT "channels_kind" CHECK ("kind" in ('REDIRECT', 'EMBEDDED')),
	CONSTRAINT "channels_status" CHECK ("status" in ('AUTHORIZING', 'ACTIVE', 'ACTION_REQUIRED', 'ERROR', 'EMPTY'))
);
--> statement-breakpoint
CREATE TABLE "clients" (
	"id" text COLLATE "C" PRIMARY KEY,
	"oauth_client_id" text NOT NULL,
	"name" text NOT NULL,
	"secret_hashes" text[] DEFAULT '{}'::text[] NOT NULL,
	"permissions" text[] DEFAULT '{}'::text[] NOT NULL,
	"is_client_mode_allowed" boolean DEFAULT false NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"disabled_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"provider_id" text COLLATE "C" NOT NULL,
	"status" text NOT NULL,
	"last_sync_status" text DEFAULT 'NONE' NOT NULL,
	"failure" jsonb,
	"is_auto_sync" boolean DEFAULT true NOT NULL,
	"last_synced_at" timestamp(3) with time zone,
	"next_sync_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "connections_pkey" PRIMARY KEY("id","user_id"),
	CONSTRAINT "connections_status" CHECK ("status" in ('AUTHORIZING', 'ACTIVE', 'ACTION_REQUIRED', 'SUSPENDED', 'CLOSED')),
	CONSTRAINT "connections_last_sync_status" CHECK ("last_sync_status" in ('NONE', 'RUNNING', 'SUCCESS', 'PARTIAL_SUCCESS', 'FAILED'))
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"status" text NOT NULL,
	"bank_consent_id" text,
	"state_hash" text,
	"authorization_url" text,
	"redirect_url" text,
	"sealed_session" bytea,
	"frequency_per_day" integer NOT NULL,
	"valid_until" date NOT NULL,
	"authorization_expires_at" timestamp(3) with time zone,
	"authorized_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"failure" jsonb,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "consents_pkey" PRIMARY KEY("id","user_id"),
	CONSTRAINT "consents_status" CHECK ("status" in ('PENDING', 'ACTIVE', 'EXPIRING', 'EXPIRED', 'REVOKED', 'REJECTED'))
);
--> statement-breakpoint
CREATE TABLE "consumers" (
	"id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"name" text NOT NULL,
	"types" text[] DEFAULT '{}'::text[] NOT NULL,
	"cursor" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "data_keys" (
	"user_id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"key_id" text NOT NULL,
	"wrapped_key" bytea NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_streams" (
	"user_id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"sequence" bigint NOT NULL
);
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
	CONSTRAINT "events_pkey" PRIMARY KEY("user_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"client_id" text COLLATE "C",
	"subject" text,
	"key" text,
	"operation" text NOT NULL,
	"request_hash" text NOT NULL,
	"outcome" jsonb,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("client_id","subject","key")
);
--> statement-breakpoint
CREATE TABLE "oauth_keys" (
	"kid" text PRIMARY KEY,
	"public_jwk" jsonb NOT NULL,
	"sealed_private_jwk" bytea NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"retired_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "oauth_records" (
	"model" text,
	"id" text,
	"grant_id" text,
	"uid" text,
	"payload" jsonb NOT NULL,
	"consumed_at" timestamp(3) with time zone,
	"expires_at" timestamp(3) with time zone,
	CONSTRAINT "oauth_records_pkey" PRIMARY KEY("model","id")
);
--> statement-breakpoint
CREATE TABLE "providers" (
	"id" text COLLATE "C" PRIMARY KEY,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"bic" text,
	"logo_url" text,
	"website_url" text,
	"is_test" boolean DEFAULT false NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_steps" (
	"sync_id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"position" integer,
	"kind" text NOT NULL,
	"channel_id" text COLLATE "C",
	"account_id" text COLLATE "C",
	"status" text NOT NULL,
	"counts" jsonb DEFAULT '{"created":0,"updated":0,"voided":0,"unchanged":0}' NOT NULL,
	"failure" jsonb,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	CONSTRAINT "sync_steps_pkey" PRIMARY KEY("sync_id","user_id","position"),
	CONSTRAINT "sync_steps_kind" CHECK ("kind" in ('CHECK_CONSENT', 'LIST_ACCOUNTS', 'READ_ACCOUNT', 'CHECK_BOOKS')),
	CONSTRAINT "sync_steps_status" CHECK ("status" in ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'SKIPPED'))
);
--> statement-breakpoint
CREATE TABLE "syncs" (
	"id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"type" text NOT NULL,
	"trigger" text NOT NULL,
	"status" text NOT NULL,
	"progress_percent" integer DEFAULT 0 NOT NULL,
	"counts" jsonb DEFAULT '{"created":0,"updated":0,"voided":0,"unchanged":0}' NOT NULL,
	"failure" jsonb,
	"psu" jsonb,
	"attempt" integer DEFAULT 0 NOT NULL,
	"lease_expires_at" timestamp(3) with time zone,
	"requested_at" timestamp(3) with time zone NOT NULL,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	CONSTRAINT "syncs_pkey" PRIMARY KEY("id","user_id"),
	CONSTRAINT "syncs_type" CHECK ("type" in ('ALL', 'LIST_ACCOUNTS')),
	CONSTRAINT "syncs_trigger" CHECK ("trigger" in ('INITIAL', 'SCHEDULED', 'ON_DEMAND')),
	CONSTRAINT "syncs_status" CHECK ("status" in ('QUEUED', 'RUNNING', 'WAITING_FOR_USER', 'SUCCEEDED', 'PARTIALLY_SUCCEEDED', 'FAILED', 'ACTION_REQUIRED', 'CANCELLED'))
);
--> statement-breakpoint
CREATE TABLE "transactions" (
	"id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"status" text NOT NULL,
	"type" text NOT NULL,
	"amount" numeric NOT NULL,
	"currency" text NOT NULL,
	"dated_on" date NOT NULL,
	"booked_on" date,
	"value_on" date,
	"transacted_on" date,
	"label" text NOT NULL,
	"label_source" text DEFAULT 'PROVIDER' NOT NULL,
	"bank_text" text NOT NULL,
	"counterparty_name" text,
	"counterparty_iban" text,
	"merchant_category_code" text,
	"bank_transaction_code" text,
	"bank_transaction_id" text,
	"entry_reference" text,
	"end_to_end_id" text,
	"mandate_id" text,
	"creditor_id" text,
	"check_id" text,
	"category_key" text DEFAULT 'UNCATEGORISED' NOT NULL,
	"category_source" text,
	"notes" text,
	"void_reason" text,
	"superseded_by" text COLLATE "C",
	"matched_on" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "transactions_pkey" PRIMARY KEY("id","user_id"),
	CONSTRAINT "transactions_status" CHECK ("status" in ('PENDING', 'BOOKED', 'VOID')),
	CONSTRAINT "transactions_type" CHECK ("type" in ('CREDIT', 'DEBIT', 'INTEREST', 'DIVIDEND', 'BANK_FEE', 'DEPOSIT', 'ATM', 'POINT_OF_SALE', 'CREDIT_CARD_PAYMENT', 'INTERNAL_TRANSFER', 'POTENTIAL_TRANSFER', 'CHECK', 'ELECTRONIC_PAYMENT', 'CASH', 'DIRECT_DEPOSIT', 'DIRECT_DEBIT', 'REPEATING_PAYMENT', 'OTHER')),
	CONSTRAINT "transactions_category_source" CHECK ("category_source" in ('USER', 'USER_RULE', 'CLIENT_RULE', 'MODEL', 'PROVIDER')),
	CONSTRAINT "transactions_label_source" CHECK ("label_source" in ('USER', 'USER_RULE', 'CLIENT_RULE', 'MODEL', 'PROVIDER')),
	CONSTRAINT "transactions_void_reason" CHECK ("void_reason" in ('VANISHED', 'EXPIRED', 'BANK_CORRECTION', 'DUPLICATE'))
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"locale" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "accounts_connection" ON "accounts" ("connection_id","created_at","id");--> statement-breakpoint
CREATE INDEX "accounts_channel" ON "accounts" ("channel_id");--> statement-breakpoint
CREATE INDEX "accounts_user" ON "accounts" ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "accounts_client" ON "accounts" ("client_id","created_at","id");--> statement-breakpoint
CREATE INDEX "challenges_sync" ON "challenges" ("sync_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "channel_definitions_provider_kind" ON "channel_definitions" ("provider_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "channels_connection_kind" ON "channels" ("connection_id","kind","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "clients_oauth_client_id" ON "clients" ("oauth_client_id");--> statement-breakpoint
CREATE INDEX "connections_user" ON "connections" ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "connections_client" ON "connections" ("client_id","created_at","id");--> statement-breakpoint
CREATE INDEX "connections_due" ON "connections" ("next_sync_at") WHERE "next_sync_at" is not null;--> statement-breakpoint
CREATE INDEX "consents_connection" ON "consents" ("connection_id","created_at");--> statement-breakpoint
CREATE INDEX "consents_user" ON "consents" ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "consents_client" ON "consents" ("client_id","created_at","id");--> statement-breakpoint
CREATE INDEX "consents_state" ON "consents" ("state_hash") WHERE "state_hash" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "consumers_client_name" ON "consumers" ("client_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "events_id" ON "events" ("id");--> statement-breakpoint
CREATE INDEX "events_user_place" ON "events" ("user_id","xid","position");--> statement-breakpoint
CREATE INDEX "events_client_place" ON "events" ("client_id","xid","position");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" ("created_at");--> statement-breakpoint
CREATE INDEX "oauth_records_grant" ON "oauth_records" ("grant_id");--> statement-breakpoint
CREATE INDEX "oauth_records_uid" ON "oauth_records" ("uid");--> statement-breakpoint
CREATE INDEX "oauth_records_expires" ON "oauth_records" ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "providers_slug" ON "providers" ("slug");--> statement-breakpoint
CREATE INDEX "providers_name" ON "providers" ("name","id");--> statement-breakpoint
CREATE INDEX "providers_bic" ON "providers" ("bic");--> statement-breakpoint
CREATE UNIQUE INDEX "syncs_one_open" ON "syncs" ("connection_id","user_id") WHERE "status" in ('QUEUED', 'RUNNING', 'WAITING_FOR_USER');--> statement-breakpoint
CREATE INDEX "syncs_connection" ON "syncs" ("connection_id","requested_at","id");--> statement-breakpoint
CREATE INDEX "syncs_lease" ON "syncs" ("lease_expires_at") WHERE "status" = 'RUNNING';--> statement-breakpoint
CREATE INDEX "transactions_account" ON "transactions" ("account_id","dated_on","id");--> statement-breakpoint
CREATE INDEX "transactions_user" ON "transactions" ("user_id","dated_on","id");--> statement-breakpoint
CREATE INDEX "transactions_client" ON "transactions" ("client_id","dated_on","id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_client_email" ON "users" ("client_id",lower("email"));--> statement-breakpoint
CREATE INDEX "users_client_created" ON "users" ("client_id","created_at","id");--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_connection" FOREIGN KEY ("connection_id","user_id") REFERENCES "connections"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_channel" FOREIGN KEY ("channel_id","user_id") REFERENCES "channels"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "balances" ADD CONSTRAINT "balances_account" FOREIGN KEY ("account_id","user_id") REFERENCES "accounts"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "categories" ADD CONSTRAINT "categories_parent_key_categories_key_fkey" FOREIGN KEY ("parent_key") REFERENCES "categories"("key");--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_sync" FOREIGN KEY ("sync_id","user_id") REFERENCES "syncs"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_channel" FOREIGN KEY ("channel_id","user_id") REFERENCES "channels"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "channel_definitions" ADD CONSTRAINT "channel_definitions_provider_id_providers_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "providers"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_channel_definition_id_channel_definitions_id_fkey" FOREIGN KEY ("channel_definition_id") REFERENCES "channel_definitions"("id");--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_connection" FOREIGN KEY ("connection_id","user_id") REFERENCES "connections"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_provider_id_providers_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "providers"("id");--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_channel" FOREIGN KEY ("channel_id","user_id") REFERENCES "channels"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "consumers" ADD CONSTRAINT "consumers_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "data_keys" ADD CONSTRAINT "data_keys_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sync_steps" ADD CONSTRAINT "sync_steps_sync" FOREIGN KEY ("sync_id","user_id") REFERENCES "syncs"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "syncs" ADD CONSTRAINT "syncs_connection" FOREIGN KEY ("connection_id","user_id") REFERENCES "connections"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_category_key_categories_key_fkey" FOREIGN KEY ("category_key") REFERENCES "categories"("key");--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_account" FOREIGN KEY ("account_id","user_id") REFERENCES "accounts"("id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;