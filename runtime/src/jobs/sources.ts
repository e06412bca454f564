// What workers read and settle in the subgraphs' own databases: events to react to, dispatches done.
import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { ledger, type OutboxRow } from '../database/ledger.ts'
import type { Database } from '../database/pool.ts'

export interface Sources {
  /** The event as its subgraph recorded it; undefined when it is no longer kept. */
  loadEvent(source: string, eventId: string): Promise<OutboxRow | undefined>
  /** The work is done, or given up: the subgraph that owed it owes it no more. */
  acknowledge(source: string, dispatchId: string): Promise<void>
}

export function openSources(databases: readonly Database[]): Sources {
  const known = new Map(databases.map((database) => [database.schema, { database, forget: forgetter(database) }]))
  const sourceOf = (name: string) => {
    const source = known.get(name)
    if (!source) throw new Error(`This worker has no database of ${name}.`)
    return source
  }
  return {
    async loadEvent(source, eventId) {
      const { outbox } = ledger(source)
      const [event] = await sourceOf(source).database.db.select().from(outbox).where(eq(outbox.id, eventId))
      return event
    },
    acknowledge: async (source, dispatchId) => sourceOf(source).forget(dispatchId),
  }
}

/** One statement at a time: those who come while it is under way are done together by the next one. */
function forgetter({ schema, db }: Database): (dispatchId: string) => Promise<void> {
  const { dispatches } = ledger(schema)
  let waiting: string[] = []
  let next: Promise<void> | undefined
  let current: Promise<unknown> = Promise.resolve()

  async function remove(ids: readonly string[]) {
    // The work is done already: a passing fault must not have it done again.
    for (const rest of [100, 1000, undefined]) {
      try {
        return void (await db.delete(dispatches).where(sql`${dispatches.id} = any(${sql.param(ids)}::uuid[])`))
      } catch (error) {
        if (rest === undefined) throw error
        await sleep(rest)
      }
    }
  }
  return (dispatchId) => {
    waiting.push(dispatchId)
    next ??= current.then(() => {
      const ids = waiting
      waiting = []
      next = undefined
      const removing = remove(ids)
      current = removing.catch(() => undefined)
      return removing
    })
    return next
  }
}
