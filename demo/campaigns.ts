// What the demo company writes to its customers: a newsletter, an invitation that was held back, and a draft.
import type { Faker } from '@faker-js/faker'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { asker } from './ask.ts'
import type { Staff } from './people.ts'
import type { Calendar } from './sales.ts'

type OwnCalendar = Calendar & { set(to: Date): void }
type Made = { id: string }

const minute = 60_000
const day = 24 * 60 * minute

const paragraphs = (...texts: string[]) => texts.map((text) => `<p>${text}</p>`).join('\n')

const newsletter = {
  name: 'Spring newsletter',
  subject: 'What is new this spring, {{customer.name}}',
  template: paragraphs('Dear {{customer.name}},', 'our new chairs have arrived: come and sit down.', 'Mona'),
  budget: { amount: '120000', currency: 'EUR' },
}
const invitation = {
  name: 'Trade fair invitation',
  subject: 'See us at the trade fair',
  template: paragraphs('Dear {{customer.name}},', 'you find us in hall 4. We have reserved a ticket for you.', 'Mona'),
  budget: { amount: '450000', currency: 'EUR' },
}
const sale = {
  name: 'Summer sale',
  template: paragraphs('Dear {{customer.name}},', 'everything for the garden is a fifth off.', 'Mona'),
  budget: { amount: '80000', currency: 'EUR' },
}

/** The subgraphs that campaigns take: customers are crm's. */
export type Press = { readonly campaigns: SubgraphExecutor; readonly crm: SubgraphExecutor }

/** Mails leave when the demo company's workers first run. */
export async function promote({ campaigns, crm }: Press, staff: Staff, faker: Faker, calendar: OwnCalendar) {
  calendar.set(new Date(Date.now() - 10 * day))
  const pause = (longest: number) => calendar.advance(faker.number.int({ min: minute, max: longest }))
  const { customers } = await asker(
    crm,
    staff.manager,
  )<{ customers: { nodes: Made[] } }>(
    '{ customers(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id } } }',
  )
  const ids = customers.nodes.map(({ id }) => id)
  const [anna = '', ...others] = ids
  const some = (count: number) => [anna, ...faker.helpers.arrayElements(others, count - 1)]

  const ask = asker(campaigns, staff.manager, 'campaigns')
  async function draft(input: object, customerIds: readonly string[]): Promise<string> {
    pause(6 * 60 * minute)
    const made = await ask<{ createCampaign: Made }>(
      'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }',
      { input: { channel: 'EMAIL', ...input, customerIds } },
    )
    pause(6 * 60 * minute)
    return made.createCampaign.id
  }
  const step = (verb: 'Launch' | 'Pause', id: string) =>
    ask(`mutation ($input: ${verb}CampaignInput!) { ${verb.toLowerCase()}Campaign(input: $input) { id } }`, {
      input: { id },
    })

  await step('Launch', await draft(newsletter, some(60)))
  const held = await draft(invitation, some(25))
  await step('Launch', held)
  await step('Pause', held)
  await draft(sale, some(40))
}
