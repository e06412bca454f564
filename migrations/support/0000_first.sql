CREATE TYPE "support"."reply_visibility" AS ENUM('PUBLIC', 'INTERNAL');--> statement-breakpoint
CREATE TYPE "support"."ticket_priority" AS ENUM('LOW', 'NORMAL', 'HIGH', 'URGENT');--> statement-breakpoint
CREATE TYPE "support"."ticket_status" AS ENUM('OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED');--> statement-breakpoint
CREATE SEQUENCE "support"."ticket_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1001 CACHE 1;--> statement-breakpoint
CREATE TABLE "support"."customers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"owner_id" uuid
);
--> statement-breakpoint
CREATE TABLE "support"."replies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"ticket_id" uuid NOT NULL,
	"visibility" "support"."reply_visibility" NOT NULL,
	"body" text NOT NULL,
	"author_id" uuid
);
--> statement-breakpoint
CREATE TABLE "support"."tickets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"deleted_at" timestamp (3) with time zone,
	"number" text DEFAULT 'T-' || nextval('support.ticket_numbers') NOT NULL,
	"customer_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"status" "support"."ticket_status" NOT NULL,
	"priority" "support"."ticket_priority" NOT NULL,
	"assignee_id" uuid,
	"created_by_id" uuid,
	"first_responded_at" timestamp (3) with time zone,
	"last_replied_at" timestamp (3) with time zone,
	"snoozed_until" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"reopened_at" timestamp (3) with time zone,
	"reopen_count" integer DEFAULT 0 NOT NULL,
	"search" text GENERATED ALWAYS AS (support.fold(coalesce(number, '') || ' ' || coalesce(subject, ''))) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "support"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "support"."replies" ADD CONSTRAINT "replies_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "support"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "replies_of_ticket" ON "support"."replies" USING btree ("ticket_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number_unique" ON "support"."tickets" USING btree ("number");--> statement-breakpoint
CREATE INDEX "tickets_newest" ON "support"."tickets" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "tickets_last_changed" ON "support"."tickets" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "tickets_by_priority" ON "support"."tickets" USING btree ("priority","id");--> statement-breakpoint
CREATE INDEX "tickets_of_assignee" ON "support"."tickets" USING btree ("assignee_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tickets_of_customer" ON "support"."tickets" USING btree ("customer_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tickets_search" ON "support"."tickets" USING gin ("search" public.gin_trgm_ops);