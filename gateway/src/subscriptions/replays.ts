// Feeds that begin in the past: each viewer reads a few of them at once, and the others in the order of their opening.
import { failure, unavailable } from '@switchyard/runtime/errors'
import type { ExecutionResult } from 'graphql'
import type { FairQueue } from './fair-queue.ts'
import type { Feed } from './feed.ts'

export type Replaying = {
  readonly open: () => Promise<Feed | ExecutionResult>
  readonly viewerKey: string
  /** Whether it was open before: then it waits for its turn, however many others do. */
  readonly isReopened: boolean
  /** Aborted when nobody waits for it any longer. */
  readonly signal: AbortSignal
}

/** Opens a feed when it is its viewer's turn, which lasts until the past has been read. */
export async function openInTurn(queue: FairQueue, replaying: Replaying): Promise<Feed | ExecutionResult> {
  const { open, viewerKey, isReopened, signal } = replaying
  if (!isReopened && queue.isFull(viewerKey)) return { errors: [tooManyReplays()] }
  const release = await queue.enter(viewerKey, signal)
  if (!release) return { errors: [unavailable()] }
  signal.addEventListener('abort', release, { once: true })
  try {
    const feed = await open()
    if ('next' in feed) feed.caughtUp.then(release, release)
    else release()
    return feed
  } catch (error) {
    release()
    throw error
  }
}

const retryAfter = 5

const tooManyReplays = () =>
  failure('RATE_LIMITED', 'Too many of your subscriptions wait for past events already: try again in 5 s.', {
    retryAfter,
  })
