// A database of a test's own on the tests' server, migrated once a run and cloned for every test file.
import { createHash, randomBytes } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import { type Migration, migrate } from '../database/migrate.ts'
import { testLog } from './log.ts'

export type TestDatabase = {
  readonly url: string
  /** Terminates, from the server's side, every connection with this application_name. */
  cut(application: string): Promise<void>
  /** How many statements the connections with this application_name are running. */
  running(application: string): Promise<number>
  /** Runs statements as the owner of the database. */
  run(statements: string): Promise<void>
  drop(): Promise<void>
}

const cloning = 7_246_003

type Migrated = { readonly name: string; readonly install: NonNullable<Migration['install']> }

/** A fresh database with the schemas of these subgraphs. */
export const testDatabase = (subgraphs: readonly Migrated[] = []): Promise<TestDatabase> =>
  clonedDatabase(subgraphs.map(({ name }) => name).join(' '), async (url) => {
    const log = testLog()
    for (const { name: schema, install } of subgraphs) await migrate({ url, schema, install, log })
  })

/** A fresh copy of a database that is made once a run; `content` names what `make` puts into it, if anything. */
export async function clonedDatabase(content: string, make: (url: string) => Promise<void>): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = urlOf(name)
  await onServer(async (sql) => {
    // Cloning wants nobody else in the template, and two files may ask for the same one at once.
    await sql`select pg_advisory_lock(${cloning}, hashtext(${content}))`
    await sql`create database ${sql(name)} template ${sql(await template(sql, content, make))}`
  })
  return {
    url,
    cut: (application) =>
      onServer(async (sql) => {
        await sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = ${name} and application_name = ${application}`
      }),
    async running(application) {
      let count = 0
      await onServer(async (sql) => {
        const active = await sql`
          select from pg_stat_activity
          where datname = ${name} and application_name = ${application} and state = 'active'`
        count = active.length
      })
      return count
    },
    run: (statements) => on(url, async (sql) => void (await sql.unsafe(statements))),
    drop: () => onServer(async (sql) => void (await sql`drop database ${sql(name)} with (force)`)),
  }
}

/** Trades the server's durability for speed: nothing of a test need outlive the machine. */
export async function forgetfulServer(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 })
  await sql`alter system set fsync = off`
  await sql`select pg_reload_conf()`
  await sql.end()
}

function urlOf(database: string): string {
  const server = process.env.SWITCHYARD_TEST_DATABASE_URL
  if (!server)
    throw new Error('SWITCHYARD_TEST_DATABASE_URL is not set: run the tests by `pnpm test`, which starts a server.')
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

const onServer = (work: (sql: Sql) => Promise<void>) => on(urlOf('postgres'), work)

async function on(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await work(sql)
  } finally {
    await sql.end()
  }
}

async function template(sql: Sql, content: string, make: (url: string) => Promise<void>): Promise<string> {
  if (content === '') return 'template0'
  // The run's own: a server that is kept between runs may hold a template from before a migration.
  const name = `template_${createHash('sha256').update(`${process.ppid} ${content}`).digest('hex').slice(0, 12)}`
  const [known] = await sql`select from pg_database where datname = ${name}`
  if (known) return name
  const draft = `${name}_draft`
  await sql`drop database if exists ${sql(draft)} with (force)`
  await sql`create database ${sql(draft)} template template0`
  await make(urlOf(draft))
  await sql`alter database ${sql(draft)} rename to ${sql(name)}`
  return name
}
