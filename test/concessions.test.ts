// A concession sees its own rows and nobody else's, also where a subgraph knows customers by a mirror only.
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Person, type TestApp, world } from './app.ts'

const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }'
const createProduct = 'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }'
const placeOrder = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id customer { id } } }'
const createContact = 'mutation ($input: CreateContactInput!) { createContact(input: $input) { id } }'
const createTicket = 'mutation ($input: CreateTicketInput!) { createTicket(input: $input) { customer { id } } }'
const createCampaign = 'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id audienceSize } }'
const launchCampaign = 'mutation ($input: LaunchCampaignInput!) { launchCampaign(input: $input) { id } }'
const theirOrders = `query ($id: ID!) { _entities(representations: [{ __typename: "Customer", id: $id }]) {
  ... on Customer { orders { totalCount } } } }`
const theirTickets = theirOrders.replace('orders', 'tickets')
const theirMessages = theirOrders.replace('orders', 'messages')
const totals = `query ($id: ID!) { _entities(representations: [{ __typename: "Customer", id: $id }]) {
  ... on Customer { totals { orders } } } }`

/** A viewer with the rights of the person, as a member of the concession, or of none. */
const memberOf = async (app: TestApp, person: Person, concessionId: string | null) => {
  const viewer = { ...(await app.viewerOf(person)), concessionId }
  return async (subgraph: string, query: string, variables: object = {}) => {
    const asked = { query, variables: { ...variables }, viewer, requestId: 'test' }
    const { data, errors } = await app.subgraph(subgraph).execute(asked)
    return { data, code: errors?.[0]?.extensions.code, errorData: errors?.[0]?.extensions.data }
  }
}

/** Two managers of different concessions, one who belongs to none, and a customer of the first one's concession. */
async function concessions() {
  const { app, manager } = await world()
  const ours = await memberOf(app, manager, randomUUID())
  const theirs = await memberOf(app, manager, randomUUID())
  const office = await memberOf(app, manager, null)
  const { data } = await ours('crm', createCustomer, {
    input: { name: 'Northwind', email: `${randomUUID()}@example.com` },
  })
  const customerId = (data as { createCustomer: { id: string } }).createCustomer.id
  return { ours, theirs, office, customerId }
}

describe("a concession's customer", () => {
  it('may be ordered for by the concession and by the head office, and is missing for another concession', async () => {
    const { ours, theirs, office, customerId } = await concessions()
    const price = { amount: '100', currency: 'EUR' }
    const product = { sku: randomUUID(), name: 'Chair', status: 'ACTIVE', stockOnHand: 2, price }
    const { data } = await ours('commerce', createProduct, { input: product })
    const productId = (data as { createProduct: { id: string } }).createProduct.id
    const input = { customerId, lines: [{ productId, quantity: 1 }] }
    const made = { placeOrder: { customer: { id: customerId } } }
    expect((await theirs('commerce', placeOrder, { input })).code).toBe('NOT_FOUND')
    expect((await ours('commerce', placeOrder, { input })).data).toMatchObject(made)
    expect((await office('commerce', placeOrder, { input })).data).toMatchObject(made)
    // What the head office does for its customer is the concession's, too.
    expect((await ours('commerce', theirOrders, { id: customerId })).data).toEqual({
      _entities: [{ orders: { totalCount: 2 } }],
    })
    expect((await theirs('commerce', theirOrders, { id: customerId })).data).toEqual({
      _entities: [{ orders: { totalCount: 0 } }],
    })
  })

  it('is missing for another concession that would open a ticket for it', async () => {
    const { ours, theirs, customerId } = await concessions()
    const input = { customerId, subject: 'Squeaks', body: 'Help' }
    expect((await theirs('support', createTicket, { input })).code).toBe('NOT_FOUND')
    expect((await ours('support', createTicket, { input })).data).toEqual({
      createTicket: { customer: { id: customerId } },
    })
  })

  it('shows the concession the tickets and contacts that the head office makes for it', async () => {
    const { ours, theirs, office, customerId } = await concessions()
    await office('support', createTicket, { input: { customerId, subject: 'Squeaks', body: 'Help' } })
    const seen = (totalCount: number) => ({ _entities: [{ tickets: { totalCount } }] })
    expect((await ours('support', theirTickets, { id: customerId })).data).toEqual(seen(1))
    expect((await theirs('support', theirTickets, { id: customerId })).data).toEqual(seen(0))
    await office('crm', createContact, { input: { customerId, name: 'Piet' } })
    const contacts = 'query ($id: ID!) { customer(id: $id) { contacts { totalCount } } }'
    expect((await ours('crm', contacts, { id: customerId })).data).toEqual({
      customer: { contacts: { totalCount: 1 } },
    })
    expect((await theirs('crm', contacts, { id: customerId })).data).toEqual({ customer: null })
  })

  it('is missing for another concession that would write to it, and its totals with it', async () => {
    const { ours, theirs, office, customerId } = await concessions()
    const input = { name: 'Spring', channel: 'EMAIL', template: 'Hello', customerIds: [customerId] }
    expect((await theirs('campaigns', createCampaign, { input })).code).toBe('BAD_USER_INPUT')
    expect((await ours('campaigns', createCampaign, { input })).data).toMatchObject({
      createCampaign: { audienceSize: 1 },
    })
    const made = await office('campaigns', createCampaign, { input })
    await office('campaigns', launchCampaign, {
      input: { id: (made.data as { createCampaign: { id: string } }).createCampaign.id },
    })
    const seen = (totalCount: number) => ({ _entities: [{ messages: { totalCount } }] })
    expect((await ours('campaigns', theirMessages, { id: customerId })).data).toEqual(seen(1))
    expect((await theirs('campaigns', theirMessages, { id: customerId })).data).toEqual(seen(0))
    expect((await theirs('campaigns', totals, { id: customerId })).data).toEqual({ _entities: [{ totals: null }] })
    expect((await ours('campaigns', totals, { id: customerId })).data).toEqual({
      _entities: [{ totals: { orders: 0 } }],
    })
  })
})

