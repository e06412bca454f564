import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Delivery = Record<'pending' | 'sent' | 'delivered' | 'failed' | 'skipped', number>
type Node = { id: string; status: string; recipient: string | null; failureReason: string | null }
type Campaign = { status: string; delivery: Delivery; messages: { nodes: Node[] } }
type Progressed = { campaignProgressed: { cursor: string; campaign: { status: string; delivery: Delivery } } }

const none: Delivery = { pending: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 }
const anAddress = () => `${randomUUID()}@example.com`
const soon = (app: TestApp, milliseconds: number) => new Date(app.clock.now().getTime() + milliseconds).toISOString()
const pause = 'mutation ($input: PauseCampaignInput!) { pauseCampaign(input: $input) { status } }'
const resume = 'mutation ($input: ResumeCampaignInput!) { resumeCampaign(input: $input) { status } }'
const messagesOf = (field: string) =>
  `{ ${field}(first: 20) { nodes { id messages(first: 5) { totalCount nodes { campaign { id } customer { id } } } } } }`

async function aDraft(app: TestApp, owner: Person, count = 1, input: Record<string, unknown> = {}) {
  const made = await Promise.all(Array.from({ length: count }, () => app.aCustomer({ owner, email: anAddress() })))
  const customerIds = made.map(({ id }) => id)
  return { ...(await app.aCampaign({ owner, customerIds, ...input })), customerIds }
}
const launch = (app: TestApp, person: Person, id: string) => app.as(person).ok('LaunchCampaign', { input: { id } })

async function until(app: TestApp, person: Person, id: string, isSo: (campaign: Campaign) => boolean) {
  for (let tries = 0; tries < 400; tries++) {
    const { campaign } = await app.as(person).ok<{ campaign: Campaign }>('CampaignProgress', { id })
    if (isSo(campaign)) return campaign
    await sleep(25)
  }
  throw new Error(`The campaign ${id} does not come so far.`)
}
const isComplete = ({ status }: Campaign) => status === 'COMPLETED'

