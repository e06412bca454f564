// The columns that every business row has, spelled once.
import { type SQL, sql } from 'drizzle-orm'
import { integer, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** A moment, to the millisecond, so that a cursor made of it loses nothing. */
export const moment = () => timestamp({ precision: 3, withTimezone: true, mode: 'date' })

/** Id, times, version and the concession that the row belongs to, if any. */
export const entity = () => ({
  id: uuid().primaryKey(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
  version: integer().notNull(),
  concessionId: uuid(),
})

/** For rows whose deletion must be recoverable. */
export const recoverable = () => ({ deletedAt: moment() })

/** The folded text that a list's `search` looks into, kept by the database; to be indexed with `searchIndex`. */
export const searchable = (schema: string, ...columns: string[]) =>
  text()
    .notNull()
    .generatedAlwaysAs(
      (): SQL => sql.raw(`${schema}.fold(${columns.map((column) => `coalesce(${column}, '')`).join(" || ' ' || ")})`),
    )
