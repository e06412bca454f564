// What one subgraph must know of another's entity: a slim table of its own, refreshed when the entity changes,
// filled when it is new, and read through from the entity's owner when a row is not there yet.
import DataLoader from 'dataloader'
import { eq, getTableColumns, lt, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { ledger } from '../database/ledger.ts'
import { notFound, unavailable } from '../errors.ts'
import { type Reaction, reaction } from '../events/reaction.ts'
import { isId, newId } from '../ids.ts'
import { type Job, job } from '../jobs/job.ts'
import { service } from '../viewer/viewer.ts'
import { allowed, ownFacts } from './facts.ts'
import type { RowPolicy } from './policy.ts'
import { loaderOf, type Scope } from './scope.ts'

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
  /** The fields to ask for; each column's own name when absent. */
  readonly selection?: string
  /** The row that an answer makes; the answer itself when absent. */
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

type Row = Record<string, unknown> & { id: string }
type Page = { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

export const mirror = <Table extends PgTable>(declared: Mirror<Table>): Mirror<Table> => declared

const selectionOf = (mirror: Mirror): string => mirror.selection ?? Object.keys(getTableColumns(mirror.table)).join(' ')

export function mirrorStore<Table extends PgTable>(scope: Scope, typed: Mirror<Table>): MirrorStore<Table> {
  const mirror = typed as unknown as Mirror
  const { id, version } = getTableColumns(mirror.table) as Record<string, PgColumn> as {
    id: PgColumn
    version: PgColumn
  }
  const owner = mirror.entity.slice(0, mirror.entity.indexOf('.'))

  async function ask<Answer>(query: string, variables: Record<string, unknown>): Promise<Answer> {
    const { data, errors } = await scope.peers(owner).execute({
      query,
      variables,
      viewer: service(`${scope.subgraph}.mirror`, [`${mirror.entity}.read`]),
      requestId: newId(),
    })
    if (errors?.length || !data) throw unavailable(`${owner} does not answer.`)
    return data as Answer
  }

  async function store(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return
    const names = Object.keys(getTableColumns(mirror.table)).filter((name) => name !== 'id')
    const columns = getTableColumns(mirror.table) as Record<string, PgColumn>
    const set = Object.fromEntries(
      names.map((name) => [name, sql`excluded.${sql.identifier(snake(columns[name] as PgColumn))}`]),
    )
    await scope.db
      .insert(mirror.table)
      .values(rows as never)
      .onConflictDoUpdate({ target: id, set, setWhere: lt(version, sql`excluded.version`) })
  }

  async function readThrough(ids: readonly string[]): Promise<Row[]> {
    const representations = ids.map((one) => ({ __typename: mirror.type, id: one }))
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${mirror.type} { ${selectionOf(mirror)} } } }`
    const { _entities } = await ask<{ _entities: (object | null)[] }>(query, { representations })
    const rows = rowsOf(_entities)
    await store(rows)
    return rows
  }

  const rowsOf = (nodes: readonly (object | null)[]): Row[] =>
    nodes.filter((node) => node !== null).map((node) => (mirror.row ? mirror.row(node as never) : node) as Row)

  const maySee = (row: Row): boolean =>
    !mirror.policy || allowed(mirror.policy, scope.viewer, 'read', ownFacts(mirror.policy, row))

  const loader = () =>
    loaderOf(scope, mirror.entity, () => {
      return new DataLoader<string, Row | null>(async (ids) => {
        const known = (await scope.db
          .select()
          .from(mirror.table)
          .where(sql`${id} = any(${sql.param(ids)}::uuid[])`)) as Row[]
        const missing = ids.filter((one) => !known.some((row) => row.id === one))
        const found = new Map(
          [...known, ...(missing.length ? await readThrough(missing) : [])].map((row) => [row.id, row]),
        )
        return ids.map((one) => found.get(one) ?? null)
      })
    })

  async function find(one: string): Promise<Row | null> {
    const row = isId(one) ? await loader().load(one.toLowerCase()) : null
    return row && maySee(row) ? row : null
  }

  return {
    find,
    async get(one) {
      const row = await find(one)
      if (!row) throw notFound(mirror.entity, one)
      return row
    },
    async refresh(one) {
      const [found] = await readThrough([one])
      if (!found) await scope.db.delete(mirror.table).where(eq(id, one))
    },
    async fill() {
      const { mirrors } = ledger(scope.subgraph)
      const isThis = eq(mirrors.mirror, mirror.entity)
      if ((await scope.db.select().from(mirrors).where(isThis)).length > 0) return
      const query = `query ($after: String) { ${mirror.list}(first: 100, after: $after) { nodes { ${selectionOf(mirror)} } pageInfo { hasNextPage endCursor } } }`
      let after: string | null = null
      do {
        const answer: Record<string, Page | null> = await ask(query, { after })
        const page = answer[mirror.list]
        if (!page) throw unavailable(`${owner} does not list ${mirror.list}.`)
        await store(rowsOf(page.nodes))
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      } while (after !== null)
      await scope.db
        .insert(mirrors)
        .values({ mirror: mirror.entity, filledAt: scope.clock.now() })
        .onConflictDoNothing()
    },
  } as MirrorStore<Table>
}

const snake = (column: PgColumn): string => column.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

type Mirroring = { refresh(id: string): Promise<void>; fill(): Promise<void> }

/** Keeps a mirror current: whatever happens to an entity, it is read again, so order and repeats do not matter. */
export const mirrored = <Transaction>(
  mirror: Pick<Mirror, 'entity'>,
  storeIn: (tx: Transaction) => Mirroring,
): Reaction =>
  reaction<Transaction>({
    name: `mirror ${mirror.entity}`,
    to: [`${mirror.entity}.`],
    may: [`${mirror.entity}.read`],
    run: (tx, event) => storeIn(tx).refresh(event.entityId),
  })

/** Fills a mirror that is new. */
export const filled = <Context>(mirror: Pick<Mirror, 'entity'>, storeIn: (ctx: Context) => Mirroring): Job =>
  job<Context, unknown>(`fill ${mirror.entity}`, {
    payload: z.unknown(),
    schedule: { every: 10 * 60_000 },
    run: (ctx) => storeIn(ctx).fill(),
  })