describe('launching a campaign', () => {
  it('sends one mail to each customer, and is complete when nothing is left to send', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager, 3)
    expect((await launch(app, manager, id)).launchCampaign).toEqual({ id, status: 'ACTIVE', audienceSize: 3 })
    const done = await until(app, manager, id, isComplete)
    expect(done.delivery).toEqual({ ...none, sent: 3 })
    expect(done.messages.nodes.map(({ status }) => status)).toEqual(['SENT', 'SENT', 'SENT'])
    expect(await app.events('campaigns.campaign.completed', id)).toHaveLength(1)
  })

  it('skips customers without an e-mail address, and says why', async () => {
    const { app, manager } = await world()
    const { id: customer } = await app.aCustomer({ owner: manager })
    const { id } = await app.aCampaign({ owner: manager, customerIds: [customer] })
    await launch(app, manager, id)
    const { delivery, messages } = await until(app, manager, id, isComplete)
    expect(delivery).toEqual({ ...none, skipped: 1 })
    expect(messages.nodes).toMatchObject([
      { status: 'SKIPPED', recipient: null, failureReason: 'The customer has no e-mail address.' },
    ])
  })

  it('is won by one of three that meet', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager, 2)
    const answers = await Promise.all([1, 2, 3].map(() => app.as(manager).send('LaunchCampaign', { input: { id } })))
    const codes = answers.map(({ errors }) => errors[0]?.extensions.code ?? 'launched').sort()
    expect(codes).toEqual(['INVALID_TRANSITION', 'INVALID_TRANSITION', 'launched'])
    expect((await until(app, manager, id, isComplete)).delivery).toEqual({ ...none, sent: 2 })
  })

  it('meets a change and a deletion of the draft: one of the three wins, and the others find what it left', async () => {
    const { app, admin, manager } = await world()
    for (let round = 0; round < 3; round++) {
      const { id } = await aDraft(app, manager, 1, { startsAt: '2999-01-01T00:00:00Z' })
      const input = { id, expectedVersion: 1 }
      const answers = await Promise.all([
        app.as(manager).send('LaunchCampaign', { input }),
        app.as(manager).send('mutation ($input: UpdateCampaignInput!) { updateCampaign(input: $input) { id } }', {
          input: { ...input, customerIds: [] },
        }),
        app
          .as(admin)
          .send('mutation ($input: DeleteCampaignInput!) { deleteCampaign(input: $input) { id } }', { input }),
      ])
      const refused = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))
      expect(refused).toHaveLength(2)
      expect(refused.every((code) => ['CONFLICT', 'NOT_FOUND', 'INVALID_TRANSITION'].includes(code))).toBe(true)
    }
  })

  it('makes five thousand messages with as many statements as one', async () => {
    const { app, manager } = await world()
    const { database } = app.subgraph('campaigns')
    const { id } = await aDraft(app, manager, 1, { startsAt: '2999-01-01T00:00:00Z' })
    await database.sql`
      with made as (
        insert into campaigns.customers (id, version, name, email)
        select gen_random_uuid(), 1, 'Somebody', 'somebody@example.com' from generate_series(1, 4999) returning id
      ) insert into campaigns.audience (campaign_id, customer_id) select ${id}, id from made`
    const { id: small } = await aDraft(app, manager, 1, { startsAt: '2999-01-01T00:00:00Z' })
    const few = await app.statements('campaigns', () => launch(app, manager, small))
    const many = await app.statements('campaigns', () => launch(app, manager, id))
    expect(many).toHaveLength(few.length)
    expect((await until(app, manager, id, () => true)).delivery.pending).toBe(5000)
  })

  it('refuses one that is for nobody, and one whose end has passed', async () => {
    const { app, manager } = await world()
    const { id } = await app.aCampaign({ owner: manager })
    const input = { input: { id } }
    expect(await app.as(manager).refused('LaunchCampaign', input)).toMatchObject({
      code: 'BAD_USER_INPUT',
      data: { fields: [{ path: 'customerIds' }] },
    })
    const past = await aDraft(app, manager, 1, { endsAt: soon(app, -1000) })
    expect(await app.as(manager).refused('LaunchCampaign', { input: { id: past.id } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      data: { fields: [{ path: 'endsAt' }] },
    })
  })

  it('refuses one for a customer who has been deleted since', async () => {
    const { app, admin, manager } = await world()
    const { id, customerIds } = await aDraft(app, manager)
    await app.as(admin).ok('DeleteCustomer', { input: { id: customerIds[0] } })
    await app.settled()
    expect((await app.as(manager).refused('LaunchCampaign', { input: { id } })).code).toBe('BAD_USER_INPUT')
  })
})

describe('pausing a campaign', () => {
  it('holds back what has not been sent, until it is resumed', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager, 2, { startsAt: soon(app, 1000) })
    await launch(app, manager, id)
    expect(await app.as(manager).ok(pause, { input: { id } })).toEqual({ pauseCampaign: { status: 'PAUSED' } })
    await sleep(2000)
    expect((await until(app, manager, id, () => true)).delivery).toEqual({ ...none, pending: 2 })
    app.clock.advance(2000)
    expect(await app.as(manager).ok(resume, { input: { id } })).toEqual({ resumeCampaign: { status: 'ACTIVE' } })
    expect((await until(app, manager, id, isComplete)).delivery).toEqual({ ...none, sent: 2 })
  })

  it('and resuming, however often and by however many at once, sends each mail once', async () => {
    const { app, admin, manager } = await world()
    const { id } = await aDraft(app, manager, 20)
    await launch(app, manager, id)
    const codes = new Set<string>()
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(
        // in whichever order they come, three pauses and one resumption cannot all be accepted
        [pause, resume, pause, pause].map((text) => app.as(manager).send(text, { input: { id } })),
      )
      for (const { errors } of answers) for (const { extensions } of errors) codes.add(extensions.code)
    }
    await app.as(manager).send(resume, { input: { id } })
    expect([...codes]).toEqual(['INVALID_TRANSITION'])
    const done = await until(app, manager, id, isComplete)
    expect(done.delivery).toEqual({ ...none, sent: 20 })
    const caught = await fetch(`${app.url}/mail`, { headers: { authorization: `Bearer ${admin.token}` } })
    const mails = (await caught.json()) as { to: string[] }[]
    for (const { recipient } of done.messages.nodes)
      expect(mails.filter(({ to }) => to.includes(recipient ?? ''))).toHaveLength(1)
  })

  it('is for active campaigns, and resuming for paused ones', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager, 1, { startsAt: '2999-01-01T00:00:00Z' })
    const refused = async (text: string) => (await app.as(manager).refused(text, { input: { id } })).code
    expect([await refused(pause), await refused(resume)]).toEqual(['INVALID_TRANSITION', 'INVALID_TRANSITION'])
    await launch(app, manager, id)
    expect(await refused(resume)).toBe('INVALID_TRANSITION')
    await app.as(manager).ok(pause, { input: { id } })
    expect([await refused(pause), await refused('LaunchCampaign')]).toEqual([
      'INVALID_TRANSITION',
      'INVALID_TRANSITION',
    ])
  })
})

