// What slow SQL costs whom: its own request and viewer, and nobody else.
import { describe, expect, it } from 'vitest'
import { type Shape, type TestApp, testApp } from './app.ts'

const search = 'query ($search: String) { customers(search: $search, first: 1) { nodes { id } } }'
const searchBesides = 'query ($search: String) { slow: customers(search: $search) { totalCount } tags { id } }'
const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id name } }'

type Listed = { customers: { totalCount: number } | null }

/** Searching for `slowly`, and creating a customer of this name, takes PostgreSQL a minute; `shortly` takes half a second. */
const slowness = `
  create function crm.delay(value text) returns void language plpgsql as $$
  begin
    if value = 'slowly' then perform pg_sleep(60); end if;
    if value = 'shortly' then perform pg_sleep(0.5); end if;
  end $$;
  alter function crm.fold(text) rename to plain_fold;
  create function crm.fold(value text) returns text language plpgsql immutable as $$
  begin
    perform crm.delay(value);
    return crm.plain_fold(value);
  end $$;
  create function crm.delay_insert() returns trigger language plpgsql as $$
  begin
    perform crm.delay(new.name);
    return new;
  end $$;
  create trigger delay before insert on crm.customers for each row execute function crm.delay_insert();`

type World = Awaited<ReturnType<typeof made>>

async function made(shape: Shape, environment: Readonly<Record<string, string>>) {
  const app = await testApp({ DB_POOL: '10', ...environment }, shape)
  await app.database.run(slowness)
  const [admin, alice] = [await app.aPerson('ADMIN', 'Ada'), await app.aPerson('AGENT', 'Alice')]
  return { app, admin, alice }
}

/** How many statements PostgreSQL is running for crm. */
const running = ({ database }: TestApp) => database.running('switchyard crm')

const patiently = { timeout: 10_000 }

const circuit = async ({ metrics }: TestApp) =>
  /circuit_open\{subgraph="crm"\} (\d)/.exec(await metrics.registry.metrics())?.[1]

describe.each<Shape>(['in process', 'over HTTP'])('a slow statement of a subgraph %s', (shape) => {
  let impatient: Promise<World> | undefined
  let patient: Promise<World> | undefined
  const within = (milliseconds: string) =>
    made(shape, { SUBGRAPH_TIMEOUT_MS: milliseconds, OPERATION_TIMEOUT_MS: '60000' })
  /** Where the gateway waits for two seconds. */
  const world = () => (impatient ??= within('2000'))
  /** Where no deadline passes during a test. */
  const patientWorld = () => (patient ??= within('25000'))

  it('costs its own field, and is cancelled', async () => {
    const { app, admin } = await world()
    const { status, data, errors } = await app.as(admin).send(searchBesides, { search: 'slowly' })
    expect({ status, data }).toEqual({ status: 200, data: { slow: null, tags: expect.any(Array) } })
    expect(errors).toMatchObject([{ path: ['slow', 'totalCount'], extensions: { code: 'QUERY_TOO_EXPENSIVE' } }])
    await expect.poll(() => running(app), patiently).toBe(0)
  })

  it('does not open the circuit, however often it comes', async () => {
    const { app, admin } = await world()
    for (let round = 0; round < 2; round++) {
      const slow = Array.from({ length: 5 }, () => app.as(admin).refused(search, { search: 'slowly' }))
      for (const { code } of await Promise.all(slow)) expect(code).toBe('QUERY_TOO_EXPENSIVE')
    }
    expect(await circuit(app)).toBe('0')
    await app.as(admin).ok<Listed>(search)
  })

  it('leaves connections to others, whatever one viewer sends at once', async () => {
    const { app, admin, alice } = await patientWorld()
    const ends = new AbortController()
    const slow = Array.from({ length: 12 }, () => sendSlowly(app, alice.token, ends.signal))
    await expect.poll(() => running(app), patiently).toBe(4)
    for (let count = 0; count < 20; count++) await app.as(admin).ok<Listed>(search)
    expect(await running(app)).toBe(4)
    ends.abort()
    await Promise.all(slow)
  })

  it('is cancelled when its client leaves, and what waits behind it never runs', async () => {
    const { app, alice } = await patientWorld()
    const ends = new AbortController()
    const slow = Array.from({ length: 6 }, () => sendSlowly(app, alice.token, ends.signal))
    await expect.poll(() => running(app), patiently).toBe(4)
    const sent = await app.statements('crm', async () => {
      ends.abort()
      await Promise.all(slow)
      await expect.poll(() => running(app), patiently).toBe(0)
    })
    expect(sent).toEqual([])
    await app.as(alice).ok<Listed>(search)
  })

  it('leaves nothing of a mutation that runs out of time, which may then be sent again', async () => {
    const { app, alice } = await world()
    const key = { 'Idempotency-Key': crypto.randomUUID() }
    const send = () => app.as(alice).send(createCustomer, { input: { name: 'slowly' } }, key)
    expect((await send()).errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_EXPENSIVE' } }])
    await expect.poll(() => running(app), patiently).toBe(0)
    const named = () => app.subgraph('crm').database.sql`select from crm.customers where name = 'slowly'`
    expect(await named()).toHaveLength(0)
    await app.database.run('drop trigger delay on crm.customers')
    expect((await send()).errors).toEqual([])
    expect((await send()).errors).toEqual([])
    expect(await named()).toHaveLength(1)
  })

  it('of a mutation goes on to its end when only its client leaves', async () => {
    const { app, alice } = await patientWorld()
    const ends = new AbortController()
    const created = send(app, alice.token, createCustomer, { input: { name: 'shortly' } }, ends.signal)
    await expect.poll(() => running(app), patiently).toBe(1)
    ends.abort()
    await created
    const named = () => app.subgraph('crm').database.sql`select from crm.customers where name = 'shortly'`
    await expect.poll(named, patiently).toHaveLength(1)
  })
})

/** A search of its own: identical ones in flight are one. */
const sendSlowly = (app: TestApp, token: string, signal: AbortSignal) =>
  send(app, token, search, { search: `slowly ${crypto.randomUUID()}` }, signal)

/** Sends an operation of a client that leaves when the signal is aborted. */
async function send(app: TestApp, token: string, query: string, variables: object, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ query, variables })
  await fetch(`${app.url}/graphql`, { method: 'POST', headers, body, signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
