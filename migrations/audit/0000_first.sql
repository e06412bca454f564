CREATE TABLE "audit"."checkpoints" (
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL,
	"key_id" text NOT NULL,
	"signature" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "checkpoints_key_id_sequence_pk" PRIMARY KEY("key_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "audit"."heads" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "heads_one" CHECK ("audit"."heads"."one")
);
--> statement-breakpoint
CREATE TABLE "audit"."details" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"salt" text NOT NULL,
	"changes" jsonb NOT NULL,
	"payload" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit"."events" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"source" text NOT NULL,
	"action" text NOT NULL,
	"entity_type" text NOT NULL,
	"entity_id" uuid NOT NULL,
	"concession_id" uuid,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"impersonator_id" uuid,
	"request_id" text NOT NULL,
	"cause_id" uuid,
	"commitment" text NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "events_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE INDEX "events_of_entity" ON "audit"."events" USING btree ("entity_id","at","id");--> statement-breakpoint
CREATE INDEX "events_of_actor" ON "audit"."events" USING btree ("actor_id","sequence");--> statement-breakpoint
CREATE INDEX "events_of_request" ON "audit"."events" USING btree ("request_id","sequence");--> statement-breakpoint
CREATE INDEX "events_by_action" ON "audit"."events" USING btree ("action","sequence");--> statement-breakpoint
CREATE INDEX "events_by_type" ON "audit"."events" USING btree ("entity_type","sequence");--> statement-breakpoint
CREATE INDEX "events_by_time" ON "audit"."events" USING btree ("at");