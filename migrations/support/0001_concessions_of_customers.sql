ALTER TABLE "support"."customers" ADD COLUMN "concession_id" uuid;--> statement-breakpoint
-- The customers that are known already are read again, with their concessions.
UPDATE "support"."customers" SET "version" = 0;--> statement-breakpoint
DELETE FROM "support"."mirrors" WHERE "mirror" = 'crm.customer';
