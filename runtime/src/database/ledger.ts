// The runtime's own tables in every subgraph's schema: what happened, what is owed to a queue, what was done already.
import { sql } from 'drizzle-orm'
import { bigint, customType, integer, jsonb, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { Facts } from '../rows/facts.ts'
import { moment } from './columns.ts'

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

export type FieldChange = { field: string; before: unknown; after: unknown }
export type Ledger = ReturnType<typeof ledgerOf>
export type OutboxRow = Ledger['outbox']['$inferSelect']

const made = new Map<string, Ledger>()

/** The ledger tables of a subgraph; their SQL is `migrations/runtime`. */
export function ledger(schema: string): Ledger {
  const known = made.get(schema) ?? ledgerOf(schema)
  made.set(schema, known)
  return known
}

function ledgerOf(name: string) {
  const schema = pgSchema(name)
  return {
    /** Events, written in the transaction of what they tell; `position` is given by the relay, in order of publication. */
    outbox: schema.table('outbox', {
      id: uuid().primaryKey(),
      sequence: bigint({ mode: 'bigint' }).generatedAlwaysAsIdentity(),
      position: bigint({ mode: 'bigint' }),
      type: text().notNull(),
      entity: text().notNull(),
      entityId: uuid().notNull(),
      version: integer().notNull(),
      occurredAt: moment().notNull(),
      actorKind: text().notNull(),
      actorId: text(),
      impersonatorId: uuid(),
      requestId: text().notNull(),
      causeId: uuid(),
      payload: jsonb().$type<Record<string, unknown>>().notNull(),
      changes: jsonb().$type<FieldChange[]>().notNull(),
      audienceBefore: jsonb().$type<Facts>(),
      audienceAfter: jsonb().$type<Facts>(),
    }),
    /**
     * Work owed to a queue, reactions to events among it; a row is deleted when the work is done. From `owedAt` on the
     * relay adds it (again): at once when new, a minute after it was due when a queue seems to have lost it.
     */
    dispatches: schema.table('dispatches', {
      id: uuid().primaryKey(),
      queue: text().notNull(),
      job: text().notNull(),
      data: jsonb().$type<Record<string, unknown>>().notNull(),
      dueAt: moment(),
      createdAt: moment().notNull().default(sql`now()`),
      owedAt: moment().notNull().default(sql`'epoch'`),
    }),
    /** Events a reaction has had its effect of, written in the transaction of that effect. */
    inbox: schema.table(
      'inbox',
      { reaction: text().notNull(), eventId: uuid().notNull(), handledAt: moment().notNull() },
      (t) => [primaryKey({ columns: [t.reaction, t.eventId] })],
    ),
    /** Results of mutations sent with an Idempotency-Key. */
    idempotencyKeys: schema.table(
      'idempotency_keys',
      {
        viewer: text().notNull(),
        key: text().notNull(),
        field: text().notNull(),
        fingerprint: text().notNull(),
        result: bytes(),
        createdAt: moment().notNull(),
      },
      (t) => [primaryKey({ columns: [t.viewer, t.key, t.field] })],
    ),
    /** Mirrors whose first filling is complete. */
    mirrors: schema.table('mirrors', { mirror: text().primaryKey(), filledAt: moment().notNull() }),
  }
}
