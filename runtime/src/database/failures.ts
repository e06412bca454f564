// What PostgreSQL refuses, in the words of the error law.
import { DrizzleQueryError } from 'drizzle-orm'
import type { GraphQLError } from 'graphql'
import { conflict, failure, queryTooExpensive, unavailable } from '../errors.ts'

type DatabaseFailure = { code: string; constraint_name?: string; table_name?: string }

function databaseFailure(error: unknown): DatabaseFailure | undefined {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? (cause as unknown as DatabaseFailure) : undefined
}

/** Serialisation failures and deadlocks: the transaction was taken back whole and may be run again. */
export const mayRunAgain = (error: unknown): boolean => ['40001', '40P01'].includes(databaseFailure(error)?.code ?? '')

const lostConnection = /^(08|57P|53|CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/
const ranOutOfTime = '57014'
const metOthers = ['55P03', '25P03', '40001', '40P01']

/** The lawful error for a failure of the database; undefined for what is a bug of ours. */
export function fromDatabase(error: unknown): GraphQLError | undefined {
  const failed = databaseFailure(error)
  if (!failed) return undefined
  if (failed.code === '23505') return taken(failed)
  if (failed.code === ranOutOfTime) return queryTooExpensive()
  if (lostConnection.test(failed.code) || metOthers.includes(failed.code)) return unavailable()
  if (/^22/.test(failed.code) || ['23514', '23503', '23502'].includes(failed.code)) {
    return failure('BAD_USER_INPUT', 'A value is out of the range that can be stored.', { fields: [] })
  }
  return undefined
}

/** The unique index `customers_email_unique` on `customers` guards the field `email`. */
function taken({ constraint_name = '', table_name = '' }: DatabaseFailure): GraphQLError {
  const column = constraint_name.replace(`${table_name}_`, '').replace(/_(unique|pkey)$/, '')
  const field = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  return conflict(`This ${field} is already taken.`, { fields: [field] })
}
