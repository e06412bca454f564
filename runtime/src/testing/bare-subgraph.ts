// A subgraph that has a ledger and nothing else, for tests of what the ledger is for.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { type Database, openDatabase, roleOf } from '../database/pool.ts'
import { newId } from '../ids.ts'
import { testLog } from './log.ts'

const migrations = fileURLToPath(new URL('../../../migrations/runtime/', import.meta.url))

/** Makes the schema with its role, and opens it as the program does. */
export async function bareSubgraph(url: string, schema: string): Promise<Database> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  const [name, role] = [sql(schema), sql(roleOf(schema))]
  await sql`create extension if not exists unaccent schema public`
  await sql`create schema ${name}`
  await sql`create role ${role} nologin`.catch(() => undefined)
  await sql`select set_config('search_path', ${schema}, false)`
  for (const file of globSync(`${migrations}*.sql`).toSorted()) await sql.unsafe(readFileSync(file, 'utf8'))
  await sql`grant usage on schema ${name} to ${role}`
  await sql`grant select, insert, update, delete on all tables in schema ${name} to ${role}`
  await sql`grant usage on all sequences in schema ${name} to ${role}`
  await sql.end()
  return openDatabase({ url, schema, max: 10, maxRuntime: 10, log: testLog() })
}

export type EventToRecord = { id?: string; type?: string; entityId?: string; version?: number; occurredAt?: Date }

/** Records an event in a transaction of its own that stays open for `slow` milliseconds; returns the event's id. */
export async function recordEvent(
  { sql, schema }: Database,
  event: EventToRecord = {},
  beforeCommit?: () => Promise<unknown>,
): Promise<string> {
  const {
    id = newId(),
    type = `${schema}.probe.changed`,
    entityId = newId(),
    version = 1,
    occurredAt = new Date(),
  } = event
  await sql.begin(async (sql) => {
    await sql`
      insert into ${sql(schema)}.outbox (id, type, entity, entity_id, version, occurred_at, actor_kind, request_id, payload, changes)
      values (${id}, ${type}, ${`${schema}.probe`}, ${entityId}, ${version}, ${occurredAt.toISOString()}, 'system', 'test', '{}', '[]')`
    await sql`select pg_notify(${`switchyard_${schema}_outbox`}, '')`
    await beforeCommit?.()
  })
  return id
}
