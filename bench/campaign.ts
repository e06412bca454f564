// A campaign to so many customers, launched by the administrator and timed until its last mail is out.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Shape } from '../test/processes.ts'
import type { Session } from '../test/session.ts'

const atOnce = 20

export async function someCustomers({ ok }: Session, count: number): Promise<string[]> {
  const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }'
  const ids: string[] = []
  for (let made = 0; made < count; made += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - made) }, async (_, index) => {
      const input = { name: `Customer ${made + index}`, email: `customer-${made + index}@bench.example` }
      return (await ok<{ createCustomer: { id: string } }>(createCustomer, { input })).createCustomer.id
    })
    ids.push(...(await Promise.all(some)))
  }
  return ids
}

/** Seconds from the launch to the moment at which the last mail counts as sent. */
export async function deliver(shape: Shape, { ok }: Session, customerIds: readonly string[]): Promise<number> {
  const input = { name: 'Bench', subject: 'For {{customer.name}}', channel: 'EMAIL', template: 'Hello', customerIds }
  const { createCampaign } = await ok<{ createCampaign: { id: string } }>('CreateCampaign', { input })
  const began = Date.now()
  await ok('LaunchCampaign', { input: { id: createCampaign.id } })
  for (;;) {
    await sleep(500)
    const [row] = await shape.rows(`
      select count(*) filter (where status <> 'SENT')::int as left, extract(epoch from max(sent_at))::float8 as last
      from campaigns.messages where campaign_id = '${createCampaign.id}'`)
    if (row?.left === 0) return Number(row.last) - began / 1000
  }
}
