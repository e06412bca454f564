// A subgraph that is not ours: a plain GraphQL server, which knows no viewer, and whose words are not for our clients.
import { GraphQLError } from 'graphql'
import { unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Exchanged } from './exchange.ts'
import type { SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { masked, maskedResult, Refused, resultOf } from './foreign-answer.ts'
import { foreignSubscriptions } from './foreign-subscriptions.ts'
import { idle, keptAlive, mayWrite } from './kept-alive.ts'
import type { MergedCalls } from './merged-calls.ts'
import { requestIdHeader } from './wire.ts'

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

export function foreignExecutor(options: ForeignOptions): ForeignExecutor {
  const { name, url, timeout, log, calls } = options
  const { pathname, search } = new URL(url)
  const connections = keptAlive(url, timeout, idle.foreign)
  const subscriptions = foreignSubscriptions(options)

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
        const result = resultOf(await answerTo(request))
        const errors = result.errors?.slice(0, 3)
        if (errors) log.warn({ subgraph: name, requestId, errors }, 'A subgraph answered errors.')
        return maskedResult(result, requestId)
      } catch (err) {
        if (!request.signal?.aborted) log.warn({ err, subgraph: name, requestId }, 'no answer')
        if (err instanceof GraphQLError) throw err
        throw err instanceof Refused ? masked({}, requestId) : unavailable()
      } finally {
        if (mayWrite(request.query)) calls.forget()
      }
    },
    subscribe: async (request) => subscriptions.subscribe(request),
    close: async () => {
      await Promise.all([subscriptions.close(), connections.close()])
    },
  }
}

const accept = 'application/graphql-response+json, application/json'
