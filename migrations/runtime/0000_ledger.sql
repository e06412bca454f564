-- Run once in every subgraph's schema, with search_path set to it: the runtime's own tables.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  position bigint,
  type text NOT NULL,
  entity text NOT NULL,
  entity_id uuid NOT NULL,
  version integer NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  impersonator_id uuid,
  request_id text NOT NULL,
  cause_id uuid,
  payload jsonb NOT NULL,
  changes jsonb NOT NULL,
  audience_before jsonb,
  audience_after jsonb
);
--> statement-breakpoint
CREATE UNIQUE INDEX outbox_position ON outbox (position) WHERE position IS NOT NULL;
--> statement-breakpoint
CREATE INDEX outbox_unpublished ON outbox (sequence) WHERE position IS NULL;
--> statement-breakpoint
CREATE INDEX outbox_entity ON outbox (entity_id, sequence);
--> statement-breakpoint
CREATE INDEX outbox_age ON outbox (occurred_at);
--> statement-breakpoint
-- The last position given: one row, locked while the relay publishes, so that positions have no gap.
CREATE TABLE outbox_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL, pruned_to bigint NOT NULL DEFAULT 0);
--> statement-breakpoint
INSERT INTO outbox_head (position) VALUES (0);
--> statement-breakpoint
CREATE TABLE dispatches (
  id uuid PRIMARY KEY,
  queue text NOT NULL,
  job text NOT NULL,
  data jsonb NOT NULL,
  due_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  owed_at timestamptz(3) NOT NULL DEFAULT 'epoch'
);
--> statement-breakpoint
CREATE INDEX dispatches_owed ON dispatches (owed_at, id);
--> statement-breakpoint
CREATE TABLE inbox (
  reaction text NOT NULL,
  event_id uuid NOT NULL,
  handled_at timestamptz(3) NOT NULL,
  PRIMARY KEY (reaction, event_id)
);
--> statement-breakpoint
CREATE INDEX inbox_age ON inbox (handled_at);
--> statement-breakpoint
CREATE TABLE idempotency_keys (
  viewer text NOT NULL,
  key text NOT NULL,
  field text NOT NULL,
  fingerprint text NOT NULL,
  result bytea,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (viewer, key, field)
);
--> statement-breakpoint
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
--> statement-breakpoint
CREATE TABLE mirrors (mirror text PRIMARY KEY, filled_at timestamptz(3) NOT NULL);
--> statement-breakpoint
-- Folds case and accents for search. IMMUTABLE, so that an index may stand on it: the dictionary is named, never looked up.
CREATE FUNCTION fold(words text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, words)) $$;
