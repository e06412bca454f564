// graphql-transport-ws, spoken by graphql-ws: each operation is judged, answered and masked as one over HTTP is.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { failure, rateLimited, unavailable } from '@switchyard/runtime/errors'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import { clientInfo } from '@switchyard/runtime/viewer/client-info'
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws'
import { type Admitted, admitted, documentOf } from '../admission.ts'
import { type Operation, run } from '../answer.ts'
import { clientKey } from '../limits/client-key.ts'
import type { RequestLimits } from '../limits/request-limits.ts'
import type { Mask } from '../masking.ts'
import type { Observe } from '../observation.ts'
import type { Safelist } from '../operations/safelist.ts'
import type { RequestContext } from '../request.ts'
import type { Client } from './client.ts'
import type { Connection } from './connection.ts'
import { createFairQueue } from './fair-queue.ts'
import type { FeedOptions } from './feed.ts'
import { follow } from './follow.ts'
import { createHub } from './hub.ts'
import { createOnlookers } from './onlookers.ts'
import { places } from './places.ts'
import { subscriptionPlan } from './plan.ts'

const operationsAtOnce = 50
/** The objects that one viewer's subscriptions may ask for at each event, in operations of the largest size. */
const maxSubscribedOperations = 2
const maxCompletions = { maxRunning: 8, maxRunningPerKey: 2 }
const maxReplays = { maxRunning: Number.POSITIVE_INFINITY, maxRunningPerKey: 4, maxWaitingPerKey: 100 }
const patience = 5000

export type ProtocolOptions = {
  readonly feeds: FeedOptions
  readonly safelist: Safelist
  readonly limits: RequestLimits
  readonly mask: Mask
  readonly metrics: Metrics
  readonly observe: Observe
  readonly log: Log
  /** Makes a client of a connection that shows its credential; undefined when it was refused, and closed. */
  readonly welcome: (connection: Connection, params: Readonly<Record<string, unknown>>) => Promise<Client | undefined>
}

/** An admitted operation on its way from `onSubscribe` to its execution. */
type Carried = Admitted & {
  readonly id: string
  readonly asked: Operation
  readonly context: RequestContext & { readonly clientKey: string }
  readonly connection: Connection
  readonly client: Client
  /** Gives back what a subscription has taken of its viewer's objects. */
  readonly release: () => void
}

export type Protocol = {
  readonly server: Server<Connection>
  /** Ends every subscription, takes nothing new, and waits for what is being answered, but not for ever. */
  drain(): Promise<void>
}

