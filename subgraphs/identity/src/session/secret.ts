// Secrets that are handed out once and kept as a hash: refresh tokens, partners' keys.
import { createHash, randomBytes } from 'node:crypto'

export const newSecret = (): string => randomBytes(32).toString('base64url')

/** A hash to keep and to find a secret by; no salt, since what is hashed was drawn at random. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')
