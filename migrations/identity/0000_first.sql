CREATE TYPE "identity"."permission_scope" AS ENUM('own', 'team', 'all');--> statement-breakpoint
CREATE TYPE "identity"."user_status" AS ENUM('INVITED', 'ACTIVE', 'BLOCKED', 'DEACTIVATED');--> statement-breakpoint
CREATE TABLE "identity"."partner_keys" (
	"hash" text PRIMARY KEY NOT NULL,
	"partner_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "identity"."partners" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"name" text NOT NULL,
	"operations" text[] NOT NULL,
	"permissions" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity"."permission_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity"."role_assignments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"role_id" uuid NOT NULL,
	"assigned_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "identity"."role_permission_sets" (
	"role_id" uuid NOT NULL,
	"set_id" uuid NOT NULL,
	CONSTRAINT "role_permission_sets_role_id_set_id_pk" PRIMARY KEY("role_id","set_id")
);
--> statement-breakpoint
CREATE TABLE "identity"."roles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"name" text NOT NULL,
	"is_built_in" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity"."permission_set_elements" (
	"set_id" uuid NOT NULL,
	"element" text NOT NULL,
	"scope" "identity"."permission_scope" NOT NULL,
	CONSTRAINT "permission_set_elements_set_id_element_pk" PRIMARY KEY("set_id","element")
);
--> statement-breakpoint
CREATE TABLE "identity"."refresh_tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"spent_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "identity"."sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"user_id" uuid NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"ip_address" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "identity"."sign_in_failures" (
	"address" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity"."passwords" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"concession_id" uuid,
	"name" text NOT NULL,
	"email" text,
	"status" "identity"."user_status" NOT NULL,
	"locale" text NOT NULL,
	"time_zone" text NOT NULL,
	"manager_id" uuid,
	"issuer" text,
	"subject" text,
	"email_verified_at" timestamp (3) with time zone,
	"two_factor_enabled_at" timestamp (3) with time zone,
	"last_seen_at" timestamp (3) with time zone,
	"search" text GENERATED ALWAYS AS (identity.fold(coalesce(name, ''))) STORED NOT NULL
);
--> statement-breakpoint
ALTER TABLE "identity"."partner_keys" ADD CONSTRAINT "partner_keys_partner_id_partners_id_fk" FOREIGN KEY ("partner_id") REFERENCES "identity"."partners"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."role_assignments" ADD CONSTRAINT "role_assignments_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."role_assignments" ADD CONSTRAINT "role_assignments_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "identity"."roles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."role_permission_sets" ADD CONSTRAINT "role_permission_sets_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "identity"."roles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."role_permission_sets" ADD CONSTRAINT "role_permission_sets_set_id_permission_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "identity"."permission_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."permission_set_elements" ADD CONSTRAINT "permission_set_elements_set_id_permission_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "identity"."permission_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "identity"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."passwords" ADD CONSTRAINT "passwords_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity"."users" ADD CONSTRAINT "users_manager_id_users_id_fk" FOREIGN KEY ("manager_id") REFERENCES "identity"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "partners_name_unique" ON "identity"."partners" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "permission_sets_name_unique" ON "identity"."permission_sets" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "role_assignments_unique" ON "identity"."role_assignments" USING btree ("user_id","role_id");--> statement-breakpoint
CREATE INDEX "role_assignments_of_role" ON "identity"."role_assignments" USING btree ("role_id");--> statement-breakpoint
CREATE UNIQUE INDEX "roles_name_unique" ON "identity"."roles" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "refresh_tokens_position_unique" ON "identity"."refresh_tokens" USING btree ("session_id","position");--> statement-breakpoint
CREATE INDEX "sessions_of_user" ON "identity"."sessions" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "sessions_living" ON "identity"."sessions" USING btree ("user_id") WHERE "identity"."sessions"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "sessions_age" ON "identity"."sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_failures_age" ON "identity"."sign_in_failures" USING btree ("since");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "identity"."users" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "users_subject_unique" ON "identity"."users" USING btree ("issuer","subject");--> statement-breakpoint
CREATE INDEX "users_newest" ON "identity"."users" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "users_by_name" ON "identity"."users" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "users_of_manager" ON "identity"."users" USING btree ("manager_id");--> statement-breakpoint
CREATE INDEX "users_search" ON "identity"."users" USING gin ("search" public.gin_trgm_ops);