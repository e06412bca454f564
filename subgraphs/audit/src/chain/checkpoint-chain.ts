// Signs where the chain stands, if all of it since the last signature is whole.
import type { Context } from '../context.ts'
import { type Verification, verifyChain } from './verify-chain.ts'

/** Verifies the whole chain, and signs it when it is whole. */
export async function verifyAndSign(ctx: Context): Promise<Verification> {
  const verification = await verifyChain(ctx)
  await sign(ctx, verification)
  return verification
}

/** Verifies what was added since the last checkpoint, and signs that. */
export async function checkpointChain(ctx: Context): Promise<void> {
  const last = await ctx.chain.lastCheckpoint(ctx.seal.keyId)
  await sign(ctx, await verifyChain(ctx, last))
}

/** The line in the log is the copy that nobody can take back who has the database alone. */
async function sign(ctx: Context, { valid, firstBrokenSequence, head }: Verification): Promise<void> {
  if (!valid) return ctx.log.error({ firstBrokenSequence: String(firstBrokenSequence) }, 'the audit log was changed')
  if (!head) return
  const { keyId } = ctx.seal
  const signature = ctx.seal.sign(head)
  const isNew = await ctx.transaction((tx) => tx.chain.insertCheckpoint({ ...head, keyId, signature }))
  const checkpoint = { sequence: String(head.sequence), hash: head.hash, keyId, signature }
  if (isNew) ctx.log.info({ checkpoint }, 'the audit log is whole up to here')
}
