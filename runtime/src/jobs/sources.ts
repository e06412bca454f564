// What workers read and settle in the subgraphs' own databases: events to react to, dispatches done.
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { ledger, type OutboxRow } from '../database/ledger.ts'
import type { Database } from '../database/pool.ts'

export interface Sources {
  /** The event as its subgraph recorded it; undefined when it is no longer kept. */
  loadEvent(source: string, eventId: string): Promise<OutboxRow | undefined>
  /** The work is done, or given up: the subgraph that owed it owes it no more. */
  acknowledge(source: string, dispatchId: string): Promise<void>
}

export function openSources(databases: readonly Database[]): Sources {
  const databaseOf = (source: string) => {
    const database = databases.find(({ schema }) => schema === source)
    if (!database) throw new Error(`This worker has no database of ${source}.`)
    return database
  }
  return {
    async loadEvent(source, eventId) {
      const { outbox } = ledger(source)
      const [event] = await databaseOf(source).db.select().from(outbox).where(eq(outbox.id, eventId))
      return event
    },
    async acknowledge(source, dispatchId) {
      const { dispatches } = ledger(source)
      const { db } = databaseOf(source)
      // The work is done already: a passing fault must not have it done again.
      for (const rest of [100, 1000, undefined]) {
        try {
          return void (await db.delete(dispatches).where(eq(dispatches.id, dispatchId)))
        } catch (error) {
          if (rest === undefined) throw error
          await sleep(rest)
        }
      }
    },
  }
}
