// A checkpoint: where the chain stood, signed by a key that the database does not know, and linked to the one before it.
import { createHash, createHmac, hash as hashOf, hkdfSync } from 'node:crypto'
import type { checkpoints } from './chain.table.ts'
import { canonical, type Link } from './link.ts'

/** `previousHash` is the hash of the checkpoint before it of the same key; null in those made before they were linked. */
export type Checkpoint = typeof checkpoints.$inferSelect
export type Unsigned = Omit<Checkpoint, 'signature'>

/** What the first checkpoint of a key has as the hash of the one before. */
export const noCheckpoint = '0'.repeat(64)

export const checkpointHash = ({ sequence, hash, keyId, previousHash, createdAt }: Unsigned): string =>
  hashOf(
    'sha256',
    canonical({ hash, keyId, previousHash, sealedAt: createdAt.toISOString(), sequence: String(sequence) }),
    'hex',
  )

export type Seal = {
  /** Names the key: what another one signed, after a change of the secret, can no longer be judged. */
  readonly keyId: string
  /** The next checkpoint after the one given, or the first. */
  next(link: Link, previous: Checkpoint | undefined, at: Date): Checkpoint
  isSigned(checkpoint: Checkpoint): boolean
}

export function sealWith(secret: Uint8Array): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'switchyard audit checkpoint', 32))
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 16)
  const signed = (text: string) => createHmac('sha256', key).update(text).digest('hex')
  const signatureOf = (unsigned: Unsigned) =>
    signed(unsigned.previousHash === null ? `${unsigned.sequence}:${unsigned.hash}` : checkpointHash(unsigned))
  return {
    keyId,
    next({ sequence, hash }, previous, createdAt) {
      const previousHash = previous ? checkpointHash(previous) : noCheckpoint
      const unsigned = { sequence, hash, keyId, previousHash, createdAt }
      return { ...unsigned, signature: signatureOf(unsigned) }
    },
    isSigned: (checkpoint) => checkpoint.keyId === keyId && checkpoint.signature === signatureOf(checkpoint),
  }
}
