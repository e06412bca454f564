// Lists as Relay connections: what a client selects of one is gathered before anything is asked of the database,
// so that rows, count and totals of a whole level of lists cost one statement.
import DataLoader from 'dataloader'
import { and } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { cursorOf, listHash } from './cursor.ts'
import { by, filterSql, type Lists, type Total } from './lists.ts'
import { type PageArgs, windowOf } from './page-args.ts'
import { type PageQuery, type PageRows, readPages, rootParent } from './page-statement.ts'
import type { RowPolicy } from './policy.ts'
import { allowedSql, column, living } from './policy-sql.ts'
import { remember } from './row-loader.ts'
import { loaderOf, type Scope } from './scope.ts'

type PageInfo = { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }

export type Connection<Row, Totals = unknown> = {
  nodes(): Promise<Row[]>
  edges(): Promise<{ cursor: string; node: Row }[]>
  pageInfo(): Promise<PageInfo>
  totalCount(): Promise<number>
} & { [Name in keyof Totals]: () => Promise<Totals[Name] extends Total<infer Value> ? Value : never> }

type Request = { readonly parent: string; readonly wanted: Set<string> }

/** A page of all rows that the viewer may see. */
export const page = <
  Table extends PgTable,
  Filter extends object,
  Field extends string,
  Totals extends Record<string, Total>,
>(
  scope: Scope,
  policy: RowPolicy<Table>,
  args: PageArgs<Filter, Field>,
  lists: Lists<Filter, Field, Totals>,
): Connection<Table['$inferSelect'], Totals> =>
  connection(scope, policy as unknown as RowPolicy, undefined, rootParent[0] as string, args, lists)

/** A page of one parent's rows; those of many parents, asked with the same arguments, are read in one statement. */
export const pagesByParent = <
  Table extends PgTable,
  Filter extends object,
  Field extends string,
  Totals extends Record<string, Total>,
>(
  scope: Scope,
  policy: RowPolicy<Table>,
  foreignKey: PgColumn,
  parent: string,
  args: PageArgs<Filter, Field>,
  lists: Lists<Filter, Field, Totals>,
): Connection<Table['$inferSelect'], Totals> =>
  connection(scope, policy as unknown as RowPolicy, foreignKey, parent, args, lists)

function connection<Row, Filter extends object, Field extends string, Totals extends Record<string, Total>>(
  scope: Scope,
  policy: RowPolicy,
  foreignKey: PgColumn | undefined,
  parent: string,
  args: PageArgs<Filter, Field>,
  lists: Lists<Filter, Field, Totals>,
): Connection<Row, Totals> {
  const identity = [policy.name, foreignKey?.name, args.filter, args.search, args.orderBy]
  const hash = listHash(...identity, foreignKey && parent)
  const window = windowOf(args, hash)
  const loader = loaderOf(scope, `pages ${listHash(...identity, window)}`, () => {
    const query: PageQuery = {
      policy,
      where: and(
        living(policy),
        allowedSql(policy, scope.viewer, 'read'),
        filterSql(lists.filters, args.filter),
        args.search ? lists.search?.(args.search) : undefined,
      ),
      order: args.orderBy ? lists.orders[args.orderBy.field] : by(column(policy, 'createdAt')),
      direction: args.orderBy?.direction ?? 'DESC',
      window,
      foreignKey,
      totals: lists.totals ?? {},
    }
    return new DataLoader<Request, PageRows>(
      async (requests) => {
        const parents = requests.map((request) => request.parent)
        const wanted = new Set(requests.flatMap((request) => [...request.wanted]))
        const pages = await readPages(scope.db, query, parents, wanted)
        for (const { rows } of pages)
          remember(
            scope,
            policy,
            rows.map(({ row }) => row),
          )
        return pages
      },
      { cache: false },
    )
  })

  const request: Request = { parent, wanted: new Set() }
  let asked: Promise<PageRows> | undefined
  const want = (what: string): Promise<PageRows> => {
    request.wanted.add(what)
    asked ??= loader.load(request)
    return asked
  }
  const inPage = async () => {
    const { rows } = await want('rows')
    const within = rows.slice(0, window.size)
    return window.fromEnd ? within.reverse() : within
  }
  const edges = async () =>
    (await inPage()).map(({ row, key }) => ({ cursor: cursorOf(hash, { key, id: String(row.id) }), node: row as Row }))

  return {
    nodes: async () => (await inPage()).map(({ row }) => row as Row),
    edges,
    async pageInfo() {
      const [{ rows }, cursors] = await Promise.all([want('rows'), edges()])
      const hasMore = rows.length > window.size
      return {
        hasNextPage: window.fromEnd ? window.before !== undefined : hasMore,
        hasPreviousPage: window.fromEnd ? hasMore : window.after !== undefined,
        startCursor: cursors.at(0)?.cursor ?? null,
        endCursor: cursors.at(-1)?.cursor ?? null,
      }
    },
    totalCount: async () => (await want('count')).count,
    ...Object.fromEntries(
      Object.keys(lists.totals ?? {}).map((name) => [name, async () => (await want(name)).totals[name]]),
    ),
  } as Connection<Row, Totals>
}
