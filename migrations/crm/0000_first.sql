CREATE TYPE "crm"."contact_channel" AS ENUM('EMAIL', 'PHONE', 'SMS', 'POST');--> statement-breakpoint
CREATE TYPE "crm"."customer_status" AS ENUM('LEAD', 'PROSPECT', 'ACTIVE', 'INACTIVE', 'CHURNED');--> statement-breakpoint
CREATE TYPE "crm"."stage_kind" AS ENUM('OPEN', 'WON', 'LOST');--> statement-breakpoint
CREATE TABLE "crm"."companies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"name" text NOT NULL,
	"website" text,
	"search" text GENERATED ALWAYS AS (crm.fold(coalesce(name, ''))) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "crm"."contacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"customer_id" uuid NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"phone" text,
	"title" text,
	"is_primary" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "crm"."customers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"deleted_at" timestamp (3) with time zone,
	"name" text NOT NULL,
	"email" text,
	"phone" text,
	"status" "crm"."customer_status" NOT NULL,
	"contacted" boolean DEFAULT false NOT NULL,
	"contact_preferences" "crm"."contact_channel"[] DEFAULT '{}' NOT NULL,
	"next_follow_up_at" timestamp (3) with time zone,
	"company_id" uuid,
	"owner_id" uuid,
	"tag_ids" uuid[] DEFAULT '{}' NOT NULL,
	"search" text GENERATED ALWAYS AS (crm.fold(coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, ''))) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "crm"."deals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"deleted_at" timestamp (3) with time zone,
	"title" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"status" "crm"."stage_kind" NOT NULL,
	"pipeline_id" uuid NOT NULL,
	"stage_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"owner_id" uuid,
	"probability" integer,
	"expected_close_on" date,
	"closed_at" timestamp (3) with time zone,
	"lost_reason" text,
	"search" text GENERATED ALWAYS AS (crm.fold(coalesce(title, ''))) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "crm"."stage_visits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"deal_id" uuid NOT NULL,
	"stage_id" uuid NOT NULL,
	"entered_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone,
	"moved_by_id" uuid
);
--> statement-breakpoint
CREATE TABLE "crm"."pipelines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"name" text NOT NULL,
	"is_default" boolean NOT NULL,
	"currency" text
);
--> statement-breakpoint
CREATE TABLE "crm"."stages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"pipeline_id" uuid NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"probability" integer NOT NULL,
	"kind" "crm"."stage_kind" NOT NULL,
	"rotting_after_days" integer,
	"allowed_next_ids" uuid[]
);
--> statement-breakpoint
CREATE TABLE "crm"."tags" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"name" text NOT NULL,
	"color" text
);
--> statement-breakpoint
CREATE TABLE "crm"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "crm"."contacts" ADD CONSTRAINT "contacts_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "crm"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."customers" ADD CONSTRAINT "customers_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "crm"."companies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD CONSTRAINT "deals_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "crm"."pipelines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD CONSTRAINT "deals_stage_id_stages_id_fk" FOREIGN KEY ("stage_id") REFERENCES "crm"."stages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD CONSTRAINT "deals_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "crm"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."stage_visits" ADD CONSTRAINT "stage_visits_deal_id_deals_id_fk" FOREIGN KEY ("deal_id") REFERENCES "crm"."deals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."stage_visits" ADD CONSTRAINT "stage_visits_stage_id_stages_id_fk" FOREIGN KEY ("stage_id") REFERENCES "crm"."stages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."stages" ADD CONSTRAINT "stages_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "crm"."pipelines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "companies_newest" ON "crm"."companies" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "companies_by_name" ON "crm"."companies" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "companies_search" ON "crm"."companies" USING gin ("search" public.gin_trgm_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_primary_unique" ON "crm"."contacts" USING btree ("customer_id") WHERE "crm"."contacts"."is_primary";--> statement-breakpoint
CREATE INDEX "contacts_of_customer" ON "crm"."contacts" USING btree ("customer_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "customers_email_unique" ON "crm"."customers" USING btree (lower("email")) WHERE "crm"."customers"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "customers_newest" ON "crm"."customers" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "customers_last_changed" ON "crm"."customers" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "customers_by_name" ON "crm"."customers" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "customers_by_follow_up" ON "crm"."customers" USING btree (coalesce("next_follow_up_at", 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "customers_of_owner" ON "crm"."customers" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "customers_of_company" ON "crm"."customers" USING btree ("company_id");--> statement-breakpoint
CREATE INDEX "customers_tags" ON "crm"."customers" USING gin ("tag_ids");--> statement-breakpoint
CREATE INDEX "customers_search" ON "crm"."customers" USING gin ("search" public.gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "deals_newest" ON "crm"."deals" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "deals_last_changed" ON "crm"."deals" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "deals_by_title" ON "crm"."deals" USING btree ("title","id");--> statement-breakpoint
CREATE INDEX "deals_by_amount" ON "crm"."deals" USING btree ("amount","id");--> statement-breakpoint
CREATE INDEX "deals_by_expected_close" ON "crm"."deals" USING btree (coalesce("expected_close_on", 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "deals_of_stage" ON "crm"."deals" USING btree ("stage_id","created_at","id");--> statement-breakpoint
CREATE INDEX "deals_of_customer" ON "crm"."deals" USING btree ("customer_id","created_at","id");--> statement-breakpoint
CREATE INDEX "deals_of_owner" ON "crm"."deals" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "deals_search" ON "crm"."deals" USING gin ("search" public.gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "stage_visits_of_deal" ON "crm"."stage_visits" USING btree ("deal_id","entered_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "stage_visits_current_unique" ON "crm"."stage_visits" USING btree ("deal_id") WHERE "crm"."stage_visits"."left_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "pipelines_name_unique" ON "crm"."pipelines" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "pipelines_default_unique" ON "crm"."pipelines" USING btree ("is_default") WHERE "crm"."pipelines"."is_default";--> statement-breakpoint
CREATE UNIQUE INDEX "stages_position_unique" ON "crm"."stages" USING btree ("pipeline_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "tags_name_unique" ON "crm"."tags" USING btree (lower("name"));