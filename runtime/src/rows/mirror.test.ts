// A mirror against an owner who answers late: what was forgotten meanwhile must not come back.
import { setTimeout as sleep } from 'node:timers/promises'
import { integer, pgSchema, text, uuid } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { newId } from '../ids.ts'
import type { SubgraphExecutor, SubgraphRequest } from '../subgraph/executor.ts'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { testDatabase } from '../testing/database.ts'
import { anonymous } from '../viewer/viewer.ts'
import { mirror } from './mirror.ts'

type Thing = { id: string; version: number; name: string }

const things = pgSchema('mirroring').table('things', {
  id: uuid().primaryKey(),
  version: integer().notNull(),
  name: text().notNull(),
})
const thingStore = mirror({ entity: 'owner.thing', type: 'Thing', list: 'things', table: things })

/** An owner whose answers tell of the moment in which it was asked, and arrive later. */
function anOwner() {
  const known = new Map<string, Thing>()
  let pause = 0
  const answer = ({ variables }: SubgraphRequest) => {
    const wanted = variables.representations as { id: string }[] | undefined
    if (wanted) return { _entities: wanted.map(({ id }) => known.get(id) ?? null) }
    return { things: { nodes: [...known.values()], pageInfo: { hasNextPage: false, endCursor: null } } }
  }
  const executor: SubgraphExecutor = {
    name: 'owner',
    async execute(request) {
      const data = answer(request)
      await sleep(pause)
      return { data }
    },
    subscribe: () => Promise.reject(new Error('nobody follows things')),
  }
  const make = (): Thing => {
    const thing = { id: newId(), version: 1, name: 'Chair' }
    known.set(thing.id, thing)
    return thing
  }
  const answerAfter = (milliseconds: number) => {
    pause = milliseconds
  }
  return { executor, known, make, answerAfter }
}

describe('a mirror', () => {
  let database: Database
  let drop: () => Promise<void>
  beforeAll(async () => {
    const made = await testDatabase()
    database = await bareSubgraph(made.url, 'mirroring')
    const sql = postgres(made.url, { max: 1 })
    await sql`create table mirroring.things (id uuid primary key, version int not null, name text not null)`
    await sql`grant all on mirroring.things to switchyard_mirroring`
    await sql.end()
    drop = made.drop
  })
  afterAll(async () => {
    await database.close()
    await drop()
  })

  const storeOf = ({ executor }: { executor: SubgraphExecutor }) =>
    thingStore({
      subgraph: 'mirroring',
      db: database.db,
      viewer: anonymous,
      clock: systemClock,
      peers: () => executor,
      loaders: new Map(),
      journal: undefined,
    })
  const kept = async (id: string) => (await database.sql`select version from mirroring.things where id = ${id}`)[0]

  it('reads through once for what it does not know, however often that is asked for at once', async () => {
    const owner = anOwner()
    const { id } = owner.make()
    const store = storeOf(owner)
    const found = await Promise.all([store.find(id), store.find(id.toUpperCase()), store.find(newId())])
    expect(found.map((thing) => thing?.name)).toEqual(['Chair', 'Chair', undefined])
    expect(await kept(id)).toEqual({ version: 1 })
  })

  it('keeps the newest of what it was told, whatever comes last', async () => {
    const owner = anOwner()
    const thing = owner.make()
    owner.known.set(thing.id, { ...thing, version: 5 })
    await storeOf(owner).refresh(thing.id)
    owner.known.set(thing.id, { ...thing, version: 3 })
    await storeOf(owner).refresh(thing.id)
    expect(await kept(thing.id)).toEqual({ version: 5 })
  })

  it.each<[string, (store: ReturnType<typeof storeOf>, id: string) => Promise<unknown>]>([
    ['read through', (store, id) => store.find(id)],
    ['being filled', (store) => store.fill()],
    ['refreshed', (store, id) => store.refresh(id)],
  ])('does not bring back what is deleted while it is %s', async (_, ask) => {
    const owner = anOwner()
    const { id } = owner.make()
    await database.sql`delete from mirroring.mirrors`
    owner.answerAfter(150)
    const asking = ask(storeOf(owner), id)
    await sleep(75)
    owner.known.delete(id)
    owner.answerAfter(0)
    await Promise.all([asking, storeOf(owner).refresh(id)])
    expect(await kept(id)).toBeUndefined()
  })

  it('lets two read the same entity through at once, each in its own transaction', async () => {
    const owner = anOwner()
    const { id } = owner.make()
    owner.answerAfter(50)
    const found = await Promise.all([1, 2, 3].map(() => storeOf(owner).find(id)))
    expect(found.map((thing) => thing?.id)).toEqual([id, id, id])
  })
})
