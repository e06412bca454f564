// Why a PostgreSQL server cannot be used: because of its address, because of whom we are there, or only for now.
import { DrizzleQueryError } from 'drizzle-orm'

export type ConnectionProblem = {
  /** Whether it may pass without anybody changing the environment. */
  readonly isTemporary: boolean
  /** What follows the name of the variable; it shows no password. */
  readonly sentence: string
}

/** It does not answer, is starting or stopping, or has no time or no connection left. */
const unreachable =
  /^(ECONN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|CONNECTION_|08|57|53)/
/** What an error says about the server at this URL; undefined for an error of another kind. */
export function connectionProblem(error: unknown, url: string): ConnectionProblem | undefined {
  const code = codeOf(error)
  const { hostname, port, pathname, username } = new URL(url)
  const server = `${hostname}:${port || 5432}`
  if (unreachable.test(code)) {
    return {
      isTemporary: true,
      sentence: `no PostgreSQL answers at ${server} (${code}): start it, or correct the address`,
    }
  }
  if (/^28/.test(code)) {
    return { isTemporary: false, sentence: `${server} refuses the user ${username}: correct the user or the password` }
  }
  if (code === '3D000') {
    return {
      isTemporary: false,
      sentence: `${server} has no database ${pathname.slice(1)}: create it, or correct the name`,
    }
  }
  if (code === '42501') {
    return {
      isTemporary: false,
      sentence: `the user ${username} lacks a privilege at ${server}: it must own the database, and may create roles`,
    }
  }
  return undefined
}

/** Whether the role, the schema or the tables are not there yet. */
export const isNotMigrated = (error: unknown): boolean => ['22023', '3F000', '42P01'].includes(codeOf(error))

function codeOf(error: unknown): string {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}
