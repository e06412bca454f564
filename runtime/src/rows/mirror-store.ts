// The SQL of a mirror, and what it asks of the entity's owner.
import DataLoader from 'dataloader'
import { eq, getTableColumns, lt, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { ledger } from '../database/ledger.ts'
import type { Db } from '../database/pool.ts'
import { notFound, unavailable } from '../errors.ts'
import { isId, newId } from '../ids.ts'
import { service } from '../viewer/viewer.ts'
import { allowed, ownFacts } from './facts.ts'
import type { Mirror, MirrorStore } from './mirror.ts'
import { answersKept } from './mirror-lock.ts'
import { loaderOf, type Scope } from './scope.ts'

type Row = Record<string, unknown> & { id: string }
type Page = { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

export function mirrorStore<Table extends PgTable>(scope: Scope, typed: Mirror<Table>): MirrorStore<Table> {
  const mirror = typed as unknown as Mirror
  const columns = getTableColumns(mirror.table) as Record<string, PgColumn> & { id: PgColumn; version: PgColumn }
  const owner = mirror.entity.slice(0, mirror.entity.indexOf('.'))
  const { selection, rowOf } = asking(mirror, Object.keys(columns))
  const rowsOf = (nodes: readonly (object | null)[]): Row[] => nodes.filter((node) => node !== null).map(rowOf)
  const whileNothingIsForgotten = answersKept(scope, mirror.entity)

  async function ask<Answer>(query: string, variables: Record<string, unknown>): Promise<Answer> {
    const { data, errors } = await scope.peers(owner).execute({
      query,
      variables,
      viewer: service(`${scope.subgraph}.mirror`, [`${mirror.entity}.read`]),
      requestId: newId(),
      signal: scope.signal,
    })
    if (errors?.length || !data) throw unavailable(`${owner} does not answer.`)
    return data as Answer
  }

  async function askFor(ids: readonly string[]): Promise<Row[]> {
    const representations = ids.map((id) => ({ __typename: mirror.type, id }))
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${mirror.type} { ${selection} } } }`
    return rowsOf((await ask<{ _entities: (object | null)[] }>(query, { representations }))._entities)
  }

  async function store(db: Db, rows: readonly Row[]): Promise<Row[]> {
    if (rows.length === 0) return []
    const names = Object.keys(columns).filter((name) => name !== 'id')
    const set = names.map((name) => [name, sql`excluded.${sql.identifier(snake(columns[name] as PgColumn))}`])
    await db
      .insert(mirror.table)
      .values(rows as never)
      .onConflictDoUpdate({
        target: columns.id,
        set: Object.fromEntries(set),
        setWhere: lt(columns.version, sql`excluded.version`),
      })
    return [...rows]
  }

  const readThrough = (ids: readonly string[]): Promise<Row[]> =>
    whileNothingIsForgotten.of(ids, async (db) => store(db, await askFor(ids)))

  const maySee = (row: Row): boolean =>
    !mirror.policy || allowed(mirror.policy, scope.viewer, 'read', ownFacts(mirror.policy, row))

  const loader = () =>
    loaderOf(scope, mirror.entity, () => {
      return new DataLoader<string, Row | null>(async (ids) => {
        const known = (await scope.db
          .select()
          .from(mirror.table)
          .where(sql`${columns.id} = any(${sql.param(ids)}::uuid[])`)) as Row[]
        const found = new Map(known.map((row) => [row.id, row]))
        const missing = ids.filter((id) => !found.has(id))
        for (const row of missing.length ? await readThrough(missing) : []) found.set(row.id, row)
        return ids.map((id) => found.get(id) ?? null)
      })
    })

  async function find(id: string): Promise<Row | null> {
    const row = isId(id) ? await loader().load(id.toLowerCase()) : null
    return row && maySee(row) ? row : null
  }

  return {
    find,
    async get(id) {
      const row = await find(id)
      if (!row) throw notFound(mirror.entity, id)
      return row
    },
    refresh: (id) =>
      whileNothingIsForgotten.ofOne(id, async (db) => {
        const found = await store(db, await askFor([id]))
        if (found.length === 0) await db.delete(mirror.table).where(eq(columns.id, id))
      }),
    async fill() {
      const { mirrors } = ledger(scope.subgraph)
      const isThis = eq(mirrors.mirror, mirror.entity)
      if ((await scope.db.select().from(mirrors).where(isThis)).length > 0) return
      const query = `query ($after: String) { ${mirror.list}(first: 100, after: $after) { nodes { ${selection} } pageInfo { hasNextPage endCursor } } }`
      let after: string | null = null
      do {
        after = await whileNothingIsForgotten.ofAll(async (db) => {
          const page = (await ask<Record<string, Page | null>>(query, { after }))[mirror.list]
          if (!page) throw unavailable(`${owner} does not list ${mirror.list}.`)
          await store(db, rowsOf(page.nodes))
          return page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
        })
      } while (after !== null)
      await scope.db
        .insert(mirrors)
        .values({ mirror: mirror.entity, filledAt: scope.clock.now() })
        .onConflictDoNothing()
    },
  } as MirrorStore<Table>
}

/** The fields to ask for and the row of an answer; a column that names an owner is asked for as that user. */
function asking({ policy, selection, row }: Mirror, names: readonly string[]) {
  const users = names.filter((name) => policy?.owners.includes(name)).map((name) => [name, name.slice(0, -2)] as const)
  const fields = names.map((name) => users.find(([column]) => column === name)?.[1].concat(' { id }') ?? name)
  const plainRow = (node: Record<string, unknown>) => ({
    ...Object.fromEntries(names.map((name) => [name, node[name]])),
    ...Object.fromEntries(users.map(([column, field]) => [column, (node[field] as { id: string } | null)?.id ?? null])),
  })
  return { selection: selection ?? fields.join(' '), rowOf: (row ?? plainRow) as (node: object) => Row }
}

const snake = (column: PgColumn): string => column.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
