// Whose rows are whose: one small tree per entity, used as SQL where rows are loaded and as a predicate on facts
// where an event is about to be pushed. Four words: rows with owners, rows that wait for one, rows seen through a
// parent, everyone's rows.
import { getTableColumns } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

export type Action = 'read' | 'create' | 'update' | 'delete' | 'assign'

export type Condition<Column extends string = string> =
  | { readonly kind: 'owned' | 'unowned'; readonly column: Column }
  | { readonly kind: 'through'; readonly foreignKey: PgColumn; readonly parent: RowPolicy }
  | { readonly kind: 'any'; readonly of: readonly Condition<Column>[] }
  | { readonly kind: 'everyone' }

/** Where the permission's scope is decided: at the row's own element, or wholly by the parent. */
type Judged = 'by its own element' | 'by its parent'

export type RowPolicy<Table extends PgTable = PgTable> = {
  /** `crm.deal`: the entity's name, and the first two parts of its permission elements. */
  readonly name: string
  readonly table: Table
  readonly columns: Record<string, PgColumn>
  readonly condition: Condition
  readonly judged: Judged
  /** The columns that name users, each changed only by who holds the entity's `assign`. */
  readonly owners: readonly string[]
}

type ColumnOf<Table extends PgTable> = keyof Table['_']['columns'] & string

/** The row's own column names its owner. */
export const owned = <const Column extends string>(column: Column): Condition<Column> => ({ kind: 'owned', column })

/** The row's own column names nobody yet: a queue that each of those with the permission may take from. */
export const unowned = <const Column extends string>(column: Column): Condition<Column> => ({ kind: 'unowned', column })

/** Seen by whoever may see the parent; written by whoever may update it. */
export const through = <Table extends PgTable>(foreignKey: PgColumn, parent: RowPolicy<Table>): Condition<never> => ({
  kind: 'through',
  foreignKey,
  parent: parent as unknown as RowPolicy,
})

export const any = <const Column extends string>(...of: Condition<Column>[]): Condition<Column> => ({ kind: 'any', of })

/** Rows with owners: the viewer's scope for `<name>.<action>` decides how far the condition must hold. */
export const rowPolicy = <Table extends PgTable>(
  name: string,
  table: Table,
  condition: Condition<ColumnOf<Table>>,
): RowPolicy<Table> => policy(name, table, condition, 'by its own element')

/** Rows that are part of a parent and have no owner of their own. */
export const seenThrough = <Table extends PgTable, Parent extends PgTable>(
  name: string,
  table: Table,
  foreignKey: PgColumn,
  parent: RowPolicy<Parent>,
): RowPolicy<Table> => policy(name, table, through(foreignKey, parent), 'by its parent')

/** Rows that hang on nobody: the role alone decides. */
export const everyones = <Table extends PgTable>(name: string, table: Table): RowPolicy<Table> =>
  policy(name, table, { kind: 'everyone' }, 'by its own element')

function policy<Table extends PgTable>(
  name: string,
  table: Table,
  condition: Condition,
  judged: Judged,
): RowPolicy<Table> {
  return {
    name,
    table,
    columns: getTableColumns(table) as Record<string, PgColumn>,
    condition,
    judged,
    owners: [...new Set(ownersIn(condition))],
  }
}

const ownersIn = (condition: Condition): readonly string[] => {
  if (condition.kind === 'owned' || condition.kind === 'unowned') return [condition.column]
  return condition.kind === 'any' ? condition.of.flatMap(ownersIn) : []
}

/** The permission element of an action on an entity: `crm.deal.update`. */
export const element = (policy: RowPolicy, action: Action): string => `${policy.name}.${action}`

/** What a parent must allow for an action on its part. */
export const askedOfParent = (action: Action): Action => (action === 'read' ? 'read' : 'update')

export const isRecoverable = (policy: RowPolicy): boolean => 'deletedAt' in policy.columns

/** Whether its rows say which concession they belong to. */
export const bearsConcession = (policy: RowPolicy): boolean => 'concessionId' in policy.columns
