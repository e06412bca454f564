// One measurement and one log line for each operation, whichever door it came through.
import type { ApolloServerPlugin } from '@apollo/server'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import type { GraphQLFormattedError, OperationDefinitionNode } from 'graphql'
import type { Safelist } from './operations/safelist.ts'
import type { RequestContext } from './request.ts'

type Observed = {
  readonly context: RequestContext
  readonly operation: OperationDefinitionNode | undefined
  readonly errors: readonly Pick<GraphQLFormattedError, 'extensions'>[] | undefined
}

/** Begins to measure; what it answers is called with what came of it. */
export type Observe = () => (observed: Observed) => void

type Options = { metrics: Metrics; log: Log; safelist: Safelist }

export const createObserve =
  ({ metrics, log, safelist }: Options): Observe =>
  () => {
    const stop = metrics.operations.startTimer()
    return ({ context: { requestId, viewer }, operation, errors }) => {
      const name = operation?.name?.value
      const type = operation?.operation ?? 'none'
      // only known names become labels: a client could make up any number of others
      const label = name !== undefined && safelist.knows(name) ? name : 'other'
      const seconds = stop({ operation: label, type, outcome: errors ? 'error' : 'ok' })
      const outcome = errors?.[0] ? String(errors[0].extensions?.code ?? 'INTERNAL_SERVER_ERROR') : 'ok'
      const milliseconds = Math.round(seconds * 1000)
      log.info({ requestId, viewer: viewer.id, operation: name, type, outcome, milliseconds }, 'Answered.')
    }
  }

export const observationPlugin = (observe: Observe): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart({ contextValue: context }) {
    const observed = observe()
    return {
      async willSendResponse({ operation, response: { body } }) {
        observed({ context, operation, errors: body.kind === 'single' ? body.singleResult.errors : undefined })
      },
    }
  },
})
