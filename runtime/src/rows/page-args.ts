// What a page was asked for, checked: its size, its direction, where it begins.
import { invalidInput } from '../errors.ts'
import { type Place, placeOf } from './cursor.ts'

export type OrderBy<Field extends string> = { readonly field: Field; readonly direction: 'ASC' | 'DESC' }

export type PageArgs<Filter = object, Field extends string = string> = {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly filter?: Filter | null | undefined
  readonly search?: string | null | undefined
  readonly orderBy?: OrderBy<Field> | null | undefined
}

export const usualPage = 20
export const largestPage = 100

export type Window = {
  readonly size: number
  /** Whether the page is counted from the end of the list. */
  readonly fromEnd: boolean
  readonly after: Place | undefined
  readonly before: Place | undefined
}

/** The window that the arguments describe; BAD_USER_INPUT for a size or a cursor that cannot be. */
export function windowOf(args: PageArgs, hash: string): Window {
  if (args.first != null && args.last != null)
    throw invalidInput('last', 'Ask for `first` or for `last`, not for both.')
  const fromEnd = args.last != null
  const size = args.last ?? args.first ?? usualPage
  if (!Number.isInteger(size) || size < 1 || size > largestPage) {
    throw invalidInput(fromEnd ? 'last' : 'first', `A page has 1 to ${largestPage} items.`)
  }
  return {
    size,
    fromEnd,
    after: args.after == null ? undefined : placeOf(hash, args.after, 'after'),
    before: args.before == null ? undefined : placeOf(hash, args.before, 'before'),
  }
}
