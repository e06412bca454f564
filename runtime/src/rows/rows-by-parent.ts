// Short lists that always come whole (a pipeline's stages): those of many parents in one statement.
import DataLoader from 'dataloader'
import { and, asc, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Row } from './facts.ts'
import type { RowPolicy } from './policy.ts'
import { allowedSql, living } from './policy-sql.ts'
import { loaderOf, type Scope } from './scope.ts'

/** All rows of the parent that the viewer may see, in order. */
export const rowsByParent = <Table extends PgTable>(
  scope: Scope,
  policy: RowPolicy<Table>,
  foreignKey: PgColumn,
  parent: string,
  ...orderBy: PgColumn[]
): Promise<Table['$inferSelect'][]> => {
  const visible = and(
    living(policy as unknown as RowPolicy),
    allowedSql(policy as unknown as RowPolicy, scope.viewer, 'read'),
  )
  return wholeLists(scope, policy.table, foreignKey, visible, orderBy).load(parent) as Promise<Table['$inferSelect'][]>
}

/** All rows of a table without a policy of its own, for parents that the viewer is known to see. */
export const partsByParent = <Table extends PgTable>(
  scope: Scope,
  table: Table,
  foreignKey: PgColumn,
  parent: string,
  ...orderBy: PgColumn[]
): Promise<Table['$inferSelect'][]> =>
  wholeLists(scope, table, foreignKey, undefined, orderBy).load(parent) as Promise<Table['$inferSelect'][]>

function wholeLists(scope: Scope, table: PgTable, foreignKey: PgColumn, visible: SQL | undefined, orderBy: PgColumn[]) {
  const columns = getTableColumns(table) as Record<string, PgColumn>
  const key = Object.keys(columns).find((name) => columns[name] === foreignKey) ?? ''
  return loaderOf(scope, `${foreignKey.uniqueName ?? key} of its parent`, () => {
    return new DataLoader<string, Row[]>(async (parents) => {
      const ofParents = sql`${foreignKey} = any(${sql.param(parents)}::uuid[])`
      const rows = (await scope.db
        .select()
        .from(table)
        .where(and(ofParents, visible))
        .orderBy(...orderBy.map((column) => asc(column)))) as Row[]
      const byParent = Map.groupBy(rows, (row) => row[key] as string)
      return parents.map((parent) => byParent.get(parent) ?? [])
    })
  })
}
