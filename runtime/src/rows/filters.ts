// The operators that filters offer, the same in every list, each a condition on one column.
import { and, eq, gt, gte, isNotNull, isNull, like, lt, lte, type SQL, sql } from 'drizzle-orm'
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import { invalidInput } from '../errors.ts'
import { isId } from '../ids.ts'

type Maybe<T> = T | null | undefined
type Bounds<T> = { gt?: Maybe<T>; gte?: Maybe<T>; lt?: Maybe<T>; lte?: Maybe<T> }

const longest = 100
const none = sql`false`

/** A text for LIKE that stands for itself: `%`, `_` and `\` lose their meaning. */
const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&')

function short(text: string, path: string): string {
  if (text.length > longest) throw invalidInput(path, `A text to search for has at most ${longest} characters.`)
  return text
}

/** The column's value is among these. They are one parameter, so that lists of every length share one statement. */
export const isAmong = (column: PgColumn, values: readonly unknown[]): SQL =>
  sql`${column} = any(${sql.param(values.map((value) => column.mapToDriverValue(value)))})`

export const oneOf = (column: PgColumn) => (values: readonly string[]) => isAmong(column, values)

export const isEqual = (column: PgColumn) => (value: boolean) => eq(column, value)

/** For a column that holds several ids: at least one of them is among the values. */
export const overlaps = (column: PgColumn) => (ids: readonly string[]) =>
  sql`${column} && ${sql.param(ids.filter(isId))}::uuid[]`

export const byId =
  (column: PgColumn) => (filter: { eq?: Maybe<string>; in?: Maybe<readonly string[]>; isNull?: Maybe<boolean> }) =>
    and(
      filter.eq == null ? undefined : isId(filter.eq) ? eq(column, filter.eq) : none,
      filter.in == null ? undefined : isAmong(column, filter.in.filter(isId)),
      filter.isNull == null ? undefined : filter.isNull ? isNull(column) : isNotNull(column),
    )

export const byText =
  (column: PgColumn) =>
  (filter: {
    eq?: Maybe<string>
    in?: Maybe<readonly string[]>
    contains?: Maybe<string>
    startsWith?: Maybe<string>
  }) => {
    const folded = (text: string, path: string) => foldedPattern(column, short(text, path))
    return and(
      filter.eq == null ? undefined : eq(column, filter.eq),
      filter.in == null ? undefined : isAmong(column, filter.in),
      filter.contains == null
        ? undefined
        : sql`${fold(column, column)} like '%' || ${folded(filter.contains, 'contains')} || '%'`,
      filter.startsWith == null
        ? undefined
        : sql`${fold(column, column)} like ${folded(filter.startsWith, 'startsWith')} || '%'`,
    )
  }

const bounded = <T>(column: PgColumn | SQL, bounds: Bounds<T>) =>
  and(
    bounds.gt == null ? undefined : gt(column as PgColumn, bounds.gt),
    bounds.gte == null ? undefined : gte(column as PgColumn, bounds.gte),
    bounds.lt == null ? undefined : lt(column as PgColumn, bounds.lt),
    bounds.lte == null ? undefined : lte(column as PgColumn, bounds.lte),
  )

export const byMoment = (column: PgColumn) => (bounds: Bounds<Date>) => bounded(column, bounds)

export const byDay = (column: PgColumn) => (bounds: Bounds<string>) => bounded(column, bounds)

export const byMoney = (amount: PgColumn, currency: PgColumn) => (filter: Bounds<bigint> & { currency: string }) =>
  and(eq(currency, filter.currency), bounded(amount, filter))

/** The column's schema's own `fold`: lower case, no accents. */
const fold = (column: PgColumn, text: unknown): SQL =>
  sql`${sql.identifier(getTableConfig(column.table as PgTable).schema ?? 'public')}.fold(${text})`

const foldedPattern = (column: PgColumn, text: string): SQL => fold(column, sql`${literally(text)}::text`)

export type Search = (text: string) => SQL | undefined

/** Whether a folded `search` column holds the word, whatever its case and accents. */
export const holdsWord = (search: PgColumn, word: string): SQL =>
  like(search, sql`'%' || ${foldedPattern(search, word)} || '%'`)

/** Every word of the text is found. */
export const everyWord =
  (found: (word: string) => SQL | undefined): Search =>
  (text) =>
    and(...short(text, 'search').split(/\s+/).filter(Boolean).map(found))

/** Every word of the text stands somewhere in the folded `search` column. */
export const searchIn = (search: PgColumn): Search => everyWord((word) => holdsWord(search, word))
