import { pgSchema, uuid } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { entity } from '../database/columns.ts'
import type { Db } from '../database/pool.ts'
import { codeOf } from '../errors.ts'
import { newId } from '../ids.ts'
import { testDatabase } from '../testing/database.ts'
import { anonymous, type PermissionScope, type Viewer } from '../viewer/viewer.ts'
import { newJournal } from './journal.ts'
import { any, owned, rowPolicy, unowned } from './policy.ts'
import { rowStore } from './row-store.ts'

const jobs = pgSchema('shop').table('jobs', { ...entity(), ownerId: uuid() })
const jobPolicy = rowPolicy('shop.job', jobs, any(owned('ownerId'), unowned('ownerId')))
const [me, myReport, somebody] = [newId(), newId(), newId()]
const people: Record<string, string | null> = { me, 'my report': myReport, somebody, nobody: null }

const viewerWho = (assigns: PermissionScope | undefined): Viewer => ({
  ...anonymous,
  kind: 'USER',
  id: me,
  reports: [myReport],
  permissions: {
    'shop.job.read': 'all',
    'shop.job.create': 'all',
    'shop.job.update': 'all',
    ...(assigns && { 'shop.job.assign': assigns }),
  },
})

describe('putting a row into hands', () => {
  let db: Db
  let close: () => Promise<void>
  beforeAll(async () => {
    const database = await testDatabase()
    const sql = postgres(database.url, { max: 1 })
    await sql.unsafe(`
      create schema shop;
      create table shop.jobs (id uuid primary key, created_at timestamptz(3), updated_at timestamptz(3), version int,
        concession_id uuid, owner_id uuid)`)
    db = drizzle(sql, { casing: 'snake_case' })
    close = async () => {
      await sql.end()
      await database.drop()
    }
  })
  afterAll(() => close())

  const storeFor = (viewer: Viewer) => {
    const peers = () => {
      throw new Error('nobody is asked')
    }
    const scope = { subgraph: 'shop', db, viewer, clock: systemClock, peers, loaders: new Map(), journal: newJournal() }
    return rowStore(scope, jobPolicy)
  }
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => codeOf(error),
    )
  async function handedOver(assigns: PermissionScope | undefined, from: string, to: string) {
    const { id } = await storeFor(viewerWho('all')).insert({ ownerId: people[from] ?? null })
    const store = storeFor(viewerWho(assigns))
    return outcome(store.lock({ id }).then((row) => store.update({ ...row, ownerId: people[to] ?? null })))
  }

  it.each([
    ['somebody', 'me', 'FORBIDDEN', 'FORBIDDEN', 'done'],
    ['somebody', 'nobody', 'FORBIDDEN', 'FORBIDDEN', 'done'],
    ['me', 'somebody', 'FORBIDDEN', 'FORBIDDEN', 'done'],
    ['nobody', 'somebody', 'FORBIDDEN', 'FORBIDDEN', 'done'],
    ['nobody', 'my report', 'FORBIDDEN', 'done', 'done'],
    ['my report', 'me', 'FORBIDDEN', 'done', 'done'],
    ['nobody', 'me', 'done', 'done', 'done'],
    ['me', 'nobody', 'done', 'done', 'done'],
  ])('goes from %s to %s as far as the right to assign reaches', async (from, to, own, team, all) => {
    expect([
      await handedOver('own', from, to),
      await handedOver('team', from, to),
      await handedOver('all', from, to),
      await handedOver(undefined, from, to),
    ]).toEqual([own, team, all, 'FORBIDDEN'])
  })

  it('takes no right where the row is new and its maker keeps it, or nobody else comes into it', async () => {
    const store = storeFor(viewerWho(undefined))
    expect(await outcome(store.insert({ ownerId: me }))).toBe('done')
    expect(await outcome(store.insert({ ownerId: null }))).toBe('done')
    expect(await outcome(store.insert({ ownerId: somebody }))).toBe('FORBIDDEN')
  })
})
