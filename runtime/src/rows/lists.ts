// How a feature declares its lists: what may be filtered, searched, ordered by and summed.
import { and, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { type Money, money } from '../money.ts'
import { checkFilterSize } from './filter-size.ts'
import type { Search } from './filters.ts'

type Combined = 'and' | 'or' | 'not'

/** One condition for each field of the SDL's filter input: a field that SDL offers and the store lacks does not compile. */
export type Filters<Filter> = {
  readonly [Field in Exclude<keyof Filter, Combined>]-?: (value: NonNullable<Filter[Field]>) => SQL | undefined
}

export type Order = { readonly expression: SQL | PgColumn; readonly type: string }

export type Lists<Filter, Field extends string, Totals extends Record<string, Total> = Record<string, Total>> = {
  readonly filters: Filters<Filter>
  /** What the list's `search` argument looks into. */
  readonly search?: Search
  readonly orders: { readonly [Name in Field]: Order }
  readonly totals?: Totals
}

/** A figure over all rows of a list, not just over the page. */
export type Total<Value = unknown> = {
  /** A scalar sub-select that gives the figure as JSON for the rows under the condition. */
  readonly select: (where: SQL | undefined) => SQL
  read(json: unknown): Value
}

/** Sums an amount, one Money a currency: sums over several currencies are a list. */
export const sumOfMoney = (amount: PgColumn, currency: PgColumn): Total<Money[]> => ({
  select: (where) => sql`(
    select json_agg(json_build_object('amount', sums.amount::text, 'currency', sums.currency) order by sums.currency)
    from (select sum(${amount}) as amount, ${currency} as currency from ${amount.table} where ${where ?? sql`true`} group by ${currency}) sums
  )`,
  read: (json) =>
    ((json ?? []) as { amount: string; currency: string }[]).map((sum) => money(BigInt(sum.amount), sum.currency)),
})

/** Orders by a column that is never null. */
export const by = (column: PgColumn): Order => ({ expression: column, type: column.getSQLType() })

/** Orders by a day or moment that may be missing; the missing ones stand where a day without end would. */
export const byWithMissingLast = (column: PgColumn): Order => ({
  expression: sql`coalesce(${column}, 'infinity')`,
  type: column.getSQLType(),
})

export type FilterInput<Filter> = Filter & {
  and?: readonly Filter[] | null
  or?: readonly Filter[] | null
  not?: Filter | null
}

/** The condition of a filter: all its fields hold; `and`, `or` and `not` combine further filters, up to a hundred. */
export function filterSql<Filter extends object>(
  filters: Filters<Filter>,
  filter: Filter | null | undefined,
): SQL | undefined {
  if (!filter) return undefined
  checkFilterSize(filter)
  return combined(filters, filter)
}

function combined<Filter extends object>(filters: Filters<Filter>, filter: Filter): SQL | undefined {
  const { and: all, or: some, not: none, ...fields } = filter as FilterInput<Filter>
  const conditions = Object.entries(fields)
    .filter(([, value]) => value != null)
    .map(([field, value]) => filters[field as keyof Filters<Filter>](value as never))
  const negated = none == null ? undefined : combined(filters, none)
  return and(
    ...conditions,
    ...(all ?? []).map((one) => combined(filters, one)),
    some == null ? undefined : (or(...some.map((one) => combined(filters, one) ?? sql`true`)) ?? sql`false`),
    none == null ? undefined : negated ? sql`(${negated}) is not true` : sql`false`,
  )
}
