// What one subgraph must know of another's entity: a slim table of its own, refreshed when the entity changes,
// filled when it is new, and read through from the entity's owner when a row is not there yet.
import type { PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { type Reaction, reaction } from '../events/reaction.ts'
import { type Job, job } from '../jobs/job.ts'
import { mirrorStore } from './mirror-store.ts'
import type { RowPolicy } from './policy.ts'
import type { Scope } from './scope.ts'

export type Mirror<Table extends PgTable = PgTable> = {
  /** The owner's name of the entity: `identity.user`. */
  readonly entity: string
  /** Its GraphQL type, and the root field that lists all of them. */
  readonly type: string
  readonly list: string
  /** The local table; it has `id` and the owner's `version`. */
  readonly table: Table
  /** Whose rows are whose, as the owner says; without one, the mirror shows every row to everybody. */
  readonly policy?: RowPolicy<Table>
  /** The fields to ask for; when absent, each column's name, and `owner { id }` for an owner's column `ownerId`. */
  readonly selection?: string
  /** The row that an answer makes, where the selection is given. */
  readonly row?: (node: never) => Table['$inferInsert']
}

export type MirrorStore<Table extends PgTable> = {
  find(id: string): Promise<Table['$inferSelect'] | null>
  get(id: string): Promise<Table['$inferSelect']>
  /** Asks the owner for the entity as it is now; one that is gone goes from the mirror, too. */
  refresh(id: string): Promise<void>
  /** Reads all entities of the owner, page by page; does nothing when that was done before. */
  fill(): Promise<void>
}

/** The store of a mirror; the subgraph that has it among its stores keeps it current. */
export const mirror = <Table extends PgTable>(declared: Mirror<Table>) =>
  Object.assign((scope: Scope): MirrorStore<Table> => mirrorStore(scope, declared), { mirror: declared })

type Stores = Readonly<Record<string, unknown>>
type Upkeep = Readonly<Record<string, Pick<MirrorStore<PgTable>, 'refresh' | 'fill'>>>

/** What keeps the mirrors among these stores current. */
export function upkeepOf(stores: Stores): { readonly reactions: Reaction[]; readonly jobs: Job[] } {
  const mirrors = Object.entries(stores).flatMap(([store, made]) => {
    const { mirror } = made as { mirror?: Mirror }
    return mirror ? [{ store, entity: mirror.entity }] : []
  })
  return { reactions: mirrors.map(refreshing), jobs: mirrors.map(filling) }
}

type Kept = { readonly store: string; readonly entity: string }

/** Whatever happens to an entity, it is read again, so that order and repeats do not matter. */
const refreshing = ({ store, entity }: Kept): Reaction =>
  reaction<Upkeep>({
    name: `mirror ${entity}`,
    to: [`${entity}.`],
    may: [`${entity}.read`],
    run: async (tx, event) => tx[store]?.refresh(event.entityId),
  })

const filling = ({ store, entity }: Kept): Job =>
  job<Upkeep, unknown>(`fill ${entity}`, {
    payload: z.unknown(),
    schedule: { every: 10 * 60_000 },
    run: async (ctx) => ctx[store]?.fill(),
  })
