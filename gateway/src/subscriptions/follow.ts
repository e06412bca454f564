// One client's subscription: opened for its viewer, opened again when that changes, ended when either side leaves.
import { setTimeout as wait } from 'node:timers/promises'
import { unavailable } from '@switchyard/runtime/errors'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import { type ExecutionResult, print } from 'graphql'
import type { Operation } from '../answer.ts'
import type { RequestContext } from '../request.ts'
import type { Client } from './client.ts'
import { type FeedOptions, openFeed } from './feed.ts'
import type { Hub } from './hub.ts'
import type { SubscriptionPlan } from './plan.ts'
import { createQueue, type Queue } from './queue.ts'

const eventsThatMayWait = 256
const longestOverlap = 500

export type Following = {
  readonly hub: Hub
  readonly feeds: FeedOptions
  readonly client: Client
  readonly plan: SubscriptionPlan
  readonly operation: Operation
  readonly context: RequestContext
  /** Aborted when every subscription has to end. */
  readonly signal: AbortSignal
  /** Counts what is open. */
  readonly open: { inc(): void; dec(): void }
  readonly onOverflow: () => void
}

/** The events, or the refusal of the subgraph. */
export async function follow(following: Following): Promise<Queue<ExecutionResult> | ExecutionResult> {
  const { client, context, signal, open, onOverflow } = following
  let leave: () => void = () => {}
  let hasLeft = false

  const queue = createQueue<ExecutionResult>({
    limit: eventsThatMayWait,
    onOverflow,
    onLeft() {
      hasLeft = true
      open.dec()
      signal.removeEventListener('abort', queue.end)
      forgetClient()
      leave()
    },
  })

  async function join(viewer: Viewer): Promise<ExecutionResult | undefined> {
    const joined = await joinAs(following, queue, viewer)
    if (typeof joined !== 'function') return joined
    if (hasLeft) joined()
    else leave = joined
    return undefined
  }

  /** The old feed goes on until the new one is open, so that no event falls between them, but not for long. */
  async function change(viewer: Viewer): Promise<void> {
    const leaveOld = leave
    leave = () => {}
    const joining = join(viewer).catch(() => ({ errors: [unavailable()] }))
    await Promise.race([joining, wait(longestOverlap, undefined, { ref: false })])
    leaveOld()
    const refused = await joining
    if (!refused) return
    queue.push(refused)
    queue.end()
  }

  let changing = Promise.resolve()
  const forgetClient = client.onViewer((viewer) => {
    changing = changing.then(() => (hasLeft ? undefined : change(viewer)))
  })
  open.inc()
  signal.addEventListener('abort', queue.end)
  const refused = await join(context.viewer).catch((error: unknown) => {
    queue.end()
    throw error
  })
  if (refused) queue.end()
  return refused ?? queue
}

function joinAs({ hub, feeds, plan, operation, context }: Following, queue: Queue<ExecutionResult>, viewer: Viewer) {
  const asViewer = { ...context, viewer }
  return hub.join(queue, plan.resumes ? undefined : keyOf(operation, viewer), () =>
    openFeed(feeds, plan, operation, asViewer),
  )
}

/** Who may share: the same document and variables, asked by a viewer of whom everything but its token's end is the same. */
function keyOf({ document, operationName, variables }: Operation, { expiresAt: _, ...viewer }: Viewer): string {
  return JSON.stringify([document.loc?.source.body ?? print(document), operationName, variables, viewer])
}
