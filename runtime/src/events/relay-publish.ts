// Gives committed events their positions and owes each to the subgraphs that react to it, in one transaction.
import type { Database } from '../database/pool.ts'
import { newId } from '../ids.ts'

export const publishBatch = 500

export type Published = { readonly events: number; readonly dispatches: number }

/** Publishes the next events in the order of their sequence; 'elsewhere' when another relay is just doing so. */
export function publish(
  database: Database,
  consumersOf: (type: string) => readonly string[],
): Promise<Published | 'elsewhere'> {
  const schema = database.sql(database.schema)
  return database.sql.begin(async (sql) => {
    const [lock] = await sql`select pg_try_advisory_xact_lock(7246002, hashtext(${database.schema})) as elected`
    if (!lock?.elected) return 'elsewhere' as const
    // A statement of its own, so that it sees all that the last holder of the lock has published.
    const events = await sql<{ id: string; type: string }[]>`
      with batch as materialized (
        select id, row_number() over (order by sequence) as place
        from (select id, sequence from ${schema}.outbox where position is null order by sequence limit ${publishBatch}) as waiting
      ), size as (
        select count(*) as events from batch
      ), head as (
        update ${schema}.outbox_head set position = position + size.events from size where size.events > 0 returning position
      )
      update ${schema}.outbox as published
      set position = head.position - size.events + batch.place
      from batch, size, head
      where published.id = batch.id
      returning published.id, published.type`
    const owed = events.flatMap(({ id, type }) =>
      consumersOf(type).map((queue) => ({ id: newId(), queue, eventId: id })),
    )
    if (owed.length > 0) {
      await sql`
        insert into ${schema}.dispatches (id, queue, job, data)
        select id, queue, 'react', jsonb_build_object('source', ${database.schema}::text, 'eventId', event_id)
        from unnest(${owed.map((one) => one.id)}::uuid[], ${owed.map((one) => one.queue)}::text[],
          ${owed.map((one) => one.eventId)}::uuid[]) as owed (id, queue, event_id)`
    }
    return { events: events.length, dispatches: owed.length }
  }) as Promise<Published | 'elsewhere'>
}

export async function countUnpublished({ sql, schema }: Database): Promise<number> {
  const most = 100_000
  const [row] = await sql<{ events: number }[]>`
    select count(*)::int as events from (select from ${sql(schema)}.outbox where position is null limit ${most}) as waiting`
  return row?.events ?? 0
}
