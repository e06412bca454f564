// The login with which processes use the database without owning it: it may act as the subgraphs' roles, and no more.
import postgres from 'postgres'
import type { Log } from '../log.ts'
import { roleOf } from './pool.ts'

export type ApplicationLogin = {
  /** Where the subgraph's owner logs in. */
  readonly ownerUrl: string
  /** With which user and password the other processes do. */
  readonly loginUrl: string
  readonly schema: string
  readonly log: Log
}

/** Makes the login, gives it the password of its URL, and lets it act as the role of one subgraph; runs more than once. */
export async function grantApplicationLogin({ ownerUrl, loginUrl, schema, log }: ApplicationLogin): Promise<void> {
  const { username, password } = new URL(loginUrl)
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)]
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined })
  try {
    const [known] = await sql`select from pg_roles where rolname = ${user}`
    const verb = known ? 'alter' : 'create'
    // a utility statement takes no parameters, so the server quotes them first
    const [statement] = await sql<{ text: string }[]>`
      select format(${`${verb} role %I login noinherit nosuperuser nocreatedb nocreaterole password %L`}, ${user}::text,
        ${secret}::text) as text`
    await sql.unsafe(statement?.text ?? '')
    await sql`grant ${sql(roleOf(schema))} to ${sql(user)}`
    log.info({ user, schema }, 'the application may log in')
  } finally {
    await sql.end({ timeout: 5 })
  }
}
