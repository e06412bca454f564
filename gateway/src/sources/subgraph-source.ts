// Lets the plan executor fetch from a subgraph: a deadline, a circuit, and one plain error for whatever goes wrong.
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { GraphQLError } from 'graphql'
import { createCircuit } from './circuit.ts'
import { DeadlinePassed, withDeadline } from './deadline.ts'
import { outage } from './outage.ts'
import { isSound } from './sound-result.ts'
import type { Source } from './source.ts'
import type { TimeLeft } from './time-left.ts'

export type SourceOptions = {
  /** Of one fetch. */
  readonly timeout: number
  /** Of all fetches of an operation. */
  readonly timeLeft: TimeLeft
  readonly metrics: Metrics
  readonly log: Log
  /** Milliseconds, for the circuit. */
  readonly now: () => number
}

export function subgraphSource(
  executor: SubgraphExecutor,
  { timeout, timeLeft, metrics, log, now }: SourceOptions,
): Source {
  const subgraph = executor.name
  metrics.circuits.set({ subgraph }, 0)
  const circuit = createCircuit({
    now,
    onChange(isOpen) {
      metrics.circuits.set({ subgraph }, isOpen ? 1 : 0)
      if (isOpen) log.warn({ subgraph }, 'A subgraph keeps failing: it is spared for a while.')
      else log.info({ subgraph }, 'A subgraph that was spared is well again.')
    },
  })

  return async ({ query, variables, isMutation, context, signal }) => {
    const { viewer, requestId, client, idempotencyKey, forwarded: headers } = context
    const stop = metrics.fetches.startTimer({ subgraph })
    const left = timeLeft(context)
    const passage = left > 0 ? circuit.enter() : undefined
    if (!passage) {
      stop({ outcome: left > 0 ? 'spared' : 'late' })
      return { errors: outage(query, variables) }
    }
    const within = Math.min(timeout, left)
    const request = { query, variables, viewer, requestId, client, idempotencyKey, headers, mayJoin: !isMutation }
    try {
      const result = await withDeadline(within, signal, (deadline) =>
        executor.execute({ ...request, timeout: within, signal: deadline }),
      )
      if (!isSound(result, variables)) throw new Error('The answer is not a GraphQL result.')
      passage.answered()
      stop({ outcome: result.errors?.length ? 'error' : 'ok' })
      return result
    } catch (error) {
      if (isRefusal(error)) {
        passage.answered()
        stop({ outcome: 'refused' })
        return { errors: outage(query, variables, error) }
      }
      if (signal?.aborted) {
        passage.left()
        stop({ outcome: 'left' })
      } else {
        // an operation that leaves less time than is usual says nothing of the subgraph
        if (!(error instanceof DeadlinePassed)) passage.failed()
        else if (left < timeout) passage.left()
        else passage.silent()
        stop({ outcome: 'unavailable' })
        log.warn({ requestId, subgraph, err: error }, 'A subgraph did not answer.')
      }
      return { errors: outage(query, variables) }
    }
  }
}

/** A subgraph that refuses this one request is well. */
const isRefusal = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions.code !== 'SERVICE_UNAVAILABLE'
