CREATE TYPE "campaigns"."campaign_channel" AS ENUM('EMAIL');--> statement-breakpoint
CREATE TYPE "campaigns"."campaign_status" AS ENUM('DRAFT', 'ACTIVE', 'PAUSED', 'COMPLETED');--> statement-breakpoint
CREATE TYPE "campaigns"."message_status" AS ENUM('PENDING', 'SENT', 'DELIVERED', 'FAILED', 'SKIPPED');--> statement-breakpoint
CREATE TABLE "campaigns"."audience" (
	"campaign_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	CONSTRAINT "audience_campaign_id_customer_id_pk" PRIMARY KEY("campaign_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "campaigns"."campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"name" text NOT NULL,
	"status" "campaigns"."campaign_status" NOT NULL,
	"channel" "campaigns"."campaign_channel" NOT NULL,
	"subject" text NOT NULL,
	"template" text NOT NULL,
	"amount" bigint,
	"currency" text,
	"starts_at" timestamp (3) with time zone,
	"ends_at" timestamp (3) with time zone,
	"audience_size" integer NOT NULL,
	"audience_set_at" timestamp (3) with time zone NOT NULL,
	"launched_at" timestamp (3) with time zone,
	"completed_at" timestamp (3) with time zone,
	"created_by_id" uuid,
	"search" text GENERATED ALWAYS AS (campaigns.fold(coalesce(name, '') || ' ' || coalesce(subject, ''))) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaigns"."customers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"owner_id" uuid
);
--> statement-breakpoint
CREATE TABLE "campaigns"."messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"campaign_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"channel" "campaigns"."campaign_channel" NOT NULL,
	"status" "campaigns"."message_status" NOT NULL,
	"recipient" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"claimed_until" timestamp (3) with time zone,
	"sent_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"failure_reason" text
);
--> statement-breakpoint
CREATE TABLE "campaigns"."progress" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"campaign_id" uuid NOT NULL,
	"pending" integer NOT NULL,
	"sent" integer NOT NULL,
	"delivered" integer NOT NULL,
	"failed" integer NOT NULL,
	"skipped" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "campaigns"."audience" ADD CONSTRAINT "audience_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns"."messages" ADD CONSTRAINT "messages_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns"."progress" ADD CONSTRAINT "progress_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaigns_newest" ON "campaigns"."campaigns" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_last_changed" ON "campaigns"."campaigns" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_by_name" ON "campaigns"."campaigns" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "campaigns_by_start" ON "campaigns"."campaigns" USING btree (coalesce("starts_at", 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "campaigns_by_status" ON "campaigns"."campaigns" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "campaigns_search" ON "campaigns"."campaigns" USING gin ("search" public.gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "customers_of_owner" ON "campaigns"."customers" USING btree ("owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_customer_unique" ON "campaigns"."messages" USING btree ("campaign_id","customer_id");--> statement-breakpoint
CREATE INDEX "messages_of_campaign" ON "campaigns"."messages" USING btree ("campaign_id","created_at","id");--> statement-breakpoint
CREATE INDEX "messages_of_customer" ON "campaigns"."messages" USING btree ("customer_id","created_at","id");--> statement-breakpoint
CREATE INDEX "messages_by_status" ON "campaigns"."messages" USING btree ("campaign_id","status");--> statement-breakpoint
CREATE INDEX "messages_pending" ON "campaigns"."messages" USING btree ("campaign_id","claimed_until") WHERE "campaigns"."messages"."status" = 'PENDING';--> statement-breakpoint
CREATE UNIQUE INDEX "progress_campaign_unique" ON "campaigns"."progress" USING btree ("campaign_id");