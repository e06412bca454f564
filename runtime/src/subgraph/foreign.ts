// A subgraph that is not ours: a plain GraphQL server, which knows no viewer, and whose words are not for our clients.
import { GraphQLError } from 'graphql'
import { failure, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { idle, keptAlive, mayWrite } from './kept-alive.ts'
import type { MergedCalls } from './merged-calls.ts'
import { parsedAnswer } from './parsed-answer.ts'
import { requestIdHeader, resultIn } from './wire.ts'

export type ForeignOptions = {
  readonly name: string
  readonly url: string
  /** Milliseconds that an answer may take. */
  readonly timeout: number
  readonly log: Log
  /** Shared by all subgraphs of a graph: what a mutation of one changes, another may show. */
  readonly calls: MergedCalls
}

export type ForeignExecutor = SubgraphExecutor & { close(): Promise<void> }

export function foreignExecutor({ name, url, timeout, log, calls }: ForeignOptions): ForeignExecutor {
  const { pathname, search } = new URL(url)
  const connections = keptAlive(url, timeout, idle.foreign)

  async function textOf(request: SubgraphRequest): Promise<string> {
    const { query, variables, viewer, headers, requestId, mayJoin, signal } = request
    const body = JSON.stringify({ query, variables })
    const question = mayJoin ? { viewer, text: JSON.stringify([name, headers]) + body } : undefined
    return calls.ask(question, signal, async (stopped) => {
      const own = { 'content-type': 'application/json', accept, [requestIdHeader]: requestId }
      const all = { ...headers, ...own }
      const call = { path: pathname + search, method: 'POST', headers: all, body, signal: stopped } as const
      const { statusCode, headers: received, text } = await connections.ask(call, query)
      const type = received['content-type']
      // a refusal may come with any status that is not a redirection, as long as it is written in GraphQL's shape
      const isAnswer = statusCode < 300 || statusCode >= 400
      if (isAnswer && typeof type === 'string' && json.test(type)) return text
      throw new Error(`HTTP ${statusCode}, ${type}: ${text.slice(0, 200)}`)
    })
  }

  return {
    name,
    async execute(request) {
      const { requestId } = request
      try {
        const { data, errors } = resultIn(parsedAnswer(await textOf(request)))
        if (errors) log.warn({ subgraph: name, requestId, errors: errors.slice(0, 3) }, 'A subgraph answered errors.')
        return {
          ...(data !== undefined && { data }),
          ...(errors && { errors: errors.map((error) => masked(error, requestId)) }),
        }
      } catch (err) {
        if (!request.signal?.aborted) log.warn({ err, subgraph: name, requestId }, 'no answer')
        throw unavailable()
      } finally {
        if (mayWrite(request.query)) calls.forget()
      }
    },
    subscribe: async () => ({
      errors: [failure('BAD_REQUEST', 'The subscriptions of this graph are not served here.')],
    }),
    close: () => connections.close(),
  }
}

const accept = 'application/graphql-response+json, application/json'

const json = /^application\/([\w.-]+\+)?json\b/i

/** Where something went wrong, and nothing of what: the text may name anything, and the log has it. */
const masked = ({ path }: GraphQLError, requestId: string) =>
  new GraphQLError(`Something went wrong in a subgraph. Request ${requestId}.`, {
    ...(path && { path }),
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', data: { requestId } },
  })
