ALTER TABLE "commerce"."customers" ADD COLUMN "concession_id" uuid;--> statement-breakpoint
-- The customers that are known already are read again, with their concessions.
UPDATE "commerce"."customers" SET "version" = 0;--> statement-breakpoint
DELETE FROM "commerce"."mirrors" WHERE "mirror" = 'crm.customer';
