// Makes the context of one operation, and the transactions within it.
import type { Clock } from '../clock.ts'
import type { Database, Db } from '../database/pool.ts'
import type { Follower } from '../events/follower.ts'
import type { Log } from '../log.ts'
import type { RowPolicy } from '../rows/policy.ts'
import type { Scope } from '../rows/scope.ts'
import type { ClientInfo } from '../viewer/client-info.ts'
import type { Viewer } from '../viewer/viewer.ts'
import type { ContextOf, StoreMakers } from './context.ts'
import { followChanges, type Where } from './follow-changes.ts'
import type { Claim } from './idempotency.ts'
import { type AnyTransaction, runTransaction, type Work } from './run-transaction.ts'

export type ContextHost = {
  readonly subgraph: string
  readonly database: Database
  readonly follower: Follower
  readonly clock: Clock
  readonly log: Log
  readonly stores: StoreMakers
  readonly services: object
  readonly peers: Scope['peers']
}

/** Where this operation comes from. */
export type OperationOrigin = {
  readonly viewer: Viewer
  readonly requestId: string
  readonly client?: ClientInfo | undefined
  readonly idempotencyKey?: string | undefined
  /** Aborted when nobody waits for the operation any longer, or its time is over. */
  readonly signal?: AbortSignal | undefined
  /** Who asked for it, where that is not the viewer: the connections that it holds are counted as theirs. */
  readonly onBehalfOf?: Viewer | undefined
  /** The event that this is a reaction to, and the name of the reaction. */
  readonly cause?: { readonly eventId: string; readonly reaction: string } | undefined
}

type AnyContext = ContextOf<StoreMakers>

const claims = new WeakMap<object, Claim>()

/** The transactions of this context, from now on, belong to the mutation that made the claim. */
export const claimFor = (ctx: object, claim: Claim): void => {
  claims.set(ctx, claim)
}

export function openContext(host: ContextHost, origin: OperationOrigin): AnyContext {
  const { clock, subgraph, peers } = host
  const { requestId, client, signal, onBehalfOf = origin.viewer } = origin
  const database = host.database.openFor({ viewer: onBehalfOf, signal })
  const log = host.log.child({ requestId })
  const scopeOver = (db: Db): Scope => ({
    subgraph,
    db,
    viewer: origin.viewer,
    clock,
    peers,
    signal,
    loaders: new Map(),
    journal: undefined,
  })

  const base = {
    viewer: origin.viewer,
    clock,
    log,
    requestId,
    client: client ?? null,
    signal,
    idempotencyKey: origin.idempotencyKey,
    follow: (policies: RowPolicy | readonly RowPolicy[], field: string, after?: string | null, where: Where = {}) =>
      followChanges(host, { policies: [policies].flat(), viewer: origin.viewer, field, after, where }),
    as: (viewer: Viewer) => openContext(host, { viewer, onBehalfOf, requestId, client, signal }),
  }

  let scope = scopeOver(database)
  const ctx = withStores(host, () => scope, {
    ...base,
    async transaction(work: Work) {
      try {
        return await runTransaction(
          { subgraph, database, origin, log, claim: claims.get(ctx), scopeOver, transactionOver },
          work,
        )
      } finally {
        // What was loaded before a transaction must not be shown after it.
        scope = scopeOver(database)
        claims.delete(ctx)
      }
    },
  }) as unknown as AnyContext

  /** The same stores over a transaction's connection; a use case called inside it joins it. */
  const transactionOver = (inner: Scope, writing: object): AnyTransaction => {
    const tx: AnyTransaction = withStores(host, () => inner, {
      ...base,
      ...writing,
      transaction: (work: Work) => work(tx),
    }) as unknown as AnyTransaction
    return tx
  }
  return ctx
}

/** The context's stores, each made at its first use, anew when the scope is. */
function withStores(host: ContextHost, currentScope: () => Scope, members: object): object {
  const made = new WeakMap<Scope, Record<string, object>>()
  const store = (name: string, make: (scope: Scope) => object): object => {
    const scope = currentScope()
    const stores = made.get(scope) ?? {}
    made.set(scope, stores)
    stores[name] ??= make(scope)
    return stores[name]
  }
  const getters = Object.entries(host.stores).map(([name, make]) => [name, { get: () => store(name, make) }] as const)
  return Object.defineProperties({ ...host.services, ...members }, Object.fromEntries(getters))
}
