// Parses, validates and plans documents that are not known yet: one at a time, the clients in turn, within a budget each.
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { failure, rateLimited } from '@switchyard/runtime/errors'
import type { Limits } from '@switchyard/runtime/limits'
import type { RateLimiter, RateLimitRule } from '@switchyard/runtime/rate-limit/rate-limiter'
import type { RequestContext } from '../request.ts'

const windowSeconds = 60
/** What the budget of one anonymous address is multiplied by. */
const shares = { viewer: 5, allAnonymous: 7.5 }

/** As many as one WebSocket may run at once, twice. */
export const maxPendingPerClient = 100
const maxPending = 500

/** Work whose result is kept, so that those who need the same one wait for it together. */
export type PlanningTask<Result> = {
  /** What it is done for; equal for those who need the same result. */
  readonly subject: unknown
  /** Whether the result is there already, and `run` costs nothing. */
  readonly isDone: () => boolean
  readonly run: () => Result
}

export type PlanningQueue = {
  /** The result of the task, run in its turn; rejects with RATE_LIMITED when the client has no CPU time or no place left. */
  run<Result>(context: RequestContext, task: PlanningTask<Result>): Promise<Result> | Result
}

type Job = { readonly context: RequestContext; readonly start: (refusal?: unknown) => void }
type Budget = readonly [key: string, rule: RateLimitRule]

/** `limiter` counts per process, as it is the CPU of one process that is shared. */
export function createPlanningQueue(limiter: RateLimiter, { planningMs }: Pick<Limits, 'planningMs'>): PlanningQueue {
  const ruleOf = (share: number): RateLimitRule => ({ max: planningMs * 1000 * share, windowSeconds })
  const rules = { address: ruleOf(1), viewer: ruleOf(shares.viewer), allAnonymous: ruleOf(shares.allAnonymous) }
  const waiting = new Map<string, Job[]>()
  const unfinished = new Map<unknown, Promise<unknown>>()
  let pending = 0
  let isWorking = false

  /** In microseconds. */
  const budgetsOf = ({ clientKey = '', viewer }: RequestContext): readonly Budget[] =>
    viewer.id === null
      ? [
          [clientKey, rules.address],
          ['all anonymous', rules.allAnonymous],
        ]
      : [[clientKey, rules.viewer]]

  async function assertBudget(context: RequestContext): Promise<void> {
    for (const [key, rule] of budgetsOf(context)) {
      const { remaining, resetSeconds } = await limiter.rateLimit(key, rule, 0)
      if (remaining <= 0) throw rateLimited(resetSeconds)
    }
  }

  async function charge(context: RequestContext, microseconds: number): Promise<void> {
    for (const [key, rule] of budgetsOf(context)) await limiter.rateLimit(key, rule, microseconds)
  }

  function enqueue(job: Job): void {
    const key = job.context.clientKey ?? ''
    const own = waiting.get(key) ?? []
    if (own.length >= maxPendingPerClient || pending >= maxPending) throw rateLimited(1)
    own.push(job)
    pending++
    waiting.set(key, own)
    if (!isWorking) void drain()
  }

  /** The oldest job of the client that has waited longest for its turn. */
  function next(): Job | undefined {
    for (const [key, [job, ...rest]] of waiting) {
      waiting.delete(key)
      if (rest.length > 0) waiting.set(key, rest)
      pending--
      return job
    }
    return undefined
  }

  async function drain(): Promise<void> {
    isWorking = true
    for (let job = next(); job; job = next()) {
      // what others have sent meanwhile is read and answered first
      await turn()
      const { context, start } = job
      const refusal = await assertBudget(context).then(
        () => (context.signal?.aborted ? failure('BAD_REQUEST', 'The client has left.') : undefined),
        (error: unknown) => error,
      )
      const before = process.threadCpuUsage()
      start(refusal)
      const { user, system } = process.threadCpuUsage(before)
      await charge(context, user + system)
      // half of the time at most goes into documents of anonymous clients
      if (context.viewer.id === null) await wait((user + system) / 1000)
    }
    isWorking = false
  }

  async function inTurn<Result>(context: RequestContext, task: PlanningTask<Result>): Promise<Result> {
    // another client's may be refused; then this one's turn decides
    for (let other = unfinished.get(task.subject); other; other = unfinished.get(task.subject)) {
      await other.catch(() => undefined)
    }
    if (task.isDone()) return task.run()
    const result = queued(context, task.run)
    unfinished.set(task.subject, result)
    return result.finally(() => unfinished.delete(task.subject))
  }

  async function queued<Result>(context: RequestContext, work: () => Result): Promise<Result> {
    await assertBudget(context)
    return new Promise((resolve, reject) => {
      const start = (refusal?: unknown) => {
        if (refusal !== undefined) return reject(refusal)
        try {
          resolve(work())
        } catch (error) {
          reject(error)
        }
      }
      enqueue({ context, start })
    })
  }

  return { run: (context, task) => (task.isDone() ? task.run() : inTurn(context, task)) }
}
