// What a transaction has written, before and after, row by row: events take their changes and their audience from it.
import type { FieldChange } from '../database/ledger.ts'
import type { Row } from './facts.ts'
import type { RowPolicy } from './policy.ts'

export type Written = {
  readonly policy: RowPolicy
  readonly before: Row | null
  readonly after: Row
  readonly isRemoved: boolean
  told: boolean
}

export type Journal = {
  /** Rows as this transaction locked or last wrote them, by id. */
  readonly held: Map<string, Row>
  readonly written: Map<string, Written>
}

export const newJournal = (): Journal => ({ held: new Map(), written: new Map() })

/** Notes a write; several writes of one row in one transaction are one change. */
export function note(
  { held, written }: Journal,
  policy: RowPolicy,
  before: Row | null,
  after: Row,
  isRemoved = after.deletedAt != null,
): void {
  const id = String(after.id)
  const earlier = written.get(id)
  written.set(id, { policy, before: earlier ? earlier.before : before, after, isRemoved, told: false })
  held.set(id, after)
}

const bookkeeping = new Set(['id', 'version', 'createdAt', 'updatedAt', 'search'])

/** The fields that differ; times as RFC 3339, whole numbers as strings. */
export function changesOf({ policy, before, after: written, isRemoved }: Written): FieldChange[] {
  const after = isRemoved && written.deletedAt == null ? ({} as Row) : written
  return Object.keys(policy.columns)
    .filter((field) => !bookkeeping.has(field) && !same(before?.[field] ?? null, after[field] ?? null))
    .map((field) => ({ field, before: plain(before?.[field]), after: plain(after[field]) }))
}

/** Whether two column values are the same value. */
export function same(a: unknown, b: unknown): boolean {
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime()
  if (typeof a === 'object' && a !== null) return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
  return a === b
}

/** A value as JSON can hold it. */
export function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
  return value
}
