// A small graph of two subgraphs for the gateway's tests: real schemas, real executors, and faults on demand.
import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { unavailable } from '@switchyard/runtime/errors'
import type { SubgraphExecutor, SubgraphRequest } from '@switchyard/runtime/subgraph/executor'
import { type DocumentNode, type ExecutionResult, execute, parse, subscribe } from 'graphql'

type Resolvers = Record<string, Record<string, unknown>>

/** What a test may have a subgraph do instead of answering. */
export type Fault = 'down' | 'refusing' | 'silent' | { answers: unknown }

export type TestSubgraph = SubgraphExecutor & {
  fault: Fault | undefined
  /** Every operation that arrived, in order. */
  readonly received: SubgraphRequest[]
  readonly openSubscriptions: () => number
}

/** An executor of an SDL; it fails as `fault` says for as long as that is set. */
export function testSubgraph(name: string, typeDefs: DocumentNode, resolvers: Resolvers): TestSubgraph {
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }])
  const received: SubgraphRequest[] = []
  let open = 0

  const executionOf = (request: SubgraphRequest) => ({
    schema,
    document: parse(request.query),
    variableValues: request.variables,
    contextValue: request,
  })

  const subgraph: TestSubgraph = {
    name,
    fault: undefined,
    received,
    openSubscriptions: () => open,
    async execute(request) {
      received.push(request)
      const { fault } = subgraph
      if (fault === 'down') throw unavailable()
      if (fault === 'refusing') throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
      if (fault === 'silent') return new Promise(() => {})
      if (fault) return fault.answers as ExecutionResult
      return execute(executionOf(request))
    },
    async subscribe(request) {
      received.push(request)
      if (subgraph.fault) throw unavailable()
      const source = await subscribe(executionOf(request))
      if (!(Symbol.asyncIterator in source)) return source
      open++
      let isOpen = true
      const close = () => {
        if (isOpen) open--
        isOpen = false
      }
      const counted: AsyncIterableIterator<ExecutionResult> = {
        [Symbol.asyncIterator]: () => counted,
        async next() {
          const step = await source.next()
          if (step.done) close()
          return step
        },
        async return() {
          close()
          return (await source.return?.(undefined)) ?? { done: true, value: undefined }
        },
      }
      return counted
    },
  }
  return subgraph
}

export function composed(subgraphs: Readonly<Record<string, DocumentNode>>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, typeDefs]) => ({ name, typeDefs, url: `http://${name}.internal/graphql` })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return supergraphSdl
}
