// Rows by id, as far as the viewer may see them: asked for one by one, read together.
import DataLoader from 'dataloader'
import { and, sql } from 'drizzle-orm'
import type { Row } from './facts.ts'
import type { RowPolicy } from './policy.ts'
import { allowedSql, column, living } from './policy-sql.ts'
import { loaderOf, type Scope } from './scope.ts'

export const rowLoader = (scope: Scope, policy: RowPolicy): DataLoader<string, Row | null> =>
  loaderOf(scope, policy.name, () => {
    return new DataLoader<string, Row | null>(async (ids) => {
      const isAsked = sql`${column(policy, 'id')} = any(${sql.param(ids)}::uuid[])`
      const rows = (await scope.db
        .select()
        .from(policy.table)
        .where(and(isAsked, living(policy), allowedSql(policy, scope.viewer, 'read')))) as Row[]
      const found = new Map(rows.map((row) => [row.id, row]))
      return ids.map((id) => found.get(id) ?? null)
    })
  })

/** Lets rows that a list has read be found by their id without asking again. */
export function remember(scope: Scope, policy: RowPolicy, rows: readonly Row[]): void {
  const loader = rowLoader(scope, policy)
  for (const row of rows) loader.prime(String(row.id), row)
}
