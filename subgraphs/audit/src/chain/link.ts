// How the chain is hashed. All hashes are SHA-256 in lower-case hexadecimal, over UTF-8:
//
//   commitment = sha256(salt + canonical({ changes, payload }))
//   digest     = sha256(canonical(the event's envelope, with the commitment))
//   hash       = sha256(previousHash + ':' + sequence + ':' + digest)
import { hash, randomBytes } from 'node:crypto'
import type { Detail, Told } from '../event/event.ts'

export type Link = { readonly sequence: bigint; readonly hash: string }

/** What comes before the first event. */
export const beginning: Link = { sequence: 0n, hash: '0'.repeat(64) }

const sha256 = (text: string): string => hash('sha256', text, 'hex')

/** JSON with the keys of every object sorted and no spaces: one text for one value. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of Object.keys(entries).sort())
    text += `${text && ','}${JSON.stringify(key)}:${canonical(entries[key])}`
  return `{${text}}`
}

export const newSalt = (): string => randomBytes(32).toString('hex')

export const commitmentTo = ({ salt, changes, payload }: Omit<Detail, 'eventId'>): string =>
  sha256(salt + canonical({ changes, payload }))

/**
 * Named one by one: a column that is added later must not change what was hashed before. In the order of their names,
 * they need no sorting to be canonical.
 */
export function digestOf(told: Told, commitment: string): string {
  const { action, actorId, actorKind, at, causeId, concessionId, entityId } = told
  const { entityType, id, impersonatorId, requestId, source } = told
  return sha256(
    JSON.stringify({
      ...{ action, actorId, actorKind, at, causeId, commitment, concessionId },
      ...{ entityId, entityType, id, impersonatorId, requestId, source },
    }),
  )
}

export const hashAfter = (previous: Link, digest: string): string =>
  sha256(`${previous.hash}:${previous.sequence + 1n}:${digest}`)
