// Migrations: the runtime's tables, then the subgraph's own, as the owner, one process at a time.
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyFolder } from 'drizzle-orm/postgres-js/migrator'
import postgres, { type Sql } from 'postgres'
import type { Log } from '../log.ts'
import { type Db, roleOf } from './pool.ts'

const folder = (name: string) => fileURLToPath(new URL(`../../../migrations/${name}`, import.meta.url))
const lock = 7_246_001

export type Migration = {
  readonly url: string
  readonly schema: string
  /** Puts in place the rows that the schema cannot do without. */
  readonly install?: (db: Db) => Promise<void>
  readonly log: Log
}

/** Brings one subgraph's schema up to date; processes that start together wait for the first. */
export async function migrate({ url, schema, install, log }: Migration): Promise<void> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: `switchyard migrate ${schema}` },
  })
  try {
    await sql`select pg_advisory_lock(${lock})`
    await prepareSchema(sql, schema)
    const db = drizzle(sql, { casing: 'snake_case' })
    await sql`select set_config('search_path', ${schema}, false)`
    await applyFolder(db, {
      migrationsFolder: folder('runtime'),
      migrationsSchema: schema,
      migrationsTable: 'runtime_migrations',
    })
    await sql`select set_config('search_path', 'public', false)`
    await applyFolder(db, { migrationsFolder: folder(schema), migrationsSchema: schema, migrationsTable: 'migrations' })
    await grant(sql, schema)
    await install?.(db)
    log.info({ schema }, 'the schema is up to date')
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function prepareSchema(sql: Sql, schema: string): Promise<void> {
  await sql`create extension if not exists unaccent schema public`
  await sql`create extension if not exists pg_trgm schema public`
  await sql`create schema if not exists ${sql(schema)}`
  const role = roleOf(schema)
  const [known] = await sql`select 1 from pg_roles where rolname = ${role}`
  if (!known) await sql`create role ${sql(role)} nologin`.catch(ignoreRoleMadeMeanwhile)
  await sql`grant ${sql(role)} to current_user`
}

// Roles belong to the whole server: another database's migration may be making the same one.
function ignoreRoleMadeMeanwhile(error: { code?: string }): void {
  if (error.code !== '42710' && error.code !== '23505') throw error
}

/** The role may use its own schema's rows and nothing else. */
async function grant(sql: Sql, schema: string): Promise<void> {
  const role = roleOf(schema)
  await sql`grant usage on schema ${sql(schema)} to ${sql(role)}`
  await sql`grant select, insert, update, delete on all tables in schema ${sql(schema)} to ${sql(role)}`
  await sql`grant usage on all sequences in schema ${sql(schema)} to ${sql(role)}`
  await sql`revoke insert, update, delete on ${sql(schema)}.migrations, ${sql(schema)}.runtime_migrations from ${sql(role)}`
}
