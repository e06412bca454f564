// Executes operations of a subgraph in this process; their documents are parsed and validated once.
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { queryTooExpensive } from '../errors.ts'
import type { Log } from '../log.ts'
import { fieldsOncePerOperation, repeatedField } from '../once-per-operation.ts'
import type { Events, SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { lawful, lawfulResult } from './lawful.ts'
import { withinDeadline } from './operation-deadline.ts'

type Prepared =
  | { readonly document: DocumentNode; readonly isMutation: boolean }
  | { readonly errors: readonly GraphQLError[] }

const defaultTimeoutMs = 3000

export type LocalOptions = {
  readonly name: string
  readonly schema: GraphQLSchema
  readonly log: Log
  /** Milliseconds that callers wait who do not say for how long. */
  readonly timeout?: number
  /** A fresh context: one for each operation, and one for each event of a subscription. */
  readonly createContext: (request: SubgraphRequest) => object
}

export function localExecutor({
  name,
  schema,
  log,
  timeout = defaultTimeoutMs,
  createContext,
}: LocalOptions): SubgraphExecutor {
  const onceFields = fieldsOncePerOperation(schema)
  const prepared = new LRUCache<string, Prepared>({
    maxSize: 16 * 2 ** 20,
    // measured: a document holds some 70 bytes for each character of its text
    sizeCalculation: (_, text) => 1000 + 80 * text.length,
  })

  function prepare(query: string): Prepared {
    const known = prepared.get(query)
    if (known) return known
    const made = parsed(query)
    prepared.set(query, made)
    return made
  }

  function parsed(query: string): Prepared {
    try {
      const document = parse(query, { maxTokens: 10_000 })
      const errors = [repeatedField(document, onceFields) ?? validate(schema, document)].flat()
      return errors.length ? { errors } : { document, isMutation: isMutation(document) }
    } catch (error) {
      return { errors: [error as GraphQLError] }
    }
  }

  const executionOf = (document: DocumentNode, request: SubgraphRequest) => ({
    schema,
    document,
    variableValues: request.variables,
    contextValue: createContext(request),
  })

  return {
    name,
    async execute(request) {
      const ready = prepare(request.query)
      if ('errors' in ready) return lawfulResult(ready, log)
      const time = { timeout: request.timeout ?? timeout, signal: request.signal, isMutation: ready.isMutation }
      const work = (signal: AbortSignal) => execute(executionOf(ready.document, { ...request, signal }))
      const result = await withinDeadline<ExecutionResult>(time, work, tooSlow)
      return result.errors ? lawfulResult(result, log.child({ requestId: request.requestId })) : result
    },
    async subscribe(request) {
      const ready = prepare(request.query)
      if ('errors' in ready) return lawfulResult(ready, log)
      const ended = new AbortController()
      const abortable = { ...request, signal: ended.signal }
      const events = await createSourceEventStream(executionOf(ready.document, abortable))
      if (!(Symbol.asyncIterator in events)) return lawfulResult(events, log)
      const time = { timeout, signal: ended.signal, isMutation: false }
      const answer = async (event: unknown): Promise<ExecutionResult> => {
        const work = (signal: AbortSignal) =>
          execute({ ...executionOf(ready.document, { ...request, signal }), rootValue: event })
        return lawfulResult(await withinDeadline<ExecutionResult>(time, work, tooSlow), log)
      }
      return answers(events as Told, { answer, log, onReturn: () => ended.abort() })
    },
  }
}

const isMutation = ({ definitions }: DocumentNode): boolean =>
  definitions.some((one) => 'operation' in one && one.operation === OperationTypeNode.MUTATION)

const tooSlow = (): ExecutionResult => ({ data: null, errors: [queryTooExpensive()] })

/** What a resolver subscribes to; `ctx.follow` says after which cursor it begins, and when its past has been read. */
type Told = AsyncIterableIterator<unknown> & { readonly beginning?: string; readonly caughtUp?: Promise<void> }

type Answering = {
  readonly answer: (event: unknown) => Promise<ExecutionResult>
  readonly log: Log
  readonly onReturn: () => void
}

/** Each event's answer, in order; an error of the source is its last answer, in lawful words. */
function answers(events: Told, { answer, log, onReturn }: Answering): Events {
  let isOver = false
  let awaited: Promise<IteratorResult<unknown>> | undefined
  const end = { done: true as const, value: undefined }
  return {
    beginning: events.beginning,
    caughtUp: events.caughtUp,
    async arrived() {
      awaited ??= events.next()
      await awaited.catch(() => {})
    },
    async next() {
      if (isOver) return end
      const step = awaited ?? events.next()
      awaited = undefined
      try {
        const { done, value } = await step
        return done || isOver ? end : { done: false, value: await answer(value) }
      } catch (error) {
        isOver = true
        return { done: false, value: { errors: [lawful(error, log)] } }
      }
    },
    async return() {
      isOver = true
      onReturn()
      await events.return?.()
      return end
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