export function speakProtocol({
  feeds,
  safelist,
  mask,
  metrics,
  observe,
  log,
  welcome,
  limits,
}: ProtocolOptions): Protocol {
  const { graph } = feeds
  const hub = createHub({
    onlookers: createOnlookers(new Set(feeds.executors.keys())),
    log,
    completions: createFairQueue({ ...maxCompletions, gauge: metrics.completions }),
    replays: createFairQueue({ ...maxReplays, gauge: metrics.replays }),
  })
  const maxObjects = maxSubscribedOperations * graph.limits.objects
  const subscribed = places(maxObjects)
  const clients = new WeakMap<Connection, Client>()
  const requestIds = new WeakMap<SubscribePayload, string>()
  const running = new Set<SubscribePayload>()
  const draining = new AbortController()
  const masked = (errors: readonly unknown[], payload: SubscribePayload) =>
    errors.map((error) => mask(error, requestIds.get(payload) ?? 'unknown'))
  const lawful = ({ data, errors }: ExecutionResult, requestId: string) => ({
    ...(data !== undefined && { data }),
    ...(errors && { errors: errors.map((error) => mask(error, requestId)) }),
  })

  async function admit(
    connection: Connection,
    id: string,
    payload: SubscribePayload,
  ): Promise<Carried | readonly GraphQLError[]> {
    const client = clients.get(connection)
    const viewer = connection.isOpen() ? await client?.viewer() : undefined
    if (!client || !viewer) return [failure('UNAUTHENTICATED', 'This connection has ended.')]
    const requestId = randomUUID()
    requestIds.set(payload, requestId)
    const { clientAddress, userAgent } = connection.sender
    await limits.countRequest(viewer, clientAddress)
    const source = safelist.sourceOf(payload, viewer)
    if (source === undefined) return [failure('BAD_REQUEST', 'The operation has neither text nor id.')]
    const key = clientKey(viewer, clientAddress)
    const context = {
      viewer,
      clientKey: key,
      client: clientInfo(clientAddress, userAgent),
      requestId,
      signal: connection.gone(),
    }
    const asked: Operation = {
      document: await documentOf(graph, source, context),
      operationName: payload.operationName ?? undefined,
      variables: payload.variables ?? {},
    }
    const judgement = await admitted(graph, asked, context)
    if ('errors' in judgement) return judgement.errors
    const isSubscription = judgement.operation.operation === 'subscription'
    const release = isSubscription ? subscribed.take(key, judgement.objects) : () => {}
    if (!release) return [tooManyObjects(maxObjects)]
    return { ...judgement, id, asked, context, connection, client, release }
  }

  async function subscribe(carried: Carried) {
    const { plan, operation, id, asked, context, connection, client, release } = carried
    const observed = observe()
    const start = `{"id":${JSON.stringify(id)},"type":"next","payload":`
    const followed = await follow({
      hub,
      feeds,
      client,
      plan: subscriptionPlan(graph.supergraph.apiSchema, plan, asked),
      operation: asked,
      context,
      signal: draining.signal,
      open: metrics.subscriptions,
      tell: (payload) => connection.tell(`${start}${payload}}`),
      drained: connection.drained,
      viewerKey: context.clientKey,
      onOver: release,
      write: (result) => JSON.stringify(lawful(result, context.requestId)),
    })
    observed({ context, operation, errors: 'errors' in followed ? followed.errors : undefined })
    return followed
  }

  async function execute({ asked, context, ...judgement }: Carried): Promise<ExecutionResult> {
    const observed = observe()
    const result = await run(graph, judgement, asked, context)
    observed({ context, operation: judgement.operation, errors: result.errors })
    return result
  }

  const server = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: 3000,
    async onConnect({ extra, connectionParams = {} }) {
      const client = await welcome(extra, connectionParams)
      if (client) clients.set(extra, client)
      return client !== undefined
    },
    async onSubscribe({ extra, subscriptions }, id, payload) {
      if (draining.signal.aborted) return [unavailable()]
      if (Object.keys(subscriptions).length > operationsAtOnce) return [rateLimited(1)]
      const judgement = await admit(extra, id, payload).catch((error: unknown) => [asGraphQLError(error)])
      if (!('asked' in judgement)) return judgement
      running.add(payload)
      const { document, operationName, variables } = judgement.asked
      return argsOf({ document, operationName, variableValues: variables, contextValue: judgement }, graph)
    },
    execute: ({ contextValue }) => execute(contextValue as Carried).catch(asResult),
    subscribe: ({ contextValue }) => {
      const carried = contextValue as Carried
      return subscribe(carried).catch((error: unknown) => {
        carried.release()
        return asResult(error)
      })
    },
    onNext: (_, __, payload, ___, result) => lawful(result as ExecutionResult, requestIds.get(payload) ?? 'unknown'),
    onError: (_, __, payload, errors) => masked(errors, payload),
    onComplete: (_, __, payload) => void running.delete(payload),
  })

  return {
    server,
    async drain() {
      draining.abort()
      for (let waited = 0; running.size > 0 && waited < patience; waited += 20) await wait(20)
    },
  }
}

const argsOf = (args: Omit<ExecutionArgs, 'schema'>, { supergraph }: FeedOptions['graph']): ExecutionArgs => ({
  ...args,
  schema: supergraph.apiSchema,
})

const tooManyObjects = (limit: number) =>
  failure(
    'RATE_LIMITED',
    `Your subscriptions would ask for more than ${limit} objects at each event: end some of them, or ask for less.`,
    { limit, retryAfter: 1 },
  )

/** The protocol's library takes nothing else; the mask finds the error inside. */
const asGraphQLError = (error: unknown) =>
  error instanceof GraphQLError ? error : new GraphQLError('An error', { originalError: error as Error })

const asResult = (error: unknown): ExecutionResult => ({ errors: [asGraphQLError(error)] })
