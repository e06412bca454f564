// Short lists that always come whole (a pipeline's stages): those of many parents in one statement.
import DataLoader from 'dataloader'
import { and, asc, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Row } from './facts.ts'
import type { RowPolicy } from './policy.ts'
import { allowedSql, living } from './policy-sql.ts'
import { remember } from './row-loader.ts'
import { loaderOf, type Scope } from './scope.ts'

/** All rows of the parent that the viewer may see, in order. */
export const rowsByParent = <Table extends PgTable>(
  scope: Scope,
  typed: RowPolicy<Table>,
  foreignKey: PgColumn,
  parent: string,
  ...orderBy: PgColumn[]
): Promise<Table['$inferSelect'][]> => {
  const policy = typed as unknown as RowPolicy
  const visible = and(living(policy), allowedSql(policy, scope.viewer, 'read'))
  const seen = (rows: readonly Row[]) => remember(scope, policy, rows)
  return wholeList({ scope, table: policy.table, foreignKey, parent, orderBy, visible, seen }) as never
}

/** All rows of a table without a policy of its own, for parents that the viewer is known to see. */
export const partsByParent = <Table extends PgTable>(
  scope: Scope,
  table: Table,
  foreignKey: PgColumn,
  parent: string,
  ...orderBy: PgColumn[]
): Promise<Table['$inferSelect'][]> => wholeList({ scope, table, foreignKey, parent, orderBy }) as never

/** Rows that the store's own statement makes of its tables, such as sums: those of many parents at once. */
export const madeByParent = <Made extends object>(
  scope: Scope,
  name: string,
  key: keyof Made & string,
  parent: string,
  make: (parents: readonly string[]) => PromiseLike<Made[]>,
): Promise<Made[]> =>
  loaderOf(scope, `${name} by ${key}`, () => {
    return new DataLoader<string, Made[]>(async (parents) => {
      const byParent = Map.groupBy(await make(parents), (row) => row[key] as string)
      return parents.map((parent) => byParent.get(parent) ?? [])
    })
  }).load(parent)

type WholeList = {
  readonly scope: Scope
  readonly table: PgTable
  readonly foreignKey: PgColumn
  readonly parent: string
  readonly orderBy: readonly PgColumn[]
  readonly visible?: SQL | undefined
  readonly seen?: (rows: readonly Row[]) => void
}

function wholeList({ scope, table, foreignKey, parent, orderBy, visible, seen }: WholeList): Promise<Row[]> {
  const columns = getTableColumns(table) as Record<string, PgColumn>
  const key = Object.keys(columns).find((name) => columns[name] === foreignKey) ?? ''
  return madeByParent(scope, getTableName(table), key, parent, async (parents) => {
    const ofParents = sql`${foreignKey} = any(${sql.param(parents)}::uuid[])`
    const rows = await scope.db
      .select()
      .from(table)
      .where(and(ofParents, visible))
      .orderBy(...orderBy.map((column) => asc(column)))
    seen?.(rows)
    return rows as Record<string, unknown>[]
  })
}
