// What a resolver and a job are handed: the viewer, the stores, the transaction. A transaction is the same stores
// over its own connection, with their writing verbs; a use case called inside another's transaction joins it.
import type { Clock } from '../clock.ts'
import type { OutboxRow } from '../database/ledger.ts'
import type { Recordable } from '../events/event.ts'
import type { Change } from '../events/follow.ts'
import type { Job } from '../jobs/job.ts'
import type { Log } from '../log.ts'
import type { RowPolicy } from '../rows/policy.ts'
import type { Scope } from '../rows/scope.ts'
import type { ClientInfo } from '../viewer/client-info.ts'
import type { Viewer } from '../viewer/viewer.ts'

export type StoreMakers = Readonly<Record<string, (scope: Scope) => object>>

type WritingVerb = 'lock' | 'insert' | 'update' | 'remove'
type Reading<Store> = { [Verb in keyof Store as Verb extends `${WritingVerb}${string}` ? never : Verb]: Store[Verb] }

type Followed = Pick<RowPolicy, 'name' | 'columns' | 'condition' | 'judged'>

export type Base = {
  readonly viewer: Viewer
  readonly clock: Clock
  readonly log: Log
  readonly requestId: string
  /** Who sent the operation; null in jobs, reactions and subscriptions. */
  readonly client: ClientInfo | null
  /** Aborted when nobody waits for the operation any longer; undefined where nobody ever does. */
  readonly signal: AbortSignal | undefined
  /**
   * The events about rows of one entity, or of several, that the viewer may see, as `{ [field]: Change }`, from the
   * cursor `after` on. `where` chooses among them, or compares fields of their payload: null compares nothing.
   */
  follow<Field extends string>(
    policies: Followed | readonly Followed[],
    field: Field,
    after: string | null | undefined,
    where?: Readonly<Record<string, unknown>> | ((event: OutboxRow) => boolean),
  ): Promise<AsyncIterableIterator<Record<Field, Change>>>
}

type Writing = {
  /** Tells of a row that this transaction wrote. */
  record(event: Recordable): void
  /** Owes a job to the queue: it runs after the commit, and only if there is one. */
  enqueue<Payload>(job: Job<never, Payload>, payload: Payload, options?: { dueAt?: Date }): void
}

export type ContextOf<Makers extends StoreMakers, Services = unknown> = Base &
  Services & { readonly [Name in keyof Makers]: Reading<ReturnType<Makers[Name]>> } & {
    /** The same for another viewer, with transactions of its own: for what the asker's own permissions cannot reach. */
    as(viewer: Viewer): ContextOf<Makers, Services>
    /** Runs the work in one transaction; its events are recorded, and its result kept under an Idempotency-Key, with it. */
    transaction<Result>(work: (tx: TransactionOf<Makers, Services>) => Promise<Result>): Promise<Result>
  }

export type TransactionOf<Makers extends StoreMakers, Services = unknown> = Writing &
  Omit<ContextOf<Makers, Services>, keyof Makers> & { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> }
