// Subscriptions to a server that is not ours, over one socket. Such a server knows no cursors: what is lost cannot be taken
// up again without a gap, so it ends, and whoever follows it is told.
import type { ExecutionResult } from 'graphql'
import { unavailable } from '../errors.ts'
import type { Events, SubgraphRequest } from './executor.ts'
import type { ForeignOptions } from './foreign.ts'
import { maskedResult } from './foreign-answer.ts'
import { pushedIterator } from './pushed-iterator.ts'
import { subgraphSocket } from './subgraph-socket.ts'
import { errorIn, resultIn } from './wire.ts'

const capacity = 1000

export function foreignSubscriptions({ name, url, timeout, log, calls }: ForeignOptions) {
  const client = subgraphSocket({ url, timeout })

  return {
    subscribe({ query, variables, requestId, signal }: SubgraphRequest): Events {
      let release = () => {}
      const leave = () => {
        signal?.removeEventListener('abort', abandon)
        release()
      }
      const events = pushedIterator<ExecutionResult>(capacity, leave)
      const end = (last?: ExecutionResult) => {
        events.end(last)
        leave()
      }
      const abandon = () => end()
      const fail = (cause: unknown) => {
        log.warn({ subgraph: name, requestId, cause: `${cause}` }, 'A subscription ended with its subgraph.')
        end({ errors: [unavailable()] })
      }
      const take = (message: unknown) => {
        calls.forget()
        try {
          if (!events.push(maskedResult(resultIn(message), requestId))) fail('it is read too slowly')
        } catch (cause) {
          fail(cause)
        }
      }
      // an array is the server's refusal; a CloseEvent or an Error is the connection's end
      const error = (cause: unknown) =>
        Array.isArray(cause) ? end(maskedResult({ errors: cause.map(errorIn) }, requestId)) : fail(cause)

      signal?.addEventListener('abort', abandon)
      release = client.subscribe({ query, variables }, { next: take, error, complete: abandon })
      return events.iterator
    },
    // a connection that is just being refused is as good as closed
    close: () => Promise.resolve(client.dispose()).catch(() => undefined),
  }
}
