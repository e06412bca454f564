// Makes the context of one operation, and the transactions within it.
import { sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import { mayRunAgain } from '../database/failures.ts'
import { ledger, type OutboxRow } from '../database/ledger.ts'
import type { Database, Db } from '../database/pool.ts'
import type { Recordable } from '../events/event.ts'
import { type Change, eventCursor, kindFor, positionOf } from '../events/follow.ts'
import type { Follower } from '../events/follower.ts'
import { writeEvents } from '../events/record.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import { newJournal } from '../rows/journal.ts'
import type { RowPolicy } from '../rows/policy.ts'
import type { Scope } from '../rows/scope.ts'
import type { Viewer } from '../viewer/viewer.ts'
import type { ContextOf, StoreMakers, TransactionOf } from './context.ts'
import { type Claim, keep, take } from './idempotency.ts'

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
  readonly idempotencyKey?: string | undefined
  /** The event that this is a reaction to, and the name of the reaction. */
  readonly cause?: { readonly eventId: string; readonly reaction: string } | undefined
}

type AnyContext = ContextOf<StoreMakers>
type AnyTransaction = TransactionOf<StoreMakers>
type Where = Readonly<Record<string, unknown>> | ((event: OutboxRow) => boolean)
type Owed = { queue: string; job: string; data: Record<string, unknown>; dueAt: Date | null }

const claims = new WeakMap<object, Claim>()

/** The transactions of this context, from now on, belong to the mutation that made the claim. */
export const claimFor = (ctx: object, claim: Claim): void => {
  claims.set(ctx, claim)
}

const attempts = 3

export function openContext(host: ContextHost, origin: OperationOrigin): AnyContext {
  const { database, clock, subgraph, peers } = host
  const log = host.log.child({ requestId: origin.requestId })
  const scopeOver = (db: Db): Scope => ({
    subgraph,
    db,
    viewer: origin.viewer,
    clock,
    peers,
    loaders: new Map(),
    journal: undefined,
  })

  const base = {
    viewer: origin.viewer,
    clock,
    log,
    requestId: origin.requestId,
    idempotencyKey: origin.idempotencyKey,
    follow: (policies: RowPolicy | readonly RowPolicy[], field: string, after?: string | null, where: Where = {}) =>
      follow(host, origin.viewer, [policies].flat(), field, after, choiceOf(where)),
    as: (viewer: Viewer) => openContext(host, { viewer, requestId: origin.requestId }),
  }

  const runOnce = (work: (tx: AnyTransaction) => Promise<unknown>) =>
    database.db.transaction(async (db) => {
      const scope = { ...scopeOver(db as unknown as Db), journal: newJournal() }
      const events: Recordable[] = []
      const owed: Owed[] = []
      const tx = withStores(host, () => scope, {
        ...base,
        transaction: (inner: (tx: AnyTransaction) => Promise<unknown>) => inner(tx),
        record: (event: Recordable) => void events.push(event),
        enqueue: (job: { name: string }, payload: object, { dueAt }: { dueAt?: Date } = {}) =>
          void owed.push({
            queue: subgraph,
            job: job.name,
            data: payload as Record<string, unknown>,
            dueAt: dueAt ?? null,
          }),
      }) as unknown as AnyTransaction
      const claim = claims.get(ctx)
      if (claim) await take(scope, claim)
      if (origin.cause && !(await isFirstTime(scope, origin.cause))) return undefined
      const result = await work(tx)
      await writeEvents(scope, { requestId: origin.requestId, causeId: origin.cause?.eventId ?? null }, events)
      if (owed.length) await db.insert(ledger(subgraph).dispatches).values(owed.map((one) => ({ id: newId(), ...one })))
      if (events.length || owed.length) await db.execute(sql`select pg_notify(${`switchyard_${subgraph}_outbox`}, '')`)
      if (claim) await keep(scope, claim, result)
      return result
    })

  async function transaction(work: (tx: AnyTransaction) => Promise<unknown>): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runOnce(work)
      } catch (error) {
        if (attempt === attempts || !mayRunAgain(error)) throw error
        log.warn({ attempt }, 'the transaction met another one and is run again')
      } finally {
        renew()
      }
    }
  }

  let scope = scopeOver(database.db)
  const ctx = withStores(host, () => scope, { ...base, transaction }) as unknown as AnyContext
  /** What was loaded before a transaction must not be shown after it. */
  const renew = () => {
    scope = scopeOver(database.db)
  }
  return ctx
}

/** Notes in the inbox that the reaction has had its effect of the event; false when it had it before. */
async function isFirstTime(
  { db, subgraph, clock }: Scope,
  { reaction, eventId }: NonNullable<OperationOrigin['cause']>,
): Promise<boolean> {
  const noted = await db
    .insert(ledger(subgraph).inbox)
    .values({ reaction, eventId, handledAt: clock.now() })
    .onConflictDoNothing()
    .returning()
  return noted.length > 0
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

function choiceOf(where: Where): (event: OutboxRow) => boolean {
  if (typeof where === 'function') return where
  const wanted = Object.entries(where).filter(([, value]) => value != null)
  return ({ payload }) => wanted.every(([key, value]) => payload[key] === value)
}

async function follow(
  { follower, subgraph }: ContextHost,
  viewer: Viewer,
  policies: readonly RowPolicy[],
  field: string,
  after: string | null | undefined,
  isWanted: (event: OutboxRow) => boolean,
): Promise<AsyncIterableIterator<Record<string, Change>>> {
  const events = follower.since(after == null ? undefined : positionOf(subgraph, after))
  await events.ready
  const next = async (): Promise<IteratorResult<Record<string, Change>>> => {
    for (;;) {
      const { done, value: event } = await events.next()
      if (done) return { done: true, value: undefined }
      const policy = policies.find(({ name }) => name === event.entity)
      if (!policy || !isWanted(event)) continue
      const kind = kindFor(policy, viewer, event)
      if (!kind || event.position === null) continue
      const change = { cursor: eventCursor(subgraph, event.position), kind, id: event.entityId, event }
      return { done: false, value: { [field]: change } }
    }
  }
  const changes: AsyncIterableIterator<Record<string, Change>> = {
    next,
    return: async () => {
      await events.return?.()
      return { done: true, value: undefined }
    },
    throw: async (error) => {
      await events.return?.()
      throw error
    },
    [Symbol.asyncIterator]: () => changes,
  }
  return changes
}
