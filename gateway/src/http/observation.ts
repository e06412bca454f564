// One measurement and one log line for each operation that came over HTTP.
import type { ApolloServerPlugin } from '@apollo/server'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import type { Safelist } from '../operations/safelist.ts'
import type { RequestContext } from '../request.ts'

type Options = { metrics: Metrics; log: Log; safelist: Safelist }

export function observation({ metrics, log, safelist }: Options): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ contextValue: { requestId, viewer } }) {
      const stop = metrics.operations.startTimer()
      return {
        async willSendResponse({ operation, operationName, response: { body } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined
          const outcome = errors?.[0] ? String(errors[0].extensions?.code) : 'ok'
          const type = operation?.operation ?? 'none'
          // only known names become labels: a client could make up any number of others
          const name = operationName && safelist.knows(operationName) ? operationName : 'other'
          const seconds = stop({ operation: name, type, outcome: errors ? 'error' : 'ok' })
          log.info(
            {
              requestId,
              viewer: viewer.id,
              operation: operationName,
              type,
              outcome,
              milliseconds: Math.round(seconds * 1000),
            },
            'Answered.',
          )
        },
      }
    },
  }
}
