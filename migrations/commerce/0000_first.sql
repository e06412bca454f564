CREATE TYPE "commerce"."order_status" AS ENUM('PENDING', 'CONFIRMED', 'FULFILLED', 'CANCELLED', 'REFUNDED');--> statement-breakpoint
CREATE TYPE "commerce"."product_status" AS ENUM('DRAFT', 'ACTIVE', 'ARCHIVED');--> statement-breakpoint
CREATE SEQUENCE "commerce"."order_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 10001 CACHE 1;--> statement-breakpoint
CREATE TABLE "commerce"."customers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"owner_id" uuid
);
--> statement-breakpoint
CREATE TABLE "commerce"."order_lines" (
	"order_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"product_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"unit_price" bigint NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "order_lines_order_id_position_pk" PRIMARY KEY("order_id","position"),
	CONSTRAINT "order_lines_quantity" CHECK ("commerce"."order_lines"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "commerce"."orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"number" text DEFAULT nextval('commerce.order_numbers')::text NOT NULL,
	"customer_id" uuid NOT NULL,
	"placed_by_id" uuid,
	"status" "commerce"."order_status" NOT NULL,
	"total" bigint NOT NULL,
	"currency" text NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"fulfilled_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"refunded_at" timestamp (3) with time zone,
	"search" text GENERATED ALWAYS AS (commerce.fold(coalesce(number, ''))) STORED NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commerce"."products" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"sku" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"status" "commerce"."product_status" NOT NULL,
	"price" bigint NOT NULL,
	"currency" text NOT NULL,
	"stock_on_hand" integer NOT NULL,
	"stock_reserved" integer DEFAULT 0 NOT NULL,
	"search" text GENERATED ALWAYS AS (commerce.fold(coalesce(sku, '') || ' ' || coalesce(name, '') || ' ' || coalesce(description, ''))) STORED NOT NULL,
	CONSTRAINT "products_stock" CHECK ("commerce"."products"."stock_reserved" between 0 and "commerce"."products"."stock_on_hand")
);
--> statement-breakpoint
ALTER TABLE "commerce"."order_lines" ADD CONSTRAINT "order_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "commerce"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commerce"."order_lines" ADD CONSTRAINT "order_lines_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "commerce"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "order_lines_of_product" ON "commerce"."order_lines" USING btree ("product_id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_number_unique" ON "commerce"."orders" USING btree ("number");--> statement-breakpoint
CREATE INDEX "orders_newest" ON "commerce"."orders" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "orders_last_changed" ON "commerce"."orders" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "orders_by_placing" ON "commerce"."orders" USING btree ("placed_at","id");--> statement-breakpoint
CREATE INDEX "orders_by_total" ON "commerce"."orders" USING btree ("total","id");--> statement-breakpoint
CREATE INDEX "orders_of_customer" ON "commerce"."orders" USING btree ("customer_id","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_search" ON "commerce"."orders" USING gin ("search" public.gin_trgm_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "products_sku_unique" ON "commerce"."products" USING btree (lower("sku"));--> statement-breakpoint
CREATE INDEX "products_newest" ON "commerce"."products" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "products_last_changed" ON "commerce"."products" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "products_by_sku" ON "commerce"."products" USING btree ("sku","id");--> statement-breakpoint
CREATE INDEX "products_by_name" ON "commerce"."products" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "products_by_price" ON "commerce"."products" USING btree ("price","id");--> statement-breakpoint
CREATE INDEX "products_search" ON "commerce"."products" USING gin ("search" public.gin_trgm_ops);