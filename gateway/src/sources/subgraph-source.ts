// Lets the plan executor fetch from a subgraph: a deadline, a measurement, and one plain error for whatever goes wrong.
import type { GraphQLDataSource } from '@apollo/gateway'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import type { ExecutionResult } from 'graphql'
import type { RequestContext } from '../request.ts'
import { withDeadline } from './deadline.ts'
import { outage } from './outage.ts'
import { isSound } from './sound-result.ts'

export type SourceOptions = { readonly timeout: number; readonly metrics: Metrics; readonly log: Log }

export function subgraphSource(executor: SubgraphExecutor, options: SourceOptions): GraphQLDataSource<RequestContext> {
  const { timeout, metrics, log } = options
  return {
    async process({ request, context }) {
      const { viewer, requestId, idempotencyKey, signal } = context as RequestContext
      const variables = request.variables ?? {}
      const stop = metrics.fetches.startTimer({ subgraph: executor.name })
      try {
        const result = await withDeadline(timeout, signal, (deadline) =>
          executor.execute({
            query: request.query ?? '',
            variables,
            viewer,
            requestId,
            idempotencyKey,
            signal: deadline,
          }),
        )
        if (!isSound(result, variables)) throw new Error('The answer is not a GraphQL result.')
        stop({ outcome: result.errors?.length ? 'error' : 'ok' })
        return asResponse(result)
      } catch (error) {
        stop({ outcome: 'unavailable' })
        log.warn({ requestId, subgraph: executor.name, err: error }, 'A subgraph did not answer.')
        return asResponse({ errors: outage(request.query ?? '', variables) })
      }
    },
  }
}

type Response = Awaited<ReturnType<GraphQLDataSource['process']>>

/** The plan executor's types are those of an older server; the values are the same. */
const asResponse = (result: ExecutionResult) => result as Response