describe("a concession's tags and pipelines", () => {
  const createTag = 'mutation ($input: CreateTagInput!) { createTag(input: $input) { id } }'
  const tagCustomer = 'mutation ($input: TagCustomerInput!) { tagCustomer(input: $input) { tags { id } } }'
  const createPipeline =
    'mutation ($input: CreatePipelineInput!) { createPipeline(input: $input) { id stages { id pipeline { id } } } }'
  const createDeal = 'mutation ($input: CreateDealInput!) { createDeal(input: $input) { stage { pipeline { id } } } }'
  const stagesById = `query ($ids: [_Any!]!) { _entities(representations: $ids) {
    ... on DealStage { id pipeline { id } allowedNext { id } } } }`
  const stages = ['OPEN', 'WON', 'LOST'].map((kind) => ({ name: kind, kind }))
  type Ids = { id: string }[]

  /** Administrators of two concessions, the first of which has a tag, a pipeline and a customer. */
  async function sales() {
    const { app, admin } = await world()
    const ours = await memberOf(app, admin, randomUUID())
    const theirs = await memberOf(app, admin, randomUUID())
    const made = async <Made>(query: string, input: object) =>
      Object.values((await ours('crm', query, { input })).data ?? {})[0] as Made
    const name = randomUUID()
    const tag = await made<{ id: string }>(createTag, { name })
    const pipeline = await made<{ id: string; stages: Ids }>(createPipeline, { name, stages })
    const customer = await made<{ id: string }>(createCustomer, { name, email: `${name}@example.com` })
    return { ours, theirs, tag, pipeline, customer }
  }

  it('are listed and found by id for its own members only', async () => {
    const { ours, theirs, tag, pipeline } = await sales()
    const lists = '{ tags { id } pipelines { id stages { id } } }'
    expect((await ours('crm', lists)).data).toEqual({
      tags: [tag],
      pipelines: [{ id: pipeline.id, stages: pipeline.stages.map(({ id }) => ({ id })) }],
    })
    expect((await theirs('crm', lists)).data).toEqual({ tags: [], pipelines: [] })
    const one = 'query ($id: ID!) { pipeline(id: $id) { stages { id } } }'
    expect((await theirs('crm', one, { id: pipeline.id })).data).toEqual({ pipeline: null })
    const ids = pipeline.stages.map(({ id }) => ({ __typename: 'DealStage', id }))
    expect((await theirs('crm', stagesById, { ids })).data).toEqual({ _entities: ids.map(() => null) })
    expect((await ours('crm', stagesById, { ids })).data?._entities).toHaveLength(3)
  })

  it('are used by its own members only', async () => {
    const { ours, theirs, tag, pipeline, customer } = await sales()
    const name = randomUUID()
    const { data } = await theirs('crm', createCustomer, { input: { name, email: `${name}@example.com` } })
    const customerId = (data as { createCustomer: { id: string } }).createCustomer.id
    expect((await theirs('crm', tagCustomer, { input: { customerId, tagId: tag.id } })).code).toBe('NOT_FOUND')
    const deal = { title: 'Chairs', customerId, amount: { amount: '1', currency: 'EUR' } }
    const [stage] = pipeline.stages
    for (const where of [{ pipelineId: pipeline.id }, { stageId: stage?.id }])
      expect((await theirs('crm', createDeal, { input: { ...deal, ...where } })).code).toBe('NOT_FOUND')
    const input = { ...deal, customerId: customer.id, pipelineId: pipeline.id }
    expect((await ours('crm', createDeal, { input })).data).toEqual({
      createDeal: { stage: { pipeline: { id: pipeline.id } } },
    })
    expect((await ours('crm', tagCustomer, { input: { customerId: customer.id, tagId: tag.id } })).data).toEqual({
      tagCustomer: { tags: [tag] },
    })
  })

  it('do not include the default pipeline of the head office, and a deal must name one', async () => {
    const { ours, customer } = await sales()
    const input = { title: 'Chairs', customerId: customer.id, amount: { amount: '1', currency: 'EUR' } }
    expect(await ours('crm', createDeal, { input })).toMatchObject({
      code: 'BAD_USER_INPUT',
      errorData: { fields: [{ path: 'pipelineId', message: expect.stringContaining('no default pipeline') }] },
    })
  })
})

it('shows nobody at the door what subgraphs tell each other of customers and orders', async () => {
  const { app, admin } = await world()
  for (const [list, field] of [
    ['customers', 'concessionId'],
    ['orders', 'customerId'],
  ]) {
    const { errors } = await app.as(admin).send(`{ ${list} { nodes { ${field} } } }`)
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  }
})
