// A subgraph that is not ours: a plain GraphQL server, which knows no viewer, and whose words are not for our clients.
import { type ExecutionResult, GraphQLError } from 'graphql'
import { failure, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Exchanged } from './exchange.ts'
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
  readonly calls: MergedCalls<Exchanged>
}

export type ForeignExecutor = SubgraphExecutor & { close(): Promise<void> }

export function foreignExecutor({ name, url, timeout, log, calls }: ForeignOptions): ForeignExecutor {
  const { pathname, search } = new URL(url)
  const connections = keptAlive(url, timeout, idle.foreign)

  async function answerTo(request: SubgraphRequest): Promise<Exchanged> {
    const { query, variables, viewer, headers, requestId, mayJoin, signal } = request
    const body = JSON.stringify({ query, variables })
    const question = mayJoin ? { viewer, text: JSON.stringify([name, headers]) + body } : undefined
    return calls.ask(question, signal, (stopped) => {
      const own = { 'content-type': 'application/json', accept, [requestIdHeader]: requestId }
      const all = { ...headers, ...own }
      const call = { path: pathname + search, method: 'POST', headers: all, body, signal: stopped } as const
      return connections.ask(call, query)
    })
  }

  return {
    name,
    async execute(request) {
      const { requestId } = request
      try {
        const { data, errors } = resultOf(await answerTo(request))
        if (errors) log.warn({ subgraph: name, requestId, errors: errors.slice(0, 3) }, 'A subgraph answered errors.')
        return {
          ...(data !== undefined && { data }),
          ...(errors && { errors: errors.map((error) => masked(error, requestId)) }),
        }
      } catch (err) {
        if (!request.signal?.aborted) log.warn({ err, subgraph: name, requestId }, 'no answer')
        throw err instanceof Refused ? masked({}, requestId) : unavailable()
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

/** The server is well, and does not take this request. */
class Refused extends Error {
  override name = 'Refused'
}

/** Busy or late rather than unwilling. */
const passing = new Set([408, 425, 429])

/** What is written in GraphQL's shape is read whatever its status, but for a redirection, which is not followed. */
function resultOf({ statusCode, headers, text }: Exchanged): ExecutionResult {
  const type = headers['content-type']
  try {
    if (statusCode >= 300 && statusCode < 400) throw new Error('a redirection')
    if (typeof type !== 'string' || !json.test(type)) throw new Error('no JSON')
    return resultIn(parsedAnswer(text))
  } catch (cause) {
    const isRefusal = statusCode >= 400 && statusCode < 500 && !passing.has(statusCode)
    throw new (isRefusal ? Refused : Error)(`HTTP ${statusCode}, ${type}: ${text.slice(0, 200)}`, { cause })
  }
}

/** Where something went wrong, and nothing of what: the text may name anything, and the log has it. */
const masked = ({ path }: Partial<GraphQLError>, requestId: string) =>
  new GraphQLError(`Something went wrong in a subgraph. Request ${requestId}.`, {
    ...(path && { path }),
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', data: { requestId } },
  })
