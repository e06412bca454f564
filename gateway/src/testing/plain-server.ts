// A subgraph that is not ours, as a plain GraphQL server on loopback, with sockets; a test may have it answer anything.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { type DocumentNode, graphql } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

export type Asked = { query: string; variables: Record<string, unknown>; headers: IncomingMessage['headers'] }

/** Answers a request in its own way; `whole` is what the server would have said. */
export type Misbehaviour = (response: ServerResponse, whole: string) => void

export type PlainServer = {
  readonly url: string
  /** Every request that arrived, in order. */
  readonly asked: Asked[]
  misbehave: Misbehaviour | undefined
  /** Ends every socket without a word. */
  cut(): void
  close(): Promise<void>
}

export async function plainServer(typeDefs: DocumentNode, resolvers: object): Promise<PlainServer> {
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }])
  const server = createServer((request, response) => void answer(request, response))

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { query, variables } = JSON.parse(await text(request))
    plain.asked.push({ query, variables, headers: request.headers })
    const whole = JSON.stringify(await graphql({ schema, source: query, variableValues: variables }))
    if (plain.misbehave) return plain.misbehave(response, whole)
    response.setHeader('content-type', 'application/json').end(whole)
  }

  const sockets = new WebSocketServer({ server, path: '/graphql' })
  useServer({ schema }, sockets)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const plain: PlainServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    asked: [],
    misbehave: undefined,
    cut() {
      for (const socket of sockets.clients) socket.terminate()
    },
    close: () =>
      new Promise((resolve) => {
        plain.cut()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return plain
}
