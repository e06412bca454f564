// The signature of a checkpoint, by a key that the database does not know.
import { createHash, createHmac, hkdfSync } from 'node:crypto'
import type { Link } from './link.ts'

export type Seal = {
  /** Names the key: what another one signed, after a change of the secret, can no longer be judged. */
  readonly keyId: string
  sign(link: Link): string
}

export function sealWith(secret: Uint8Array): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'switchyard audit checkpoint', 32))
  return {
    keyId: createHash('sha256').update(key).digest('hex').slice(0, 16),
    sign: ({ sequence, hash }) => createHmac('sha256', key).update(`${sequence}:${hash}`).digest('hex'),
  }
}
