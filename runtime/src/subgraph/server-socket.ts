// A subgraph's subscriptions over WebSocket: the socket is the gateway's, each operation brings its own viewer.
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { type ExecutionResult, GraphQLError, GraphQLSchema, parse } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { codeOf, failure } from '../errors.ts'
import { refuseSocket } from '../http/raw-response.ts'
import { acceptUpgrades, badUpgrade } from '../http/server.ts'
import type { SubgraphRequest } from './executor.ts'
import type { SubgraphServerOptions } from './server.ts'
import { type OperationExtensions, opened } from './wire.ts'

const restarting = { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'The subgraph is shutting down.' }

/** graphql-ws asks of a document only whether it subscribes; the executor parses the operation itself, once. */
const subscription = { schema: new GraphQLSchema({}), document: parse('subscription { any }') }

export function subscriptionServer(server: Server, { executor, verify, newest, log }: SubgraphServerOptions) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024 })
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
      onSubscribe: async (_context, _id, payload) => {
        try {
          return { ...subscription, contextValue: await requestIn(payload) }
        } catch (error) {
          return [lawful(error)]
        }
      },
      subscribe: async ({ contextValue }) => {
        try {
          // Asked before it opens: where it does not say itself where it begins, what is published meanwhile may come
          // twice after a loss, but comes.
          const before = await newest()
          const result = await executor.subscribe(contextValue as SubgraphRequest)
          return Symbol.asyncIterator in result ? announced(result, result.beginning ?? before) : result
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

/** The same events, after a word that the subscription is open. */
function announced(
  events: AsyncIterableIterator<ExecutionResult>,
  beginning: string | undefined,
): AsyncIterableIterator<ExecutionResult> {
  let isAnnounced = false
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => {
      if (isAnnounced) return events.next()
      isAnnounced = true
      return Promise.resolve({ done: false, value: opened(beginning) })
    },
    return: () => events.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
