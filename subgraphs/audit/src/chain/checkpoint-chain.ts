// Signs where the chain stands, if all of it since the last signature is whole and extends what was signed before.
import { invalidInput } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'
import type { Checkpoint } from './checkpoint.ts'
import { plainCheckpoint } from './checkpoint-file.ts'
import { beginning, type Link } from './link.ts'
import { comparedWith, lastInFile, referencesFor } from './references.ts'
import { type Part, type Verification, verifyChain } from './verify-chain.ts'

type Asked = {
  readonly after?: bigint | null | undefined
  readonly first?: number | null | undefined
  /** A checkpoint that the client has from elsewhere. */
  readonly checkpoint?: Link | null | undefined
}

/** Verifies the whole chain, as far as the patience reaches, and signs it when all of it is whole. */
export async function verifyAndSign(ctx: Context, patience?: number, checkpoint?: Link | null): Promise<Verification> {
  const verification = await verified(ctx, patience === undefined ? {} : { patience }, checkpoint)
  await sign(ctx, verification)
  return verification
}

/** Verifies a part of the chain, which proves nothing of the rest: it is not signed. */
export async function verifyPart(ctx: Context, { after, first, checkpoint }: Asked): Promise<Verification> {
  if (first != null && first < 1) throw invalidInput('first', 'At least one entry must be looked at.')
  const since = after == null || after === beginning.sequence ? beginning : await ctx.chain.link(after)
  if (!since) throw invalidInput('after', 'There is no entry with this sequence.')
  return verified(ctx, { since, patience: ctx.patience, ...(first != null && { most: first }) }, checkpoint)
}

/** Verifies what was added since the last checkpoint, and signs that. */
export async function checkpointChain(ctx: Context): Promise<void> {
  const last = await ctx.chain.lastCheckpoint(ctx.seal.keyId)
  const since = last && ctx.seal.isSigned(last) ? last : beginning
  await sign(ctx, await verified(ctx, { since }))
}

async function verified(ctx: Context, part: Part, checkpoint?: Link | null): Promise<Verification> {
  const references = await referencesFor(ctx, checkpoint)
  return comparedWith(ctx, references, await verifyChain(ctx, part))
}

/** The file and the line in the log are the copies that nobody can take back who has the database alone. */
async function sign(ctx: Context, verification: Verification): Promise<void> {
  const { valid, firstBrokenSequence, verifiedAgainst, isComplete, head } = verification
  if (!valid) {
    const source = verifiedAgainst?.source
    return refuse(ctx, 'the audit log was changed', { firstBrokenSequence: String(firstBrokenSequence), source })
  }
  if (!head || !isComplete) return
  const filed = await lastInFile(ctx)
  const { checkpoint, isNew } = await ctx.transaction(async (tx) => {
    await tx.chain.lockCheckpoints()
    const last = await tx.chain.lastCheckpoint(ctx.seal.keyId)
    // Each is in the database before it is in the file.
    if (filed?.keyId === ctx.seal.keyId && filed.sequence > (last?.sequence ?? 0n)) return { isNew: false }
    if (last && last.sequence >= head.sequence) return { checkpoint: last, isNew: false }
    const next = ctx.seal.next(head, last, ctx.clock.now())
    await tx.chain.insertCheckpoint(next)
    return { checkpoint: next, isNew: true }
  })
  if (!checkpoint) return refuse(ctx, 'checkpoints of the audit log were removed', { last: String(filed?.sequence) })
  if (isNew) {
    ctx.checkpointsTotal.inc({ outcome: 'signed' })
    ctx.log.info({ checkpoint: plainCheckpoint(checkpoint) }, 'the audit log is whole up to here')
  }
  if (!filed || filed.sequence < checkpoint.sequence) await append(ctx, checkpoint)
}

function refuse(ctx: Context, message: string, details: object): void {
  ctx.checkpointsTotal.inc({ outcome: 'refused' })
  ctx.log.error(details, message)
}

/** One that cannot be written is tried again with the next signature: the database and the log have it. */
async function append(ctx: Context, checkpoint: Checkpoint): Promise<void> {
  try {
    await ctx.checkpointFile.append(checkpoint)
  } catch (err) {
    ctx.checkpointsTotal.inc({ outcome: 'unfiled' })
    ctx.log.error({ err }, 'an audit checkpoint could not be written to its file')
  }
}
