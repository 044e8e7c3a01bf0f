ALTER TABLE "transactions" ADD COLUMN "original_amount" numeric;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "original_currency" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "exchange_rate" numeric;