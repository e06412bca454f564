import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Delivery = Record<'pending' | 'sent' | 'delivered' | 'failed' | 'skipped', number>
type Node = { id: string; status: string; recipient: string | null; failureReason: string | null }
type Progress = { campaign: { status: string; delivery: Delivery; messages: { nodes: Node[] } } }

const none: Delivery = { pending: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 }
const anAddress = () => `${randomUUID()}@example.com`

async function aDraft(app: TestApp, owner: Person, count = 1, input: Record<string, unknown> = {}) {
  const made = await Promise.all(Array.from({ length: count }, () => app.aCustomer({ owner, email: anAddress() })))
  const customerIds = made.map(({ id }) => id)
  return { ...(await app.aCampaign({ owner, customerIds, ...input })), customerIds }
}

async function untilComplete(app: TestApp, person: Person, id: string): Promise<Progress['campaign']> {
  for (let tries = 0; tries < 400; tries++) {
    const { campaign } = await app.as(person).ok<Progress>('CampaignProgress', { id })
    if (campaign.status === 'COMPLETED') return campaign
    await sleep(25)
  }
  throw new Error(`The campaign ${id} does not come to its end.`)
}

describe('launching a campaign', () => {
  it('sends one mail to each customer, and is complete when nothing is left to send', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager, 3)
    const { launchCampaign } = await app.as(manager).ok('LaunchCampaign', { input: { id } })
    expect(launchCampaign).toEqual({ id, status: 'ACTIVE', audienceSize: 3 })
    const done = await untilComplete(app, manager, id)
    expect(done.delivery).toEqual({ ...none, sent: 3 })
    expect(done.messages.nodes.every(({ status }) => status === 'SENT')).toBe(true)
  })
})
