import { moment } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { bigint, boolean, check, primaryKey, text } from 'drizzle-orm/pg-core'
import { audit } from '../audit.schema.ts'

/** The end of the chain: one row, locked by whoever adds to it, so that the sequence has no gap. */
export const heads = audit.table(
  'heads',
  {
    one: boolean().primaryKey().default(true),
    sequence: bigint({ mode: 'bigint' }).notNull(),
    hash: text().notNull(),
  },
  (t) => [check('heads_one', sql`${t.one}`)],
)

/** Where the chain stood, signed: what shows a chain that was cut off, or hashed anew. */
export const checkpoints = audit.table(
  'checkpoints',
  {
    sequence: bigint({ mode: 'bigint' }).notNull(),
    hash: text().notNull(),
    keyId: text().notNull(),
    signature: text().notNull(),
    createdAt: moment().notNull(),
    /** The hash of the checkpoint before it of the same key; null in those made before they were linked. */
    previousHash: text(),
  },
  (t) => [primaryKey({ columns: [t.keyId, t.sequence] })],
)
