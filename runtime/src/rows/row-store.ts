// The verbs that every store has, each already narrowed to the viewer's rows. Reading verbs batch by themselves;
// writing verbs exist only inside a transaction, check the version, and note before and after for the events.
import { and, eq, getTableColumns, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { conflict, forbidden, notFound } from '../errors.ts'
import { isId, newId } from '../ids.ts'
import { scopeOf, type Viewer } from '../viewer/viewer.ts'
import { parentsIn, type Row } from './facts.ts'
import { type Journal, note, plain, same } from './journal.ts'
import { type Action, bearsConcession, element, isRecoverable, type RowPolicy } from './policy.ts'
import { allowedSql, column, living } from './policy-sql.ts'
import { rowLoader } from './row-loader.ts'
import type { Scope } from './scope.ts'

/** What names a row to be changed, and the rest of the patch, so that a conflict can say what differs. */
export type Target = { readonly id: string; readonly expectedVersion?: number | null | undefined }

type Given = 'id' | 'createdAt' | 'updatedAt' | 'version' | 'concessionId'
export type NewRow<Table extends PgTable> = Omit<Table['$inferInsert'], Given> & { id?: string }

export type RowStore<Table extends PgTable> = {
  /** The row, or null when it is missing, deleted or not the viewer's to see. */
  find(id: string): Promise<Table['$inferSelect'] | null>
  /** The row; NOT_FOUND when it is missing, deleted or not the viewer's to see. */
  get(id: string): Promise<Table['$inferSelect']>
  /** In the order of `ids`, null where `find` says null. */
  byIds(ids: readonly string[]): Promise<(Table['$inferSelect'] | null)[]>
  /** The row, locked until the transaction ends: unseen NOT_FOUND, seen but not yours FORBIDDEN, older version CONFLICT. */
  lock(target: Target, action?: Action): Promise<Table['$inferSelect']>
  /** The same for a row that has been deleted and is to be restored. */
  lockDeleted(target: Target): Promise<Table['$inferSelect']>
  insert(row: NewRow<Table>): Promise<Table['$inferSelect']>
  /** Writes what differs from the locked row; a row that does not differ is left as it is, with its version. */
  update(next: Table['$inferSelect'], action?: Action): Promise<Table['$inferSelect']>
  /** Marks a recoverable row as deleted; deletes any other. */
  remove(row: Table['$inferSelect']): Promise<Table['$inferSelect']>
}

export function rowStore<Table extends PgTable>(scope: Scope, typed: RowPolicy<Table>): RowStore<Table> {
  const policy = typed as unknown as RowPolicy
  const { db, viewer, clock } = scope
  const id = column(policy, 'id')
  const may = (action: Action): SQL<boolean> => sql<boolean>`${allowedSql(policy, viewer, action)}`

  const find = async (one: string): Promise<Row | null> =>
    isId(one) ? rowLoader(scope, policy).load(one.toLowerCase()) : null

  const get = async (one: string): Promise<Row> => {
    const row = await find(one)
    if (!row) throw notFound(policy.name, one)
    return row
  }

  async function lockWhere(target: Target, action: Action, state: SQL | undefined): Promise<Row> {
    const journal = journalOf(scope)
    if (!isId(target.id)) throw notFound(policy.name, target.id)
    const [found] = await db
      .select({ row: getTableColumns(policy.table), seen: may('read'), may: may(action) })
      .from(policy.table)
      .where(and(eq(id, target.id), state))
      .for('update')
    if (!found?.seen) throw notFound(policy.name, target.id)
    if (!found.may) throw forbidden()
    const row = found.row as unknown as Row
    if (target.expectedVersion != null && target.expectedVersion !== row.version) throw outdated(row, target)
    journal.held.set(String(row.id), row)
    return row
  }

  async function write(before: Row | null, change: Row, action: Action): Promise<Row> {
    const journal = journalOf(scope)
    refuseForeignOwner(policy, scope, before, change)
    const columns = { ...(getTableColumns(policy.table) as Record<string, PgColumn>), mayWrite: may(action) }
    const isLocked = and(eq(id, before?.id), eq(column(policy, 'version'), before?.version))
    const statement = before
      ? db
          .update(policy.table)
          .set(change as never)
          .where(isLocked)
          .returning(columns)
      : db
          .insert(policy.table)
          .values(change as never)
          .returning(columns)
    const [written] = (await statement) as unknown as (Row & { mayWrite: boolean })[]
    if (!written) throw new Error(`${policy.name} ${String(before?.id)} was written by somebody else under its lock`)
    const { mayWrite, ...after } = written
    if (!mayWrite) throw forbidden()
    note(journal, policy, before, after)
    return after
  }

  const insert = (row: Row): Promise<Row> => {
    const now = clock.now()
    const id = newId()
    return write(
      null,
      { id, ...row, createdAt: now, updatedAt: now, version: 1, concessionId: concessionFor(policy, viewer, row) },
      'create',
    )
  }

  async function update(next: Row, action: Action = 'update'): Promise<Row> {
    const before = journalOf(scope).held.get(String(next.id))
    if (!before) throw new Error(`${policy.name} ${String(next.id)} must be locked before it is updated`)
    const changed = Object.keys(policy.columns).filter((name) => !same(before[name], next[name]))
    if (changed.length === 0) return before
    const change = Object.fromEntries(changed.map((name) => [name, next[name]]))
    return write(before, { ...change, updatedAt: clock.now(), version: (before.version as number) + 1 }, action)
  }

  async function remove(row: Row): Promise<Row> {
    if (isRecoverable(policy)) return update({ ...row, deletedAt: clock.now() }, 'delete')
    const journal = journalOf(scope)
    await db.delete(policy.table).where(and(eq(id, row.id), may('delete')))
    note(journal, policy, row, row, true)
    return row
  }

  const store = {
    find,
    get,
    byIds: (ids: readonly string[]) => Promise.all(ids.map(find)),
    lock: (target: Target, action: Action = 'update') => lockWhere(target, action, living(policy)),
    lockDeleted: (target: Target) => lockWhere(target, 'delete', isNotNull(column(policy, 'deletedAt'))),
    insert,
    update,
    remove,
  }
  return store as unknown as RowStore<Table>
}

/** A new row is its maker's concession's; where the maker belongs to none, it is that of what the row hangs on. */
function concessionFor(policy: RowPolicy, viewer: Viewer, row: Row): string | SQL | null {
  if (viewer.concessionId) return viewer.concessionId
  const inherited = parentsIn(policy)
    .filter(({ key, parent }) => bearsConcession(parent) && row[key] != null)
    .map(({ key, parent }) => {
      const isParent = eq(column(parent, 'id'), row[key])
      return sql`(select ${column(parent, 'concessionId')} from ${parent.table} where ${isParent})`
    })
  return inherited.length ? sql`coalesce(${sql.join(inherited, sql`, `)})` : null
}

function journalOf(scope: Scope): Journal {
  if (!scope.journal) throw new Error('Rows are written inside a transaction only.')
  return scope.journal
}

/**
 * Whoever puts a row into somebody's hands, other than their own new row into their own, needs the entity's `assign`:
 * with the scope `all` from anybody to anybody, with a narrower one only among themselves (and their team) and nobody,
 * so that what is nobody's can be taken and one's own released, and nothing taken out of another's hands.
 */
function refuseForeignOwner(policy: RowPolicy, { viewer }: Scope, before: Row | null, change: Row): void {
  const scope = scopeOf(viewer, element(policy, 'assign'))
  const hands = [null, viewer.id, ...(scope === 'team' ? viewer.reports : [])]
  for (const owner of policy.owners) {
    if (!(owner in change)) continue
    const [from, to] = [before?.[owner] ?? null, change[owner] ?? null] as [string | null, string | null]
    const isOwnNewRow = !before && to === viewer.id
    const mayAssign = scope === 'all' || (scope && hands.includes(from) && hands.includes(to))
    if (from !== to && !isOwnNewRow && !mayAssign) {
      throw forbidden(`You may not choose the ${owner.replace(/Id$/, '')} of this ${policy.name.split('.')[1]}.`)
    }
  }
}

/** CONFLICT with the current version and those fields of the input whose current value differs. */
function outdated(row: Row, target: Target) {
  const differing = Object.entries(target).filter(
    ([field, wanted]) =>
      field in row && field !== 'id' && wanted !== undefined && !same(row[field], comparable(row, wanted)),
  )
  return conflict('Somebody else has changed this in the meantime.', {
    currentVersion: row.version,
    fields: differing.map(([field]) => field),
    current: Object.fromEntries(differing.map(([field]) => [field, plain(row[field])])),
  })
}

/** An input's value as its column holds it: an amount of money lies in two columns, and differs when either does. */
function comparable(row: Row, wanted: unknown): unknown {
  if (typeof wanted !== 'object' || wanted === null || !('amount' in wanted && 'currency' in wanted)) return wanted
  return row.currency === wanted.currency ? wanted.amount : wanted
}
