CREATE TABLE "campaigns"."orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"customer_id" uuid NOT NULL,
	"status" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP TABLE "campaigns"."totals" CASCADE;--> statement-breakpoint
ALTER TABLE "campaigns"."customers" ADD COLUMN "concession_id" uuid;--> statement-breakpoint
CREATE INDEX "orders_of_customer" ON "campaigns"."orders" USING btree ("customer_id","currency");--> statement-breakpoint
-- The customers that are known already are read again, with their concessions.
UPDATE "campaigns"."customers" SET "version" = 0;--> statement-breakpoint
DELETE FROM "campaigns"."mirrors" WHERE "mirror" = 'crm.customer';
