import { moment } from '@switchyard/runtime/database/columns'
import type { FieldChange } from '@switchyard/runtime/database/ledger'
import { bigint, index, jsonb, text, uuid } from 'drizzle-orm/pg-core'
import { audit } from '../audit.schema.ts'

/** Who did what, in the order in which it was heard of. PostgreSQL lets rows be added to it, and nothing else. */
export const events = audit.table(
  'events',
  {
    /** Without gaps, from 1. */
    sequence: bigint({ mode: 'bigint' }).primaryKey(),
    /** The event's own id: it is logged once, however often it arrives. */
    id: uuid().notNull().unique(),
    source: text().notNull(),
    action: text().notNull(),
    entityType: text().notNull(),
    entityId: uuid().notNull(),
    concessionId: uuid(),
    at: moment().notNull(),
    actorKind: text().notNull(),
    actorId: text(),
    impersonatorId: uuid(),
    requestId: text().notNull(),
    causeId: uuid(),
    /** Stands for the detail in the chain, so that the detail can be erased. */
    commitment: text().notNull(),
    previousHash: text().notNull(),
    hash: text().notNull(),
  },
  (t) => [
    index('events_of_entity').on(t.entityId, t.at, t.id),
    index('events_of_actor').on(t.actorId, t.sequence),
    index('events_of_request').on(t.requestId, t.sequence),
    index('events_by_action').on(t.action, t.sequence),
    index('events_by_type').on(t.entityType, t.sequence),
    index('events_by_time').on(t.at),
  ],
)

/** What an event said beyond the envelope: personal data, which the owner of the database may erase. */
export const details = audit.table('details', {
  eventId: uuid().primaryKey(),
  /** Keeps the commitment from being guessed once the detail is gone. */
  salt: text().notNull(),
  changes: jsonb().$type<FieldChange[]>().notNull(),
  payload: jsonb().$type<Record<string, unknown>>().notNull(),
})
