import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, type TestApp, world } from '@switchyard/test'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

type Node = { status: string; recipient: string; failureReason: string | null }
type Campaign = { status: string; messages: { nodes: Node[] } }

/** A mail server of the tests' own: `gone-…` has no mailbox, `busy-…` is to be tried again, once. */
const tried: string[] = []
const taken: string[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onRcptTo({ address }, _, answer) {
    tried.push(address)
    const no = (responseCode: number, words: string) => answer(Object.assign(new Error(words), { responseCode }))
    if (address.startsWith('gone-')) return no(550, 'No such mailbox')
    const isFirst = tried.filter((one) => one === address).length === 1
    if (address.startsWith('busy-') && isFirst) return no(451, 'Try again later')
    answer()
  },
  onData(stream, { envelope }, done) {
    stream.resume().on('end', () => {
      taken.push(...envelope.rcptTo.map(({ address }) => address))
      done()
    })
  },
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  process.env.SMTP_URL = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

async function launched(app: TestApp, owner: Person, emails: readonly string[]): Promise<string> {
  const customers = await Promise.all(emails.map((email) => app.aCustomer({ owner, email })))
  const { id } = await app.aCampaign({ owner, customerIds: customers.map((customer) => customer.id) })
  await app.as(owner).ok('LaunchCampaign', { input: { id } })
  return id
}

async function ended(app: TestApp, person: Person, id: string): Promise<Map<string, Node>> {
  for (let tries = 0; tries < 400; tries++, await sleep(25)) {
    const { campaign } = await app.as(person).ok<{ campaign: Campaign }>('CampaignProgress', { id })
    if (campaign.status === 'COMPLETED') return new Map(campaign.messages.nodes.map((node) => [node.recipient, node]))
  }
  throw new Error(`The campaign ${id} does not come to its end.`)
}

describe('sending a message', () => {
  it('fails at once for an address that the mail server refuses, and holds up nobody else', async () => {
    const { app, manager } = await world()
    const [gone, fine] = [`gone-${randomUUID()}@example.com`, `fine-${randomUUID()}@example.com`]
    const nodes = await ended(app, manager, await launched(app, manager, [gone, fine]))
    expect(nodes.get(gone)).toMatchObject({
      status: 'FAILED',
      failureReason: expect.stringContaining('No such mailbox'),
    })
    expect(nodes.get(fine)).toMatchObject({ status: 'SENT', failureReason: null })
    expect(tried.filter((address) => address === gone)).toHaveLength(1)
  })

  it('is tried again later when the mail server asks for that', async () => {
    const { app, manager } = await world()
    const busy = `busy-${randomUUID()}@example.com`
    const nodes = await ended(app, manager, await launched(app, manager, [busy]))
    expect(nodes.get(busy)).toMatchObject({ status: 'SENT' })
    expect(tried.filter((address) => address === busy)).toHaveLength(2)
  })

  it('happens once, however many jobs come for it', async () => {
    const { app, manager } = await world()
    const { database } = app.subgraph('campaigns')
    const email = `fine-${randomUUID()}@example.com`
    const id = await launched(app, manager, [email])
    await database.sql`
      insert into campaigns.dispatches (id, queue, job, data)
      select gen_random_uuid(), 'campaigns', 'send message', jsonb_build_object('messageId', m.id)
      from campaigns.messages m, generate_series(1, 20) where m.campaign_id = ${id}`
    await ended(app, manager, id)
    await app.settled()
    await sleep(300)
    expect(taken.filter((address) => address === email)).toHaveLength(1)
  })

  it('is skipped when its customer has been deleted meanwhile', async () => {
    const { app, admin, manager } = await world()
    const { id: customer } = await app.aCustomer({ owner: manager, email: `late-${randomUUID()}@example.com` })
    const startsAt = new Date(app.clock.now().getTime() + 60_000).toISOString()
    const { id } = await app.aCampaign({ owner: manager, customerIds: [customer], startsAt })
    const { database } = app.subgraph('campaigns')
    await app.as(manager).ok('LaunchCampaign', { input: { id } })
    await app.as(admin).ok('DeleteCustomer', { input: { id: customer } })
    await app.settled()
    await database.sql`
      insert into campaigns.dispatches (id, queue, job, data)
      select gen_random_uuid(), 'campaigns', 'send message', jsonb_build_object('messageId', m.id)
      from campaigns.messages m where m.campaign_id = ${id}`
    await app.settled()
    const [message] =
      await database.sql`select status, failure_reason from campaigns.messages where campaign_id = ${id}`
    expect(message).toMatchObject({ status: 'SKIPPED', failure_reason: 'The customer is gone.' })
  })
})
