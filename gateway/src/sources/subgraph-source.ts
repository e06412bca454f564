// Lets the plan executor fetch from a subgraph: a deadline, a measurement, and one plain error for whatever goes wrong.
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { withDeadline } from './deadline.ts'
import { outage } from './outage.ts'
import { isSound } from './sound-result.ts'
import type { Source } from './source.ts'

export type SourceOptions = { readonly timeout: number; readonly metrics: Metrics; readonly log: Log }

export const subgraphSource =
  (executor: SubgraphExecutor, { timeout, metrics, log }: SourceOptions): Source =>
  async ({ query, variables, isMutation, context, signal }) => {
    const { viewer, requestId, idempotencyKey, forwarded: headers } = context
    const stop = metrics.fetches.startTimer({ subgraph: executor.name })
    try {
      const result = await withDeadline(timeout, signal, (deadline) =>
        executor.execute({
          query,
          variables,
          viewer,
          requestId,
          idempotencyKey,
          headers,
          mayJoin: !isMutation,
          signal: deadline,
        }),
      )
      if (!isSound(result, variables)) throw new Error('The answer is not a GraphQL result.')
      stop({ outcome: result.errors?.length ? 'error' : 'ok' })
      return result
    } catch (error) {
      stop({ outcome: 'unavailable' })
      log.warn({ requestId, subgraph: executor.name, err: error }, 'A subgraph did not answer.')
      return { errors: outage(query, variables) }
    }
  }
