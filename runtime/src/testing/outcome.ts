// What comes of work with the database, as a client would learn it.
import { fromDatabase } from '../database/failures.ts'

/** `done`, or the code of the error that a client would read; undefined for an error that would be masked. */
export const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => fromDatabase(error)?.extensions.code,
  )
