// Campaigns while processes and servers die: child processes of the whole program, and a mail server of the test's own.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { redisInstalled, startRedis, type TestRedis } from '@switchyard/runtime/testing/redis'
import { allInOne, type Shape } from '@switchyard/test/processes'
import { openSession, type Session } from '@switchyard/test/session'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

type Campaign = { status: string; delivery: Record<string, number> }

/** The Message-ID of each mail that was taken, in order; a mail takes a while. */
const taken: string[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, _, done) {
    text(stream).then(async (mail) => {
      if (!/^Subject: Survive /m.test(mail)) return done()
      taken.push(/^Message-ID: (.*)$/im.exec(mail)?.[1]?.trim() ?? '')
      await sleep(40)
      done()
    }, done)
  },
})

// A client that is killed resets its connections.
server.on('error', () => undefined)

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
})
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

let shape: Shape | undefined
let redis: TestRedis | undefined
afterEach(async () => {
  await shape?.end()
  await redis?.stop()
  shape = undefined
  redis = undefined
}, 60_000)

async function aRedis(): Promise<TestRedis> {
  redis = await startRedis()
  return redis
}

const environment = () => ({ SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` })

async function signedIn(url: string): Promise<Session> {
  const input = { email: 'manager@demo.example', password: 'switchyard-demo' }
  const { login } = await openSession(url, undefined, () => undefined).ok<{ login: { accessToken: string } }>('Login', {
    input,
  })
  return openSession(url, login.accessToken, () => undefined)
}

async function aDraft(manager: Session, count: number): Promise<string> {
  const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }'
  const customerIds: string[] = []
  for (let made = 0; made < count; made++) {
    const input = { name: `Customer ${made}`, email: `${randomUUID()}@example.com` }
    customerIds.push(
      (await manager.ok<{ createCustomer: { id: string } }>(createCustomer, { input })).createCustomer.id,
    )
  }
  const input = { name: 'Survive', subject: 'Survive {{customer.name}}', channel: 'EMAIL', template: 'x', customerIds }
  return (await manager.ok<{ createCampaign: { id: string } }>('CreateCampaign', { input })).createCampaign.id
}

async function completed(manager: Session, id: string): Promise<Campaign> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(200)) {
    const { data } = await manager.send<{ campaign: Campaign | null }>('CampaignProgress', { id })
    if (data?.campaign?.status === 'COMPLETED') return data.campaign
  }
  throw new Error(`The campaign ${id} does not come to its end.`)
}

const backends = [{ name: 'PostgreSQL' }, { name: 'Redis' }].filter(({ name }) => name !== 'Redis' || redisInstalled())

describe.each(backends)('a campaign, with jobs in $name,', ({ name }) => {
  it('reaches all 200 customers when its worker is killed midway, each by one Message-ID', async () => {
    const redisUrl = name === 'Redis' && { REDIS_URL: (await aRedis()).url }
    shape = await allInOne({ ...environment(), ...redisUrl })
    const id = await aDraft(await signedIn(shape.url), 200)
    const before = taken.length
    await (await signedIn(shape.url)).ok('LaunchCampaign', { input: { id } })
    while (taken.length < before + 60) await sleep(5)
    await shape.processes.worker?.end('SIGKILL')
    const atTheKill = taken.length - before
    expect(atTheKill).toBeLessThan(200)
    await shape.processes.worker?.start()
    // The first try may meet a connection of the process that was killed.
    const manager = await vi.waitFor(() => signedIn(shape?.url ?? ''), 10_000)
    const { delivery } = await completed(manager, id)
    expect(delivery).toMatchObject({ pending: 0, sent: 200, failed: 0, skipped: 0 })
    const mails = taken.slice(before)
    expect(new Set(mails).size).toBe(200)
    // What was on the wire at the kill, ten at the most, may have come again.
    expect(mails.length).toBeLessThanOrEqual(210)
  }, 180_000)
})

describe.runIf(redisInstalled())('a campaign, while Redis is down,', () => {
  it('is launched all the same, and its mails leave when Redis is back', async () => {
    const redis = await aRedis()
    shape = await allInOne({ ...environment(), REDIS_URL: redis.url })
    const manager = await signedIn(shape.url)
    const id = await aDraft(manager, 20)
    const before = taken.length
    await redis.stop()
    await manager.ok('LaunchCampaign', { input: { id } })
    expect(
      await shape.rows(`select status, count(*)::int from campaigns.messages where campaign_id = '${id}' group by 1`),
    ).toEqual([{ status: 'PENDING', count: 20 }])
    await sleep(1000)
    expect(taken.length).toBe(before)
    await redis.start()
    expect((await completed(manager, id)).delivery).toMatchObject({ pending: 0, sent: 20 })
    expect(new Set(taken.slice(before)).size).toBe(20)
  }, 180_000)
})
