// What a policy must know of one row to judge it without SQL; events carry it, so that a push costs no statement.
import { and, eq } from 'drizzle-orm'
import type { Db } from '../database/pool.ts'
import { scopeOf, type Viewer } from '../viewer/viewer.ts'
import { type Action, askedOfParent, bearsConcession, type Condition, element, type RowPolicy } from './policy.ts'
import { column, living } from './policy-sql.ts'

export type Row = Readonly<Record<string, unknown>>

export type Facts = {
  readonly concessionId: string | null
  /** The row's owner columns. */
  readonly owners: Readonly<Record<string, string | null>>
  /** By foreign key column; null where the parent is missing or deleted. */
  readonly parents: Readonly<Record<string, Facts | null>>
}

/** Reads the facts of a row, its parents' among them, within the transaction that changes it. */
export async function factsOf(db: Db, policy: RowPolicy, row: Row): Promise<Facts> {
  const parents: Record<string, Facts | null> = {}
  for (const { key, parent } of parentsIn(policy)) {
    const id = row[key]
    parents[key] = typeof id === 'string' ? await parentFacts(db, parent, id) : null
  }
  return { ...ownFacts(policy, row), parents }
}

/** The facts of a row that is seen through no parent. */
export function ownFacts(policy: RowPolicy, row: Row): Facts {
  const text = (name: string) => (row[name] as string | null | undefined) ?? null
  const owners = Object.fromEntries(policy.owners.map((name) => [name, text(name)]))
  return { concessionId: text('concessionId'), owners, parents: {} }
}

async function parentFacts(db: Db, parent: RowPolicy, id: string): Promise<Facts | null> {
  const [row] = await db
    .select()
    .from(parent.table)
    .where(and(eq(column(parent, 'id'), id), living(parent)))
  return row ? factsOf(db, parent, row as Row) : null
}

/** The parents through which a row may be seen, each with the column that names it. */
export function parentsIn(policy: RowPolicy): { key: string; parent: RowPolicy }[] {
  const inCondition = (condition: Condition): { key: string; parent: RowPolicy }[] => {
    if (condition.kind === 'any') return condition.of.flatMap(inCondition)
    return condition.kind === 'through' ? [{ key: keyOf(policy, condition.foreignKey), parent: condition.parent }] : []
  }
  return inCondition(policy.condition)
}

const keyOf = (policy: RowPolicy, foreignKey: unknown): string =>
  Object.keys(policy.columns).find((name) => policy.columns[name] === foreignKey) ?? ''

/** Whether the viewer may do the action on the row that the facts tell of; the same verdict as the policy's SQL. */
export function allowed(policy: RowPolicy, viewer: Viewer, action: Action, facts: Facts): boolean {
  if (viewer.concessionId && bearsConcession(policy) && facts.concessionId !== viewer.concessionId) return false
  if (policy.judged === 'by its parent') return holds(policy, policy.condition, viewer, action, facts, [])
  const scope = scopeOf(viewer, element(policy, action))
  if (!scope) return false
  return (
    scope === 'all' || holds(policy, policy.condition, viewer, action, facts, scope === 'team' ? viewer.reports : [])
  )
}

function holds(
  policy: RowPolicy,
  condition: Condition,
  viewer: Viewer,
  action: Action,
  facts: Facts,
  reports: readonly string[],
): boolean {
  switch (condition.kind) {
    case 'everyone':
      return true
    case 'any':
      return condition.of.some((one) => holds(policy, one, viewer, action, facts, reports))
    case 'owned': {
      const owner = facts.owners[condition.column]
      return viewer.kind === 'USER' && owner != null && (owner === viewer.id || reports.includes(owner))
    }
    case 'unowned':
      return viewer.kind === 'USER' && facts.owners[condition.column] == null
    case 'through': {
      const parent = facts.parents[keyOf(policy, condition.foreignKey)]
      return parent != null && allowed(condition.parent, viewer, askedOfParent(action), parent)
    }
  }
}