describe('following a campaign', () => {
  it('tells how far it has come, and that it is complete, and nothing of another one', async () => {
    const { app, manager } = await world()
    const [{ id }, other] = [await aDraft(app, manager, 3), await aDraft(app, manager)]
    await app.settled()
    const changes = await app.as(manager).subscribe<Progressed>('CampaignProgressed', { campaignId: id })
    await launch(app, manager, other.id)
    await launch(app, manager, id)
    const told = []
    do told.push((await changes.next()).campaignProgressed)
    while (told.at(-1)?.campaign.status !== 'COMPLETED')
    expect(told.at(-1)?.campaign).toEqual({ id, status: 'COMPLETED', delivery: { ...none, sent: 3 } })
    await changes.close()
    const kinds =
      'subscription ($id: ID!, $after: String) { campaignProgressed(campaignId: $id, after: $after) { cursor kind campaignId } }'
    const again = await app.as(manager).subscribe(kinds, { id, after: told[0]?.cursor })
    expect(await again.next()).toEqual({
      campaignProgressed: { cursor: told[1]?.cursor, kind: 'UPDATED', campaignId: id },
    })
    await again.close()
  })
})

describe('the messages of a campaign', () => {
  it('are seen by whoever may see their customer', async () => {
    const { app, manager, alice, bob } = await world()
    const email = anAddress()
    const customer = await app.aCustomer({ owner: alice, email })
    const { id } = await app.aCampaign({ owner: manager, customerIds: [customer.id] })
    await launch(app, manager, id)
    const seen =
      'query ($id: ID!) { campaign(id: $id) { messages { totalCount nodes { recipient customer { id } } } } }'
    expect(await app.as(alice).ok(seen, { id })).toEqual({
      campaign: { messages: { totalCount: 1, nodes: [{ recipient: email, customer: { id: customer.id } }] } },
    })
    expect(await app.as(bob).ok(seen, { id })).toEqual({ campaign: { messages: { totalCount: 0, nodes: [] } } })
    const viewer = await app.aPerson('VIEWER')
    expect((await app.as(viewer).refused(seen, { id })).code).toBe('FORBIDDEN')
  })

  it('show no customer any more once that was deleted', async () => {
    const { app, admin, manager } = await world()
    const { id, customerIds } = await aDraft(app, manager)
    await launch(app, manager, id)
    await until(app, manager, id, isComplete)
    await app.as(admin).ok('DeleteCustomer', { input: { id: customerIds[0] } })
    await app.settled()
    const seen = 'query ($id: ID!) { campaign(id: $id) { messages { nodes { status customer { id } } } } }'
    expect(await app.as(manager).ok(seen, { id })).toEqual({
      campaign: { messages: { nodes: [{ status: 'SENT', customer: null }] } },
    })
  })

  it.each(['customers', 'campaigns'])('of many %s cost one statement', async (field) => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager, 3)
    await launch(app, manager, id)
    await until(app, manager, id, isComplete)
    const texts = await app.statements('campaigns', () => app.as(manager).ok(messagesOf(field)))
    expect(texts.filter((text) => text.includes('"campaigns"."messages"'))).toHaveLength(1)
  })
})
