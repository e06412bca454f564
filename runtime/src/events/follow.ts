// A subscription's events: those of one entity, as far as this viewer may see them, from a cursor on.
import type { OutboxRow } from '../database/ledger.ts'
import { invalidInput } from '../errors.ts'
import { allowed } from '../rows/facts.ts'
import type { RowPolicy } from '../rows/policy.ts'
import type { Viewer } from '../viewer/viewer.ts'

export type ChangeKind = 'CREATED' | 'UPDATED' | 'DELETED' | 'LEFT'

/** What a subscription says of one event; `id` is the row's. */
export type Change = {
  readonly cursor: string
  readonly kind: ChangeKind
  readonly id: string
  readonly event: OutboxRow
}

/** What happened, as this viewer sees it; undefined when they saw nothing before and see nothing now. */
export function kindFor(policy: RowPolicy, viewer: Viewer, event: OutboxRow): ChangeKind | undefined {
  const { audienceBefore: before, audienceAfter: after } = event
  const sawIt = before !== null && allowed(policy, viewer, 'read', before)
  const seesIt = after !== null && allowed(policy, viewer, 'read', after)
  if (seesIt) return before === null ? 'CREATED' : 'UPDATED'
  if (!sawIt) return undefined
  return after === null ? 'DELETED' : 'LEFT'
}

export const eventCursor = (subgraph: string, position: bigint): string =>
  Buffer.from(`${subgraph}:${position}`).toString('base64url')

/** The position of a cursor; BAD_USER_INPUT for one of another subgraph, or none of ours. */
export function positionOf(subgraph: string, cursor: string): bigint {
  const [name, position] = Buffer.from(cursor, 'base64url').toString().split(':')
  if (name !== subgraph || !position || !/^\d{1,18}$/.test(position)) {
    throw invalidInput('after', '`after` is not a cursor of this subscription.')
  }
  return BigInt(position)
}
