CREATE TABLE "queue_consumers" (
	"queue_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"name" text,
	"cursor" text NOT NULL,
	"acknowledged_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "queue_consumers_pkey" PRIMARY KEY("queue_id","name")
);
--> statement-breakpoint
CREATE TABLE "queues" (
	"id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"name" text,
	"types" text[] DEFAULT '{}'::text[] NOT NULL,
	"start_cursor" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "queues_owner" UNIQUE("id","client_id")
);
--> statement-breakpoint
CREATE TABLE "webhook_attempts" (
	"delivery_id" text COLLATE "C",
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"number" integer,
	"started_at" timestamp(3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"status_code" integer,
	"response_milliseconds" integer NOT NULL,
	"snippet" text,
	CONSTRAINT "webhook_attempts_pkey" PRIMARY KEY("delivery_id","number"),
	CONSTRAINT "webhook_attempts_outcome" CHECK ("outcome" in ('SUCCEEDED', 'STATUS_REFUSED', 'REDIRECT_REFUSED', 'ADDRESS_REFUSED', 'CONNECTION_FAILED', 'TLS_FAILED', 'TIMED_OUT'))
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text COLLATE "C" PRIMARY KEY,
	"webhook_id" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"event_id" text COLLATE "C" NOT NULL,
	"stream_id" text COLLATE "C" NOT NULL,
	"xid" xid8 NOT NULL,
	"position" bigint NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(3) with time zone,
	"lease_token" text,
	"leased_until" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"finished_at" timestamp(3) with time zone,
	CONSTRAINT "webhook_deliveries_owner" UNIQUE("id","client_id"),
	CONSTRAINT "webhook_deliveries_kind" CHECK ("kind" in ('LIVE', 'REPLAY', 'TEST')),
	CONSTRAINT "webhook_deliveries_status" CHECK ("status" in ('PENDING', 'SUCCEEDED', 'FAILED'))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text COLLATE "C" PRIMARY KEY,
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"url" text NOT NULL,
	"description" text,
	"types" text[] DEFAULT '{}'::text[] NOT NULL,
	"is_ordered" boolean DEFAULT false NOT NULL,
	"status" text NOT NULL,
	"disabled_reason" text,
	"disabled_at" timestamp(3) with time zone,
	"sealed_secret" bytea NOT NULL,
	"public_key" text NOT NULL,
	"sealed_previous_secret" bytea,
	"previous_public_key" text,
	"previous_secret_expires_at" timestamp(3) with time zone,
	"sealed_client_certificate" bytea,
	"client_certificate_expires_at" timestamp(3) with time zone,
	"after_xid" xid8 NOT NULL,
	"after_position" bigint NOT NULL,
	"consecutive_failures" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp(3) with time zone,
	"circuit_open_until" timestamp(3) with time zone,
	"circuit_openings" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "webhooks_owner" UNIQUE("id","client_id"),
	CONSTRAINT "webhooks_status" CHECK ("status" in ('ENABLED', 'DISABLED')),
	CONSTRAINT "webhooks_disabled_reason" CHECK ("disabled_reason" in ('REQUESTED', 'KEEPS_FAILING', 'GONE'))
);
--> statement-breakpoint
CREATE INDEX "queues_client" ON "queues" ("client_id","created_at","id");--> statement-breakpoint
CREATE INDEX "queues_user" ON "queues" ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_live" ON "webhook_deliveries" ("webhook_id","event_id") WHERE "kind" = 'LIVE';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" ("webhook_id","next_attempt_at") WHERE "status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_stream" ON "webhook_deliveries" ("webhook_id","stream_id","xid","position") WHERE "status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_list" ON "webhook_deliveries" ("webhook_id","created_at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_finished" ON "webhook_deliveries" ("finished_at");--> statement-breakpoint
CREATE INDEX "webhooks_client" ON "webhooks" ("client_id","created_at","id");--> statement-breakpoint
CREATE INDEX "webhooks_user" ON "webhooks" ("user_id");--> statement-breakpoint
ALTER TABLE "queue_consumers" ADD CONSTRAINT "queue_consumers_queue" FOREIGN KEY ("queue_id","client_id") REFERENCES "queues"("id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_user" FOREIGN KEY ("user_id","client_id") REFERENCES "users"("id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_delivery" FOREIGN KEY ("delivery_id","client_id") REFERENCES "webhook_deliveries"("id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook" FOREIGN KEY ("webhook_id","client_id") REFERENCES "webhooks"("id","client_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_client_id_clients_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_user" FOREIGN KEY ("user_id","client_id") REFERENCES "users"("id","client_id") ON DELETE CASCADE;