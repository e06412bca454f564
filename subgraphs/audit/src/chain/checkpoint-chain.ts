// Signs where the chain stands, if all of it since the last signature is whole.
import { invalidInput } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'
import { beginning } from './link.ts'
import { type Verification, verifyChain } from './verify-chain.ts'

/** Verifies the whole chain, as far as the patience reaches, and signs it when all of it is whole. */
export async function verifyAndSign(ctx: Context, patience?: number): Promise<Verification> {
  const verification = await verifyChain(ctx, patience === undefined ? {} : { patience })
  await sign(ctx, verification)
  return verification
}

/** Verifies a part of the chain, which proves nothing of the rest: it is not signed. */
export async function verifyPart(ctx: Context, part: { after: bigint; first: number | null | undefined }) {
  const { after, first } = part
  if (first != null && first < 1) throw invalidInput('first', 'At least one entry must be looked at.')
  const since = after === beginning.sequence ? beginning : await ctx.chain.link(after)
  if (!since) throw invalidInput('after', 'There is no entry with this sequence.')
  return verifyChain(ctx, { since, patience: ctx.patience, ...(first != null && { most: first }) })
}

/** Verifies what was added since the last checkpoint, and signs that. */
export async function checkpointChain(ctx: Context): Promise<void> {
  const last = await ctx.chain.lastCheckpoint(ctx.seal.keyId)
  const since = last && last.signature === ctx.seal.sign(last) ? last : beginning
  await sign(ctx, await verifyChain(ctx, { since }))
}

/** The line in the log is the copy that nobody can take back who has the database alone. */
async function sign(ctx: Context, { valid, firstBrokenSequence, isComplete, head }: Verification): Promise<void> {
  if (!valid) return ctx.log.error({ firstBrokenSequence: String(firstBrokenSequence) }, 'the audit log was changed')
  if (!head || !isComplete) return
  const { keyId } = ctx.seal
  const signature = ctx.seal.sign(head)
  const isNew = await ctx.transaction((tx) => tx.chain.insertCheckpoint({ ...head, keyId, signature }))
  const checkpoint = { sequence: String(head.sequence), hash: head.hash, keyId, signature }
  if (isNew) ctx.log.info({ checkpoint }, 'the audit log is whole up to here')
}
