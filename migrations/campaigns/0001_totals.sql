CREATE TABLE "campaigns"."totals" (
	"customer_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"orders" integer NOT NULL,
	"amount" bigint NOT NULL,
	"last_visit_at" timestamp (3) with time zone,
	CONSTRAINT "totals_customer_id_currency_pk" PRIMARY KEY("customer_id","currency")
);
