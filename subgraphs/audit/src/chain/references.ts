// What the chain is compared with: checkpoints that a client, a file or the database itself has of it.
import { invalidInput } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'
import type { Link } from './link.ts'
import type { Verification } from './verify-chain.ts'

export type Reference = Link & {
  readonly source: 'ARGUMENT' | 'FILE' | 'DATABASE'
  readonly sealedAt: Date | null
}

/** Those that are hardest to change by whoever has the database come first. To be read before the chain is. */
export async function referencesFor(ctx: Context, given?: Link | null): Promise<Reference[]> {
  if (given && (given.sequence < 1n || !/^[0-9a-f]{64}$/.test(given.hash)))
    throw invalidInput('checkpoint', 'A checkpoint has a sequence from 1 on, and 64 lower-case hexadecimal digits.')
  const filed = await lastInFile(ctx)
  const stored = await ctx.chain.lastCheckpoint(ctx.seal.keyId)
  return [
    ...(given ? [{ ...given, source: 'ARGUMENT' as const, sealedAt: null }] : []),
    ...(filed ? [{ ...filed, source: 'FILE' as const, sealedAt: filed.createdAt }] : []),
    ...(stored && ctx.seal.isSigned(stored)
      ? [{ ...stored, source: 'DATABASE' as const, sealedAt: stored.createdAt }]
      : []),
  ]
}

/** Undefined where there is none, or where it cannot be read: then the answer says that it was compared with less. */
export async function lastInFile({ checkpointFile, log }: Context) {
  try {
    return await checkpointFile.last()
  } catch (err) {
    log.error({ err }, 'the file of audit checkpoints cannot be read')
    return undefined
  }
}

/** What was found, and whether each reference that lies within it says the same. */
export async function comparedWith(
  { chain }: Context,
  references: readonly Reference[],
  found: Verification,
): Promise<Verification> {
  if (!found.valid) return found
  const { verifiedThrough, isComplete } = found
  const reached = references.filter(({ sequence }) => isComplete || sequence <= verifiedThrough)
  for (const reference of reached) {
    const { sequence, hash } = reference
    const isCut = sequence > verifiedThrough
    if (!isCut && (await chain.link(sequence))?.hash === hash) continue
    const firstBrokenSequence = isCut ? verifiedThrough + 1n : sequence
    return { ...found, valid: false, firstBrokenSequence, isComplete: true, verifiedAgainst: reference }
  }
  return { ...found, verifiedAgainst: reached[0] ?? null }
}
