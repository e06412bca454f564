// A row policy as SQL: a condition for `where`, or a verdict in `returning`.
import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { type PermissionScope, scopeOf, type Viewer } from '../viewer/viewer.ts'
import {
  type Action,
  askedOfParent,
  bearsConcession,
  type Condition,
  element,
  isRecoverable,
  type RowPolicy,
} from './policy.ts'

const yes = sql`true`
const no = sql`false`

/** True for the rows on which the viewer may do the action. */
export function allowedSql(policy: RowPolicy, viewer: Viewer, action: Action): SQL {
  const condition = judgedSql(policy, viewer, action)
  const concession =
    viewer.concessionId && bearsConcession(policy) ? eq(column(policy, 'concessionId'), viewer.concessionId) : undefined
  return and(condition, concession) ?? yes
}

function judgedSql(policy: RowPolicy, viewer: Viewer, action: Action): SQL {
  if (policy.judged === 'by its parent') return conditionSql(policy, policy.condition, viewer, action, 'own')
  const scope = scopeOf(viewer, element(policy, action))
  if (!scope) return no
  return scope === 'all' ? yes : conditionSql(policy, policy.condition, viewer, action, scope)
}

function conditionSql(
  policy: RowPolicy,
  condition: Condition,
  viewer: Viewer,
  action: Action,
  scope: PermissionScope,
): SQL {
  switch (condition.kind) {
    case 'everyone':
      return yes
    case 'any':
      return or(...condition.of.map((one) => conditionSql(policy, one, viewer, action, scope))) ?? no
    case 'owned':
      return ownedSql(column(policy, condition.column), viewer, scope)
    case 'unowned':
      return viewer.kind === 'USER' ? isNull(column(policy, condition.column)) : no
    case 'through':
      return throughSql(condition.foreignKey, condition.parent, viewer, action)
  }
}

// Compared by eq(), never spelled in a template: drizzle strips the table's name from columns that stand at the
// top of a single-table select, and a sub-select would then bind its own column in silence.
function throughSql(foreignKey: PgColumn, parent: RowPolicy, viewer: Viewer, action: Action): SQL {
  const id = column(parent, 'id')
  return sql`exists (select 1 from ${parent.table} where ${and(eq(id, foreignKey), living(parent), allowedSql(parent, viewer, askedOfParent(action)))})`
}

function ownedSql(owner: PgColumn, viewer: Viewer, scope: PermissionScope): SQL {
  if (!viewer.id || viewer.kind !== 'USER') return no
  const owners = scope === 'team' ? [viewer.id, ...viewer.reports] : [viewer.id]
  return sql`${and(sql`${owner} = any(${sql.param(owners)}::uuid[])`)}`
}

/** The condition that a row has not been deleted; undefined where rows of this entity vanish when removed. */
export const living = (policy: RowPolicy): SQL | undefined =>
  isRecoverable(policy) ? isNull(column(policy, 'deletedAt')) : undefined

export function column(policy: RowPolicy, name: string): PgColumn {
  const found = policy.columns[name]
  if (!found) throw new Error(`${policy.name} has no column ${name}`)
  return found
}
