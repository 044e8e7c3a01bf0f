CREATE INDEX "transactions_settlements" ON "transactions" ("account_id","user_id","dated_on") WHERE "type" = 'CREDIT_CARD_PAYMENT';--> statement-breakpoint
-- Nothing is gained by compressing what is read once, minutes later.
ALTER TABLE "spooled_entries" ALTER COLUMN "entries" SET STORAGE EXTERNAL;
