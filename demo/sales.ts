// Three weeks of the demo company's sales: companies, customers with contacts and tags, and deals on their way.
import type { Faker } from '@faker-js/faker'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { asker } from './ask.ts'
import type { Login, Staff } from './people.ts'

export type Calendar = { advance(milliseconds: number): void; now(): Date }

type Made = { id: string }
type Pipeline = Made & { stages: (Made & { name: string; kind: string })[] }

const minute = 60_000
const day = 24 * 60 * minute
const customerCount = 220

const pipelines = [
  {
    name: 'New business',
    currency: 'EUR',
    stages: [
      { name: 'New', kind: 'OPEN', probability: 10, rottingAfterDays: 14 },
      { name: 'Qualified', kind: 'OPEN', probability: 30, rottingAfterDays: 14 },
      { name: 'Proposal', kind: 'OPEN', probability: 50, rottingAfterDays: 21 },
      { name: 'Negotiation', kind: 'OPEN', probability: 75, rottingAfterDays: 21 },
      { name: 'Won', kind: 'WON' },
      { name: 'Lost', kind: 'LOST' },
    ],
  },
  {
    name: 'Renewals',
    currency: 'EUR',
    stages: [
      { name: 'Due', kind: 'OPEN', allowedNext: ['Offered', 'Cancelled'] },
      { name: 'Offered', kind: 'OPEN', allowedNext: ['Due', 'Renewed', 'Cancelled'] },
      { name: 'Renewed', kind: 'WON', allowedNext: [] },
      { name: 'Cancelled', kind: 'LOST', allowedNext: ['Due'] },
    ],
  },
]

const tags = [
  { name: 'VIP', color: '#c0392b' },
  { name: 'Newsletter', color: '#2980b9' },
  { name: 'Reseller', color: '#27ae60' },
  { name: 'Trade fair', color: '#8e44ad' },
]

const createDeal = 'mutation ($input: CreateDealInput!) { createDeal(input: $input) { id } }'
const createContact = 'mutation ($input: CreateContactInput!) { createContact(input: $input) { id } }'
const moveDeal = 'mutation ($input: MoveDealInput!) { moveDeal(input: $input) { id } }'
const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }'

