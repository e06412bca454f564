// What a subscription delivers: the changes of one entity or of several, judged for its viewer as they are published.
import type { OutboxRow } from '../database/ledger.ts'
import { type Change, eventCursor, kindFor, positionOf } from '../events/follow.ts'
import type { Follower } from '../events/follower.ts'
import type { RowPolicy } from '../rows/policy.ts'
import type { Viewer } from '../viewer/viewer.ts'

/** Which events are wanted: a choice, or fields of their payload; null compares nothing. */
export type Where = Readonly<Record<string, unknown>> | ((event: OutboxRow) => boolean)

function choiceOf(where: Where): (event: OutboxRow) => boolean {
  if (typeof where === 'function') return where
  const wanted = Object.entries(where).filter(([, value]) => value != null)
  return ({ payload }) => wanted.every(([key, value]) => payload[key] === value)
}

export type Following = {
  readonly policies: readonly RowPolicy[]
  readonly viewer: Viewer
  /** The subscription's field, under which each change is delivered. */
  readonly field: string
  readonly after: string | null | undefined
  readonly where: Where
}

/** `beginning` is the cursor after which they come; `caughtUp` resolves once those of the past have been read. */
type Changes = AsyncIterableIterator<Record<string, Change>> & {
  readonly beginning: string
  readonly caughtUp: Promise<void>
}

/** The changes that the viewer may see; rejects when `after` is no cursor, or one that is no longer kept. */
export async function followChanges(
  { follower, subgraph }: { readonly follower: Follower; readonly subgraph: string },
  { policies, viewer, field, after, where }: Following,
): Promise<Changes> {
  const isWanted = choiceOf(where)
  const events = follower.since(after == null ? undefined : positionOf(subgraph, after))
  await events.ready
  const next = async (): Promise<IteratorResult<Record<string, Change>>> => {
    for (;;) {
      const { done, value: event } = await events.next()
      if (done) return { done: true, value: undefined }
      const policy = policies.find(({ name }) => name === event.entity)
      if (!policy || !isWanted(event)) continue
      const kind = kindFor(policy, viewer, event)
      if (!kind || event.position === null) continue
      const change = { cursor: eventCursor(subgraph, event.position), kind, id: event.entityId, event }
      return { done: false, value: { [field]: change } }
    }
  }
  const changes: Changes = {
    beginning: eventCursor(subgraph, events.place()),
    caughtUp: events.caughtUp,
    next,
    return: async () => {
      await events.return?.()
      return { done: true, value: undefined }
    },
    throw: async (error) => {
      await events.return?.()
      throw error
    },
    [Symbol.asyncIterator]: () => changes,
  }
  return changes
}
