// One transaction: the work, its events, the jobs that it owes and, under an Idempotency-Key, its result, all or nothing.
import { sql } from 'drizzle-orm'
import { mayRunAgain } from '../database/failures.ts'
import { ledger } from '../database/ledger.ts'
import type { Db } from '../database/pool.ts'
import type { Recordable } from '../events/event.ts'
import { writeEvents } from '../events/record.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import { newJournal } from '../rows/journal.ts'
import type { Scope } from '../rows/scope.ts'
import type { StoreMakers, TransactionOf } from './context.ts'
import { type Claim, keep, take } from './idempotency.ts'
import type { OperationOrigin } from './open-context.ts'

export type AnyTransaction = TransactionOf<StoreMakers>
export type Work = (tx: AnyTransaction) => Promise<unknown>

export type TransactionSetting = {
  readonly subgraph: string
  readonly database: Db
  readonly origin: OperationOrigin
  readonly log: Log
  /** The Idempotency-Key under which the transaction is done, if any. */
  readonly claim: Claim | undefined
  scopeOver(db: Db): Scope
  transactionOver(scope: Scope, writing: object): AnyTransaction
}

type Owed = { queue: string; job: string; data: Record<string, unknown>; dueAt: Date | null }

const attempts = 3

/** Runs the work; when the database took it back because it met another transaction, runs it again. */
export async function runTransaction(setting: TransactionSetting, work: Work): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(setting, work)
    } catch (error) {
      if (attempt === attempts || !mayRunAgain(error)) throw error
      setting.log.warn({ attempt }, 'the transaction met another one and is run again')
    }
  }
}

const runOnce = (setting: TransactionSetting, work: Work) =>
  setting.database.transaction(async (db) => {
    const { subgraph, origin, claim, scopeOver, transactionOver } = setting
    const scope = { ...scopeOver(db as unknown as Db), journal: newJournal() }
    const events: Recordable[] = []
    const owed: Owed[] = []
    const tx = transactionOver(scope, {
      record: (event: Recordable) => void events.push(event),
      enqueue: ({ name }: { name: string }, payload: Record<string, unknown>, { dueAt }: { dueAt?: Date } = {}) =>
        void owed.push({ queue: subgraph, job: name, data: payload, dueAt: dueAt ?? null }),
    })
    if (claim) await take(scope, claim)
    if (origin.cause && !(await isFirstTime(scope, origin.cause))) return undefined
    const result = await work(tx)
    await writeEvents(scope, { requestId: origin.requestId, causeId: origin.cause?.eventId ?? null }, events)
    if (owed.length) await owe(db as unknown as Db, subgraph, owed)
    if (events.length || owed.length) await db.execute(sql`select pg_notify(${`switchyard_${subgraph}_outbox`}, '')`)
    if (claim) await keep(scope, claim, result)
    return result
  })

/** All of them in one statement with one parameter: a transaction may owe thousands. */
async function owe(db: Db, subgraph: string, owed: readonly Owed[]): Promise<void> {
  const rows = JSON.stringify(owed.map(({ dueAt, ...one }) => ({ id: newId(), ...one, due_at: dueAt })))
  await db.execute(sql`
    insert into ${ledger(subgraph).dispatches} (id, queue, job, data, due_at)
    select id, queue, job, data, due_at
    from jsonb_to_recordset(${rows}::text::jsonb) as owed (id uuid, queue text, job text, data jsonb, due_at timestamptz)`)
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
