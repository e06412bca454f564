CREATE TYPE "identity"."sign_in_scope" AS ENUM('PAIR', 'ACCOUNT', 'CLIENT');--> statement-breakpoint
CREATE TABLE "identity"."known_clients" (
	"user_id" uuid NOT NULL,
	"client" text NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "known_clients_user_id_client_pk" PRIMARY KEY("user_id","client")
);
--> statement-breakpoint
CREATE TABLE "identity"."sign_in_failures" (
	"scope" "identity"."sign_in_scope" NOT NULL,
	"subject" text NOT NULL,
	"failures" integer NOT NULL,
	"failed_at" timestamp (3) with time zone NOT NULL,
	"retry_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sign_in_failures_scope_subject_pk" PRIMARY KEY("scope","subject")
);
--> statement-breakpoint
ALTER TABLE "identity"."known_clients" ADD CONSTRAINT "known_clients_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "known_clients_age" ON "identity"."known_clients" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "sign_in_failures_age" ON "identity"."sign_in_failures" USING btree ("failed_at");