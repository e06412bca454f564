// Failed attempts to sign in: whom they make wait, and whom not.
import { randomUUID } from 'node:crypto'
import { service } from '@switchyard/runtime/viewer/viewer'
import { password, type TestApp, testApp } from '@switchyard/test'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { deleteOldSignIns } from './session.jobs.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp({ TRUSTED_PROXIES: 'loopback', RATE_LIMIT_ANONYMOUS: '1000000' })
})

const day = 24 * 60 * 60_000
let clients = 0
/** An address of its own, so that no test has to do with another's failures. */
const aClient = () => `203.0.${(clients >> 8) & 255}.${clients++ & 255}`
/** Made by an administrator who has come just now: the clock is moved by days. */
const aUser = async (input = {}) => app.aUser(await app.aPerson('ADMIN'), input)
const anAddress = () => `${randomUUID()}@switchyard.example`

type Outcome = 'ok' | 'UNAUTHENTICATED' | { retryAfter: number }

async function attempt(email: string, client: string, sent = 'not the one'): Promise<Outcome> {
  const { errors } = await app.nobody.send('Login', { input: { email, password: sent } }, { 'x-forwarded-for': client })
  const { code, data } = errors[0]?.extensions ?? {}
  if (code === undefined) return 'ok'
  return code === 'RATE_LIMITED' ? { retryAfter: Number(data?.retryAfter) } : (code as 'UNAUTHENTICATED')
}

const signIn = (email: string, client: string) => attempt(email, client, password)

async function fail(times: number, email: string, client: string): Promise<void> {
  for (let time = 0; time < times; time++) expect(await attempt(email, client)).toBe('UNAUTHENTICATED')
}

/** A hundred failures of an account, of which no client has more than ten. */
const failEverywhere = (email: string) => Promise.all(Array.from({ length: 10 }, () => fail(10, email, aClient())))

describe('after ten failures of an account from one client', () => {
  it.each([
    ['whose password it is', () => aUser().then(({ email }) => email)],
    ['that nobody has', async () => anAddress()],
  ])('further attempts wait twice as long each time, for an account %s', async (_, account) => {
    const [email, client] = [await account(), aClient()]
    await fail(10, email, client)
    for (const wait of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      expect(await signIn(email, client)).toEqual({ retryAfter: wait })
      app.clock.advance((wait - 1) * 1000)
      expect(await attempt(email, client)).toEqual({ retryAfter: 1 })
      app.clock.advance(1000)
      await fail(1, email, client)
    }
  })

  it('the right password is not even looked at before the wait is over, and ends it then', async () => {
    const [{ email }, client] = [await aUser(), aClient()]
    await fail(10, email, client)
    expect(await signIn(email, client)).toEqual({ retryAfter: 1 })
    app.clock.advance(1000)
    expect(await signIn(email, client)).toBe('ok')
    await fail(10, email, client)
    expect(await attempt(email, client)).toEqual({ retryAfter: 1 })
  })

  it('its owner signs in from elsewhere, and the client to another account', async () => {
    const [user, other, client] = [await aUser(), await aUser(), aClient()]
    await fail(10, user.email, client)
    expect(await signIn(user.email, aClient())).toBe('ok')
    expect(await signIn(other.email, client)).toBe('ok')
    expect(await signIn(user.email, client)).toEqual({ retryAfter: 1 })
  })

  it('another spelling of the address is the same account, and another address of its /64 the same client', async () => {
    const { email } = await aUser({ email: `a-${anAddress()}` })
    await fail(10, email, '2001:db8:1:2::1')
    expect(await signIn(email.replace('a', 'ａ').toUpperCase(), '2001:db8:1:2:ffff::9')).toEqual({ retryAfter: 1 })
    expect(await signIn(email, '2001:db8:1:3::1')).toBe('ok')
  })

  it('the failures are forgotten when none has come for a day', async () => {
    const [{ email }, client] = [await aUser(), aClient()]
    await fail(10, email, client)
    app.clock.advance(day)
    await fail(10, email, client)
    expect(await attempt(email, client)).toEqual({ retryAfter: 1 })
  })
})

it('of forty guesses at once no more are tried than of forty one after the other', async () => {
  const [{ email }, client] = [await aUser(), aClient()]
  const guesses: Outcome[] = []
  for (let round = 0; round < 4; round++)
    guesses.push(...(await Promise.all(Array.from({ length: 10 }, () => attempt(email, client)))))
  expect(guesses.filter((outcome) => outcome === 'UNAUTHENTICATED')).toHaveLength(10)
})

describe('after a hundred failures of an account from many clients', () => {
  let email: string
  let home: string
  beforeEach(async () => {
    email = (await aUser()).email
    home = aClient()
    expect(await signIn(email, home)).toBe('ok')
    await failEverywhere(email)
  })

  it('clients that it has never been signed in from wait, and its owner does not where they have signed in before', async () => {
    expect(await signIn(email, aClient())).toEqual({ retryAfter: 1 })
    expect(await signIn(email, home)).toBe('ok')
    app.clock.advance(1000)
    await fail(1, email, aClient())
    expect(await attempt(email, aClient())).toEqual({ retryAfter: 2 })
    app.clock.advance(2000)
    expect(await signIn(email, aClient())).toBe('ok')
  })

  it("a client that the owner has not used for three months is a stranger's again", async () => {
    app.clock.advance(91 * day)
    await failEverywhere(email)
    expect(await signIn(email, home)).toEqual({ retryAfter: 1 })
  })
})

it('a client that has failed at a hundred accounts waits, but not at those that it has signed in to before', async () => {
  const [{ email }, client] = [await aUser(), aClient()]
  expect(await signIn(email, client)).toBe('ok')
  for (let account = 0; account < 100; account++) await fail(1, anAddress(), client)
  expect(await attempt(anAddress(), client)).toEqual({ retryAfter: 1 })
  expect(await signIn(email, client)).toBe('ok')
  app.clock.advance(15 * 60_000)
  await fail(1, anAddress(), client)
})

it('the record of failures and of clients is deleted when it says nothing any more', async () => {
  const { open, database } = app.subgraph('identity')
  const kept = async () => {
    const [row] = await database.sql<{ failures: number; clients: number }[]>`
      select (select count(*)::int from identity.sign_in_failures) as failures,
        (select count(*)::int from identity.known_clients) as clients`
    return row
  }
  const run = () =>
    deleteOldSignIns.run(open({ viewer: service('test', []), requestId: 'test' }) as unknown as Context, {})
  expect(await signIn((await aUser()).email, aClient())).toBe('ok')
  await fail(1, anAddress(), aClient())
  app.clock.advance(1000)
  await run()
  const before = await kept()
  app.clock.advance(day / 2)
  await run()
  expect(await kept()).toEqual(before)
  expect(before?.failures).toBeGreaterThan(0)
  app.clock.advance(91 * day)
  await run()
  expect(await kept()).toEqual({ failures: 0, clients: 0 })
})
