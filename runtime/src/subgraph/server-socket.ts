// A subgraph's subscriptions over WebSocket: the socket is the gateway's, each operation brings its own viewer.
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { GraphQLError, GraphQLSchema, parse } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { codeOf, failure } from '../errors.ts'
import { refuseSocket } from '../http/raw-response.ts'
import { acceptUpgrades, badUpgrade } from '../http/server.ts'
import type { SubgraphRequest } from './executor.ts'
import { pacedAnswers, type Requests } from './paced-answers.ts'
import type { SubgraphServerOptions } from './server.ts'
import { type OperationExtensions, requestedIn } from './wire.ts'

const restarting = { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'The subgraph is shutting down.' }

/** graphql-ws asks of a document only whether it subscribes; the executor parses the operation itself, once. */
const subscription = { schema: new GraphQLSchema({}), document: parse('subscription { any }') }

export function subscriptionServer(server: Server, { executor, verify, newest, log }: SubgraphServerOptions) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024 })
  const requests = new WeakMap<object, Requests>()
  let closing = false
  sockets.on('wsClientError', (_, socket) => refuseSocket(socket, badUpgrade))
  acceptUpgrades(server, '/graphql', (request, socket, head) => {
    if (closing) return refuseSocket(socket, restarting)
    sockets.handleUpgrade(request, socket, head, (client) => {
      sockets.emit('connection', client, request)
      // graphql-ws prints what a client sent wrong and listens once; ws has closed the socket by itself then
      client.removeAllListeners('error').on('error', () => {})
    })
  })

  const lawful = (error: unknown) => {
    if (codeOf(error) && error instanceof GraphQLError) return error
    log.error({ err: error }, 'a subscription failed')
    return failure('INTERNAL_SERVER_ERROR', 'Something went wrong.')
  }
  useServer(
    {
      onConnect: ({ connectionParams }) =>
        verify(textOf(connectionParams?.viewer)).then(
          () => true,
          () => false,
        ),
      onPong: (context, payload) => requests.get(context)?.get(requestedIn(payload) ?? '')?.(),
      onSubscribe: async (context, _id, payload) => {
        try {
          const onSocket = requests.get(context) ?? new Map()
          requests.set(context, onSocket)
          const { pacing } = (payload.extensions ?? {}) as OperationExtensions
          const pace = { requests: onSocket, name: textOf(pacing) }
          return { ...subscription, contextValue: { request: await requestIn(payload), pace } satisfies Subscribing }
        } catch (error) {
          return [lawful(error)]
        }
      },
      subscribe: async ({ contextValue }) => {
        try {
          // Asked before it opens: where it does not say itself where it begins, what is published meanwhile may come
          // twice after a loss, but comes.
          const before = await newest()
          const { request, pace } = contextValue as Subscribing
          const result = await executor.subscribe(request)
          if (!(Symbol.asyncIterator in result)) return result
          return pacedAnswers(result, { ...pace, beginning: result.beginning ?? before })
        } catch (error) {
          return { errors: [lawful(error)] }
        }
      },
      onError: (_context, _id, _payload, errors) =>
        errors.map((error) => lawful(error.originalError ?? error).toJSON()),
    },
    sockets,
  )
  const requestIn = async ({ query, variables, extensions }: SubscribePayload): Promise<SubgraphRequest> => {
    const { viewer, requestId } = (extensions ?? {}) as OperationExtensions
    return {
      query,
      variables: variables ?? {},
      viewer: await verify(textOf(viewer)),
      requestId: textOf(requestId) ?? randomUUID(),
    }
  }
  return {
    /** Tells every gateway to come back, to another process or to this one restarted. */
    close: () => {
      closing = true
      for (const client of sockets.clients) client.close(1012, 'Service restart')
    },
    terminate: () => {
      for (const client of sockets.clients) client.terminate()
    },
  }
}

type Subscribing = {
  readonly request: SubgraphRequest
  readonly pace: { readonly requests: Requests; readonly name: string | undefined }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
