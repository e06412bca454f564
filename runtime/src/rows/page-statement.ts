// One statement for a page of a list, or for the pages of many parents: rows, counts and totals, as far as asked for.
import { and, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '../database/pool.ts'
import type { Place } from './cursor.ts'
import type { Row } from './facts.ts'
import type { Order, Total } from './lists.ts'
import type { Window } from './page-args.ts'
import type { RowPolicy } from './policy.ts'
import { column } from './policy-sql.ts'

/** What somebody asked of a page; `rows` and `count`, or the name of a total. */
export type Wanted = ReadonlySet<string>

export type PageQuery = {
  readonly policy: RowPolicy
  /** Who may see what, what was filtered and searched; without the window. */
  readonly where: SQL | undefined
  readonly order: Order
  readonly direction: 'ASC' | 'DESC'
  readonly window: Window
  /** The column that names the parent; undefined for a root list. */
  readonly foreignKey: PgColumn | undefined
  readonly totals: Readonly<Record<string, Total>>
}

export type PageRows = {
  readonly rows: readonly { readonly row: Row; readonly key: string }[]
  readonly count: number
  readonly totals: Readonly<Record<string, unknown>>
}

const one = { none: '00000000-0000-0000-0000-000000000000' }

/** The pages of the parents, in their order; for a root list of one page, `parents` is `rootParent`. */
export const rootParent = [one.none]

export async function readPages(
  db: Db,
  query: PageQuery,
  parents: readonly string[],
  wanted: Wanted,
): Promise<PageRows[]> {
  const scope = and(query.where, query.foreignKey && sql`${query.foreignKey} = parent.id`)
  const figures = Object.fromEntries(
    Object.keys(query.totals)
      .filter((name) => wanted.has(name))
      .map((name) => [name, sql.raw(`figures."${name}"`)]),
  )
  const fields = {
    parent: sql<string>`parent.id`,
    count: sql<string>`${wanted.has('count') ? sql.raw('counted.count') : sql.raw('0')}`,
    ...figures,
  }
  const source = sql`unnest(${sql.param(parents)}::uuid[]) with ordinality as parent(id, position)`

  const page = pageOf(db, query, scope)
  const base = wanted.has('rows')
    ? db
        .select({ ...fields, key: sql<string>`"page"."sort_value"::text`, row: rowFields(query, page) })
        .from(source)
        .leftJoinLateral(page, sql`true`)
        .orderBy(sql`parent.position`, sql`"page"."sort_value" ${reading(query)}`, sql`"page"."id" ${reading(query)}`)
        .$dynamic()
    : db.select(fields).from(source).$dynamic()
  if (wanted.has('count')) {
    base.leftJoinLateral(
      sql`(select count(*) as count from ${query.policy.table} where ${scope ?? sql`true`}) counted`,
      sql`true`,
    )
  }
  if (Object.keys(figures).length > 0) {
    const selects = Object.keys(figures).map(
      (name) => sql`${query.totals[name]?.select(scope)} as ${sql.identifier(name)}`,
    )
    base.leftJoinLateral(sql`(select ${sql.join(selects, sql`, `)}) figures`, sql`true`)
  }
  return gathered((await base) as Answer[], query, parents)
}

type Answer = { parent: string; count: string; key?: string; row?: Row | null } & Record<string, unknown>

/** The order in which rows are read: from the end when the page is counted from there. */
const reading = ({ direction, window }: PageQuery): SQL =>
  (direction === 'DESC') !== window.fromEnd ? sql.raw('desc') : sql.raw('asc')

/** One row more than the page holds, to know whether there is a next one. */
function pageOf(db: Db, query: PageQuery, scope: SQL | undefined) {
  const { policy, order, direction, window } = query
  const beyond = (place: Place, isAfter: boolean) =>
    sql`(${order.expression}, ${column(policy, 'id')}) ${sql.raw(isAfter === (direction === 'DESC') ? '<' : '>')} (${place.key}::${sql.raw(order.type)}, ${place.id}::uuid)`
  return db
    .select({ ...getTableColumns(policy.table), sortValue: sql`${order.expression}`.as('sort_value') })
    .from(policy.table)
    .where(and(scope, window.after && beyond(window.after, true), window.before && beyond(window.before, false)))
    .orderBy(sql`${order.expression} ${reading(query)}`, sql`${column(policy, 'id')} ${reading(query)}`)
    .limit(window.size + 1)
    .as('page')
}

const rowFields = ({ policy }: PageQuery, page: ReturnType<typeof pageOf>) =>
  Object.fromEntries(
    Object.keys(policy.columns).map((name) => [name, page[name as keyof typeof page] as unknown as PgColumn]),
  )

function gathered(answers: readonly Answer[], query: PageQuery, parents: readonly string[]): PageRows[] {
  const byParent = Map.groupBy(answers, (answer) => answer.parent)
  return parents.map((parent) => {
    const found = byParent.get(parent) ?? []
    const rows = found.flatMap(({ row, key }) => (row?.id ? [{ row, key: String(key) }] : []))
    const totals = Object.fromEntries(
      Object.entries(query.totals).map(([name, total]) => [name, total.read(found[0]?.[name])]),
    )
    return { rows, count: Number(found[0]?.count ?? 0), totals }
  })
}
