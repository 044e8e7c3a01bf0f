DROP INDEX "transactions_account";--> statement-breakpoint
CREATE INDEX "transactions_account" ON "transactions" ("account_id","user_id","dated_on","id");