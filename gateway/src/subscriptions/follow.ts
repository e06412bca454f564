// One client's subscription: opened for its viewer, opened again when that changes, ended when either side leaves.
import { setTimeout as wait } from 'node:timers/promises'
import { unavailable } from '@switchyard/runtime/errors'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import { type DocumentNode, type ExecutionResult, print } from 'graphql'
import type { Operation } from '../answer.ts'
import type { RequestContext } from '../request.ts'
import type { Client } from './client.ts'
import { type FeedOptions, openFeed } from './feed.ts'
import type { Asked, Hub, Place } from './hub.ts'
import { createLife, type Life } from './life.ts'
import type { SubscriptionPlan } from './plan.ts'
import { beginningOf } from './root.ts'

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
  /** Sends what is to be told, as the subgraph's answer written out. */
  readonly tell: (payload: string) => void
  readonly drained: () => Promise<void> | undefined
  readonly onOver: () => void
  /** Whose share of the work at once it counts to. */
  readonly viewerKey: string
  /** Writes a result out, its errors masked. */
  readonly write: (result: ExecutionResult) => string
}

/** How long it lasts, or the refusal of the subgraph. */
export async function follow(following: Following): Promise<Life | ExecutionResult> {
  const { hub, client, context, operation, signal, open, tell, drained, viewerKey, write } = following
  const { after, others } = beginningOf(operation.document, operation.variables)
  const question = questionOf(operation, others)
  let place: Place | undefined
  let hasBegun = false
  let entering: Place | undefined
  let superseded: Place | undefined

  const life = createLife(() => {
    open.dec()
    following.onOver()
    signal.removeEventListener('abort', life.end)
    forgetClient()
    place?.leave()
    entering?.leave()
  })
  const listener = {
    viewerKey,
    push: (payload: string) => void (life.isOver() || tell(payload)),
    end: life.end,
    drained,
  }

  async function join(viewer: Viewer, cursor: string | undefined): Promise<ExecutionResult | undefined> {
    const isReopened = hasBegun
    hasBegun = true
    const joined = hub.join(listener, { ...askedOf(following, question, viewer), isReopened }, cursor)
    entering = joined
    const refused = await joined.opened.finally(() => {
      entering = undefined
    })
    if (joined === superseded) return undefined
    if (refused) return refused
    if (life.isOver()) joined.leave()
    else place = joined
    return undefined
  }

  /**
   * Goes on where the old viewer was. Where that is not known, the old feed goes on until the new one is open, so that
   * no event falls between them, but not for long.
   */
  async function change(viewer: Viewer): Promise<void> {
    const old = place
    const position = old ? old.position() : after
    if (position !== undefined) old?.leave()
    const joining = join(viewer, position).catch(() => ({ errors: [unavailable()] }))
    if (position === undefined) {
      await Promise.race([joining, wait(longestOverlap, undefined, { ref: false })])
      old?.leave()
    }
    refuse(await joining)
  }

  function refuse(refused: ExecutionResult | undefined) {
    if (!refused || life.isOver()) return
    listener.push(write(refused))
    life.end()
  }

  const joining = join(context.viewer, after)
  let changing: Promise<unknown> = joining.catch(() => {})
  const forgetClient = client.onViewer((viewer) => {
    // what has not begun begins as the new viewer
    if (entering?.waits) superseded = entering
    superseded?.leave()
    changing = changing.then(() => (life.isOver() ? undefined : change(viewer)))
  })
  open.inc()
  signal.addEventListener('abort', life.end)
  if (entering?.waits) {
    // it may take long, and whoever gives up meanwhile is heard only where this has been answered
    joining.catch(() => ({ errors: [unavailable()] })).then(refuse)
    return life
  }
  const refused = await joining.catch((error: unknown) => {
    life.end()
    throw error
  })
  if (refused) life.end()
  return refused ?? life
}

const askedOf = (
  { feeds, plan, operation, context, write }: Following,
  question: string,
  viewer: Viewer,
): Omit<Asked, 'isReopened'> => ({
  question,
  viewer,
  isResumable: plan.isResumable,
  write,
  open: (as, after) => openFeed(feeds, { plan, operation, requestId: context.requestId, viewer: as, after }),
})

const questions = new WeakMap<DocumentNode, string>()

/** The document, which of its operations, and its variables; kept once for the many who ask the same without any. */
function questionOf({ document, operationName }: Operation, variables: Operation['variables']): string {
  const text = () => document.loc?.source.body ?? print(document)
  if (operationName !== undefined || Object.keys(variables).length > 0)
    return JSON.stringify([text(), operationName, variables])
  const known = questions.get(document) ?? text()
  questions.set(document, known)
  return known
}
