// GraphQL over HTTP, on Node's own server: what is asked of the graph most passes through nothing that it does not need.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApolloServer, HeaderMap } from '@apollo/server'
import { clientKey } from '../limits/client-key.ts'
import type { RequestContext } from '../request.ts'
import { asking, type Door } from './asking.ts'
import { bodyReader } from './body.ts'
import type { Refuse } from './refuse.ts'
import type { ResponseWriter } from './response-writer.ts'

export type GraphqlOptions = {
  readonly apollo: ApolloServer<RequestContext>
  readonly door: Door
  readonly largestBody: number
  readonly refuse: Refuse
  readonly writer: ResponseWriter
}

/** Answers GET and POST. */
export function graphqlHandler({ apollo, door, largestBody, refuse, writer }: GraphqlOptions) {
  const bodyOf = bodyReader(largestBody)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // before the body is read: who may not ask, or not now, is answered without it
    const { viewer, address } = await door.authentication.admit(request, response)
    const sent = request.method === 'POST' ? await bodyOf(request, response) : undefined
    const { context, search, body } = await asking(door, { request, viewer, address, body: sent }, response)
    const answered = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? '', headers: headersOf(request), search, body },
      context: async () => context,
    })
    if (answered.body.kind !== 'complete') throw new Error('An answer in parts was not asked for.')
    const { string } = answered.body
    const headers = Object.fromEntries(answered.headers)
    writer.write(response, { status: answered.status ?? 200, headers, body: string }, clientKey(viewer, address))
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => refuse(error, request, response))
  }
}

function headersOf({ headers }: IncomingMessage): HeaderMap {
  const map = new HeaderMap()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return map
}
