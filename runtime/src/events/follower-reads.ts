// What a follower reads from the outbox.
import { asc, gt } from 'drizzle-orm'
import { ledger, type OutboxRow } from '../database/ledger.ts'
import type { Database } from '../database/pool.ts'

export type PublishedEvent = OutboxRow & { readonly position: bigint }

/** The published events after a position, oldest first. */
export async function readAfter(database: Database, position: bigint, limit: number): Promise<PublishedEvent[]> {
  const { outbox } = ledger(database.schema)
  const rows = await database.db
    .select()
    .from(outbox)
    .where(gt(outbox.position, position))
    .orderBy(asc(outbox.position))
    .limit(limit)
  return rows as PublishedEvent[]
}

/** The newest published position, and up to which events are no longer kept. */
export async function readBounds({ sql, schema }: Database): Promise<{ head: bigint; prunedTo: bigint }> {
  const [row] = await sql<
    { position: string; pruned_to: string }[]
  >`select position, pruned_to from ${sql(schema)}.outbox_head`
  if (!row) throw new Error(`${schema}.outbox_head has no row.`)
  return { head: BigInt(row.position), prunedTo: BigInt(row.pruned_to) }
}
