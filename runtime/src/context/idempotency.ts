// A mutation sent with an Idempotency-Key happens once: its result is kept in the transaction of its effect.
import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { and, eq } from 'drizzle-orm'
import { ledger } from '../database/ledger.ts'
import { failure, invalidInput } from '../errors.ts'
import { plain } from '../rows/journal.ts'
import type { Scope } from '../rows/scope.ts'

/** One mutation field, as this viewer sent it under this key. */
export type Claim = {
  readonly viewer: string
  readonly key: string
  readonly field: string
  readonly fingerprint: string
}

/** Thrown out of a transaction whose work was done before: carries what it answered then. */
export class AlreadyDone extends Error {
  override name = 'AlreadyDone'
  readonly result: unknown
  constructor(result: unknown) {
    super('This mutation was done before.')
    this.result = result
  }
}

export function claimOf(viewer: string, key: string, field: string, args: unknown): Claim {
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw invalidInput('Idempotency-Key', 'An Idempotency-Key has 1 to 255 visible ASCII characters.')
  return {
    viewer,
    key,
    field,
    fingerprint: createHash('sha256')
      .update(JSON.stringify(plain(args)))
      .digest('base64url'),
  }
}

/** Takes the key for this transaction. A parallel holder is waited for; what it committed is the answer. */
export async function take({ db, subgraph, clock }: Scope, claim: Claim): Promise<void> {
  const { idempotencyKeys: keys } = ledger(subgraph)
  const [taken] = await db
    .insert(keys)
    .values({ ...claim, createdAt: clock.now() })
    .onConflictDoNothing()
    .returning({ key: keys.key })
  if (taken) return
  const [earlier] = await db.select().from(keys).where(ofClaim(keys, claim))
  if (earlier?.fingerprint !== claim.fingerprint) {
    throw failure('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another input.', { field: claim.field })
  }
  throw new AlreadyDone(earlier.result && deserialize(earlier.result))
}

export async function keep({ db, subgraph }: Scope, claim: Claim, result: unknown): Promise<void> {
  const { idempotencyKeys: keys } = ledger(subgraph)
  await db
    .update(keys)
    .set({ result: serialize(result) })
    .where(ofClaim(keys, claim))
}

const ofClaim = (keys: ReturnType<typeof ledger>['idempotencyKeys'], { viewer, key, field }: Claim) =>
  and(eq(keys.viewer, viewer), eq(keys.key, key), eq(keys.field, field))