export async function sell(crm: SubgraphExecutor, staff: Staff, faker: Faker, calendar: Calendar): Promise<void> {
  const as = Object.fromEntries(
    Object.entries(staff).map(([login, viewer]) => [login, asker(crm, viewer, login)]),
  ) as Record<Login, ReturnType<typeof asker>>
  const pause = (longest: number) => calendar.advance(faker.number.int({ min: minute, max: longest }))

  const lanes: Pipeline[] = []
  for (const input of pipelines) {
    const made = await as.admin<{ createPipeline: Pipeline }>(
      'mutation ($input: CreatePipelineInput!) { createPipeline(input: $input) { id stages { id name kind } } }',
      { input },
    )
    lanes.push(made.createPipeline)
    pause(day)
  }
  const tagIds: string[] = []
  for (const input of tags) {
    const made = await as.manager<{ createTag: Made }>(
      'mutation ($input: CreateTagInput!) { createTag(input: $input) { id } }',
      { input },
    )
    tagIds.push(made.createTag.id)
  }
  const companyIds: string[] = []
  for (const name of ['Northwind Traders', ...faker.helpers.uniqueArray(faker.company.name, 40)]) {
    const input = { name, website: `https://${faker.internet.domainName()}` }
    const made = await as.manager<{ createCompany: Made }>(
      'mutation ($input: CreateCompanyInput!) { createCompany(input: $input) { id } }',
      { input },
    )
    companyIds.push(made.createCompany.id)
  }

  /** A deal that its owner moves on, some of them to the end. */
  async function deal(customerId: string, seller: Login, lane: Pipeline) {
    const amount = {
      amount: String(faker.number.int({ min: 20, max: 9_000 }) * 100),
      currency: faker.helpers.weightedArrayElement([
        { weight: 9, value: 'EUR' },
        { weight: 1, value: 'USD' },
      ]),
    }
    const expectedCloseOn = new Date(calendar.now().getTime() + faker.number.int({ min: 5, max: 90 }) * day)
      .toISOString()
      .slice(0, 10)
    const input = { title: faker.commerce.productName(), customerId, pipelineId: lane.id, amount, expectedCloseOn }
    const { createDeal: made } = await as[seller]<{ createDeal: Made }>(createDeal, { input })
    const open = lane.stages.filter(({ kind }) => kind === 'OPEN')
    const steps = faker.number.int({ min: 0, max: open.length + 1 })
    for (const stage of open.slice(1, steps)) {
      pause(2 * 60 * minute)
      await as[seller](moveDeal, { input: { id: made.id, stageId: stage.id } })
    }
    if (steps <= open.length) return
    const outcome = faker.datatype.boolean(0.6) ? 'WON' : 'LOST'
    const end = lane.stages.find(({ kind }) => kind === outcome)
    const lostReason =
      end?.kind === 'LOST'
        ? faker.helpers.arrayElement(['Too dear', 'Chose somebody else', 'No budget this year'])
        : null
    await as[seller](moveDeal, { input: { id: made.id, stageId: end?.id, lostReason } })
  }

  for (let index = 0; index < customerCount; index++) {
    const isAnna = index === 0
    const person = {
      first: isAnna ? 'Anna' : faker.person.firstName(),
      last: isAnna ? 'Northwind' : faker.person.lastName(),
    }
    const owner = isAnna
      ? 'agent'
      : faker.helpers.weightedArrayElement<Login | null>([
          { weight: 4, value: 'agent' },
          { weight: 4, value: 'agent2' },
          { weight: 2, value: 'manager' },
          { weight: 2, value: null },
        ])
    const input = {
      name: isAnna ? 'Anna Northwind' : `${person.first} ${person.last}`,
      email: isAnna
        ? 'anna@northwind.example'
        : `${faker.internet.username({ firstName: person.first, lastName: person.last }).toLowerCase()}.${index}@example.com`,
      phone: faker.phone.number({ style: 'international' }),
      status: isAnna
        ? 'ACTIVE'
        : faker.helpers.arrayElement(['LEAD', 'PROSPECT', 'ACTIVE', 'ACTIVE', 'INACTIVE', 'CHURNED']),
      companyId: isAnna
        ? companyIds[0]
        : faker.helpers.maybe(() => faker.helpers.arrayElement(companyIds), { probability: 0.7 }),
      tagIds: faker.helpers.arrayElements(tagIds, { min: 0, max: 2 }),
      contactPreferences: faker.helpers.arrayElements(['EMAIL', 'PHONE', 'SMS'], { min: 0, max: 2 }),
      nextFollowUpAt: faker.helpers.maybe(() =>
        new Date(calendar.now().getTime() + faker.number.int({ min: 1, max: 40 }) * day).toISOString(),
      ),
      ...(owner === null && { ownerId: null }),
    }
    const { createCustomer: customer } = await as[owner ?? 'manager']<{ createCustomer: Made }>(createCustomer, {
      input,
    })
    pause(3 * 60 * minute)
    if (!owner) continue
    const contactCount = isAnna || faker.datatype.boolean(0.3) ? 2 : 1
    for (let count = 0; count < contactCount; count++) {
      const name = faker.person.fullName()
      const contact = {
        customerId: customer.id,
        name,
        title: faker.person.jobTitle(),
        email: faker.internet.email().toLowerCase(),
      }
      await as[owner](createContact, { input: contact })
    }
    const dealCount = isAnna
      ? 4
      : faker.helpers.weightedArrayElement([
          { weight: 4, value: 0 },
          { weight: 5, value: 1 },
          { weight: 2, value: 2 },
        ])
    for (let count = 0; count < dealCount; count++) {
      const lane = (count === 1 ? lanes[1] : lanes[0]) as Pipeline
      await deal(customer.id, owner, lane)
    }
  }
}
