// How the chain is hashed. All hashes are SHA-256 in lower-case hexadecimal, over UTF-8:
//
//   commitment = sha256(salt + canonical({ changes, payload }))
//   digest     = sha256(canonical(the event's envelope, with the commitment))
//   hash       = sha256(previousHash + ':' + sequence + ':' + digest)
import { createHash, randomBytes } from 'node:crypto'
import { plain } from '@switchyard/runtime/rows/journal'
import type { Detail, Told } from '../event/event.ts'

export type Link = { readonly sequence: bigint; readonly hash: string }

/** What comes before the first event. */
export const beginning: Link = { sequence: 0n, hash: '0'.repeat(64) }

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** JSON with the keys of every object sorted and no spaces: one text for one value. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}

export const newSalt = (): string => randomBytes(32).toString('hex')

export const commitmentTo = ({ salt, changes, payload }: Detail): string =>
  sha256(salt + canonical({ changes, payload }))

/** Named one by one: a column that is added later must not change what was hashed before. */
export function digestOf(told: Told, commitment: string): string {
  const { id, source, action, entityType, entityId, concessionId, at } = told
  const { actorKind, actorId, impersonatorId, requestId, causeId } = told
  const what = { id, source, action, entityType, entityId, concessionId, at, commitment }
  return sha256(canonical(plain({ ...what, actorKind, actorId, impersonatorId, requestId, causeId })))
}

export const hashAfter = (previous: Link, digest: string): string =>
  sha256(`${previous.hash}:${previous.sequence + 1n}:${digest}`)
