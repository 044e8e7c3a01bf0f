CREATE TABLE "applications" (
	"id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"name" text NOT NULL,
	"authentication_method" text DEFAULT 'client_secret' NOT NULL,
	"secret_hashes" text[] DEFAULT '{}'::text[] NOT NULL,
	"old_secrets_expire_at" timestamp(3) with time zone,
	"jwks" jsonb,
	"tls_subject_dn" text,
	"permissions" text[] DEFAULT '{}'::text[] NOT NULL,
	"redirect_uris" text[] NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"disabled_at" timestamp(3) with time zone,
	CONSTRAINT "applications_authentication_method" CHECK ("authentication_method" in ('client_secret', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'))
);
--> statement-breakpoint
CREATE TABLE "known_addresses" (
	"account" text,
	"address" text,
	"expires_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "known_addresses_pkey" PRIMARY KEY("account","address")
);
--> statement-breakpoint
CREATE TABLE "login_throttles" (
	"account" text,
	"address" text,
	"failures" integer NOT NULL,
	"blocked_until" timestamp(3) with time zone,
	"expires_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "login_throttles_pkey" PRIMARY KEY("account","address")
);
--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "authentication_method" text DEFAULT 'client_secret' NOT NULL;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "old_secrets_expire_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "jwks" jsonb;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "tls_subject_dn" text;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "redirect_urls" text[];--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "widget_origins" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "provider_slugs" text[];--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "webhooks_max" integer DEFAULT 10 NOT NULL;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "must_accept_terms" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_keys" ADD COLUMN "signs_from" timestamp(3) with time zone;--> statement-breakpoint
UPDATE "oauth_keys" SET "signs_from" = "created_at";--> statement-breakpoint
ALTER TABLE "oauth_keys" ALTER COLUMN "signs_from" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_records" ADD COLUMN "account_id" text;--> statement-breakpoint
CREATE INDEX "applications_client" ON "applications" ("client_id","created_at","id");--> statement-breakpoint
CREATE INDEX "known_addresses_expires" ON "known_addresses" ("expires_at");--> statement-breakpoint
CREATE INDEX "login_throttles_expires" ON "login_throttles" ("expires_at");--> statement-breakpoint
CREATE INDEX "oauth_records_account" ON "oauth_records" ("account_id");--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "clients" ADD CONSTRAINT "clients_authentication_method" CHECK ("authentication_method" in ('client_secret', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'));