// What somebody may do to the log who owns the database.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@switchyard/runtime/config'
import type { RunningSubgraph } from '@switchyard/runtime/subgraph/subgraph'
import { digestOf, hashAfter } from '../chain/link.ts'
import { events } from '../event/event.table.ts'

/** As much of a running stack as it takes. */
type App = {
  readonly config: Config
  readonly database: { readonly run: (statements: string) => Promise<unknown> }
  readonly subgraph: (name: string) => RunningSubgraph
}

export const checkpointsPath = (app: App) => join(app.config.dataDir, 'audit-checkpoints.jsonl')

/** As a superuser would do it who knows what protects the log. */
export const asOwner = (app: App, statements: string) =>
  app.database.run(`
    alter table audit.events disable trigger all; alter table audit.details disable trigger all;
    alter table audit.checkpoints disable trigger all;
    ${statements};
    alter table audit.events enable always trigger events_stand;
    alter table audit.details enable always trigger details_stand;
    alter table audit.checkpoints enable always trigger checkpoints_stand`)

/** All checkpoints, those in the database and those in the file outside of it. */
export async function removeCheckpoints(app: App): Promise<void> {
  await asOwner(app, 'delete from audit.checkpoints')
  await rm(checkpointsPath(app), { force: true })
}

/** The end of the log and its head, so that what is left agrees with itself. */
export const cutAfter = (app: App, sequence: number) =>
  asOwner(
    app,
    `delete from audit.events where sequence > ${sequence};
     update audit.heads set sequence = ${sequence}, hash = (select hash from audit.events where sequence = ${sequence})`,
  )

/** Another actor for one entry, and all hashes from there on computed again. */
export async function rewriteFrom(app: App, sequence: bigint): Promise<void> {
  const { db } = app.subgraph('audit').database
  const rows = await db.select().from(events).orderBy(events.sequence)
  const first = rows.findIndex((row) => row.sequence === sequence)
  let last = rows[first - 1] as (typeof rows)[number]
  const updates = rows.slice(first).map((row) => {
    const forged = { ...row, actorId: row.sequence === sequence ? 'somebody' : row.actorId, previousHash: last.hash }
    last = { ...forged, hash: hashAfter(last, digestOf(forged, forged.commitment)) }
    return `update audit.events set actor_id = '${last.actorId}', previous_hash = '${last.previousHash}',
      hash = '${last.hash}' where sequence = ${last.sequence}`
  })
  await asOwner(app, `${updates.join(';')}; update audit.heads set hash = '${last.hash}'`)
}
