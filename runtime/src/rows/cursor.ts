// Opaque places in a list: the sort key and the id of a row, and a hash of the list they belong to.
import { createHash } from 'node:crypto'
import { invalidInput } from '../errors.ts'
import { isId } from '../ids.ts'
import { plain } from './journal.ts'

export type Place = { readonly key: string; readonly id: string }

/** A short name of a list: its entity, parent, filter, search and order. */
export const listHash = (...identity: unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(plain(identity)))
    .digest('base64url')
    .slice(0, 10)

export const cursorOf = (hash: string, place: Place): string =>
  Buffer.from(JSON.stringify([hash, place.key, place.id])).toString('base64url')

/** The place of a cursor; BAD_USER_INPUT for one that is not ours or belongs to another list. */
export function placeOf(hash: string, cursor: string, path: 'after' | 'before'): Place {
  try {
    const [of, key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (of === hash && typeof key === 'string' && isId(id)) return { key, id }
  } catch {
    // what is no JSON is no cursor of ours either
  }
  throw invalidInput(path, `\`${path}\` is not a cursor of this list.`)
}
