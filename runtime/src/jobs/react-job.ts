// The job by which a subgraph hears of an event. It is tried until it succeeds, since an event is never given up.
import type { JobsOptions } from 'bullmq'
import type { OutboxRow } from '../database/ledger.ts'

/** Its data is `{ source, eventId }`. */
export const react = 'react'

export type ReactData = { readonly source: string; readonly eventId: string }

/** What a subgraph's `run` is handed for the job `react`. */
export type Reacting = { readonly event: OutboxRow }

/** Milliseconds between two attempts at a reaction, at the most. */
export const longestRest = 5 * 60_000

export const reactOptions = {
  attempts: 2 ** 31 - 1,
  backoff: { type: 'until it succeeds' },
  // One whose worker died too often leaves the queue, and is added again because it is still owed.
  removeOnFail: true,
} satisfies JobsOptions

/** Whole milliseconds: 1 s, 2 s, 4 s, … up to the longest, less up to a half by chance. */
export const restAfter = (attempts: number, longest: number): number =>
  Math.ceil(Math.min(1000 * 2 ** (attempts - 1), longest) * (1 - Math.random() / 2))
