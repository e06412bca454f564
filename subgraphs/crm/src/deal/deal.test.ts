import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type DealFields = { id: string; status: string; stage: { id: string; name: string }; version: number }
type Moved = { moveDeal: DealFields & { probability: number; closedAt: string | null; lostReason: string | null } }
type History = {
  deal: {
    stageHistory: { stage: { name: string }; leftAt: string | null; movedBy: { id: string }; durationSeconds: number }[]
  }
}
const theDeal =
  'query ($id: ID!) { deal(id: $id) { id title status version stage { id name } customer { id } owner { id } } }'

async function pipelined() {
  const { app, admin, ...people } = await world()
  return { app, admin, pipeline: await app.aPipeline(admin), ...people }
}

describe('creating a deal', () => {
  it('puts it in the first open stage of the given pipeline, with its maker as the owner', async () => {
    const { app, alice, pipeline } = await pipelined()
    const customer = await app.aCustomer({ owner: alice })
    const { createDeal } = await app.as(alice).ok<{ createDeal: { id: string } }>('CreateDeal', {
      input: {
        title: 'Chairs',
        customerId: customer.id,
        pipelineId: pipeline.id,
        amount: { amount: '1250', currency: 'EUR' },
      },
    })
    expect(createDeal).toMatchObject({
      title: 'Chairs',
      status: 'OPEN',
      stage: { name: 'New' },
      amount: { amount: '1250', currency: 'EUR', formatted: '€12.50' },
      probability: 25,
      version: 1,
    })
    expect(await app.as(alice).ok(theDeal, { id: createDeal.id })).toMatchObject({ deal: { owner: { id: alice.id } } })
    expect(await app.events('crm.deal.created', createDeal.id)).toHaveLength(1)
  })

  it("reads another agent's customer as missing, and creates nothing", async () => {
    const { app, alice, bob, pipeline } = await pipelined()
    const customer = await app.aCustomer({ owner: bob })
    const before = await app.events('crm.deal.created')
    const refusal = await app.as(alice).refused('CreateDeal', {
      input: { title: 'Chairs', customerId: customer.id, pipelineId: pipeline.id },
    })
    expect(refusal.code).toBe('NOT_FOUND')
    expect(await app.events('crm.deal.created')).toEqual(before)
  })

  it.each([
    ['an empty title', { title: '  ' }, 'title'],
    ['a title that is too long', { title: 'x'.repeat(201) }, 'title'],
    ['a title with a NUL', { title: 'a\u0000b' }, 'title'],
    ['a probability over 100', { probability: 101 }, 'probability'],
    ['a negative amount', { amount: { amount: '-1', currency: 'EUR' } }, 'amount'],
    ['an owner who does not exist', { ownerId: '019a0000-0000-7000-8000-00000000dead' }, 'ownerId'],
  ])('refuses %s', async (_, wrong, path) => {
    const { app, manager, pipeline } = await pipelined()
    const customer = await app.aCustomer({ owner: manager })
    const input = { title: 'Chairs', customerId: customer.id, pipelineId: pipeline.id, ...wrong }
    const { code, data } = await app.as(manager).refused('CreateDeal', { input })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path }] } })
  })

  it.each([['9223372036854775808'], ['12.5'], [2 ** 53], ['1e3'], ['']])('refuses %j as an amount', async (amount) => {
    const { app, alice, pipeline } = await pipelined()
    const customer = await app.aCustomer({ owner: alice })
    const input = {
      title: 'Chairs',
      customerId: customer.id,
      pipelineId: pipeline.id,
      amount: { amount, currency: 'EUR' },
    }
    expect((await app.as(alice).refused('CreateDeal', { input })).code).toBe('BAD_USER_INPUT')
  })

  it('lets a manager give it to somebody else, and an agent not', async () => {
    const { app, manager, alice, bob, pipeline } = await pipelined()
    const customer = await app.aCustomer({ owner: alice })
    const input = { title: 'Chairs', customerId: customer.id, pipelineId: pipeline.id, ownerId: bob.id }
    expect((await app.as(alice).refused('CreateDeal', { input })).code).toBe('FORBIDDEN')
    const { createDeal } = await app.as(manager).ok<{ createDeal: { id: string } }>('CreateDeal', { input })
    expect(await app.as(bob).ok(theDeal, { id: createDeal.id })).toMatchObject({
      deal: { owner: { id: bob.id }, customer: null },
    })
  })
})

describe('moving a deal', () => {
  it('closes it as won and keeps how long it stood in each stage', async () => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline, stage: 'Negotiation' })
    app.clock.advance(90_000)
    const { moveDeal } = await app
      .as(alice)
      .ok<Moved>('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage('Won').id } })
    expect(moveDeal).toMatchObject({ status: 'WON', stage: { name: 'Won' }, probability: 100, version: 2 })
    expect(moveDeal.closedAt).toBe(app.clock.now().toISOString())
    const history = await app.as(alice).ok<History>('DealHistory', { id: deal.id })
    expect(history.deal.stageHistory).toMatchObject([
      { stage: { name: 'Negotiation' }, leftAt: moveDeal.closedAt, movedBy: { id: alice.id }, durationSeconds: 90 },
      { stage: { name: 'Won' }, leftAt: null, movedBy: { id: alice.id }, durationSeconds: 0 },
    ])
    expect(await app.events('crm.deal.moved', deal.id)).toMatchObject([
      {
        version: 2,
        actorId: alice.id,
        payload: { fromStageId: pipeline.stage('Negotiation').id, toStageId: pipeline.stage('Won').id },
      },
    ])
  })

  it('asks why a deal was lost', async () => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline })
    const lost = { id: deal.id, stageId: pipeline.stage('Lost').id }
    const { code, data } = await app.as(alice).refused('MoveDeal', { input: lost })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'lostReason' }] } })
    const { moveDeal } = await app.as(alice).ok<Moved>('MoveDeal', { input: { ...lost, lostReason: 'Too dear' } })
    expect(moveDeal).toMatchObject({ status: 'LOST', lostReason: 'Too dear' })
  })

  it('opens a closed deal again where the pipeline allows it', async () => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline, stage: 'Won' })
    const { moveDeal } = await app
      .as(alice)
      .ok<Moved>('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage('New').id } })
    expect(moveDeal).toMatchObject({ status: 'OPEN', closedAt: null })
  })

  it('says which stages may follow when the pipeline does not allow the move', async () => {
    const { app, admin, alice } = await world()
    const pipeline = await app.aPipeline(admin, [
      { name: 'New', kind: 'OPEN', allowedNext: ['Offer', 'Lost'] },
      { name: 'Offer', kind: 'OPEN' },
      { name: 'Won', kind: 'WON' },
      { name: 'Lost', kind: 'LOST' },
    ])
    const deal = await app.aDeal({ owner: alice, pipeline })
    const refusal = await app
      .as(alice)
      .refused('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage('Won').id } })
    expect(refusal).toEqual({
      code: 'INVALID_TRANSITION',
      data: { from: 'New', to: 'Won', allowed: ['Offer', 'Lost'] },
    })
  })

  it('refuses a stage of another pipeline', async () => {
    const { app, admin, alice, pipeline } = await pipelined()
    const other = await app.aPipeline(admin)
    const deal = await app.aDeal({ owner: alice, pipeline })
    const { code } = await app.as(alice).refused('MoveDeal', { input: { id: deal.id, stageId: other.stage('Won').id } })
    expect(code).toBe('INVALID_TRANSITION')
  })

  it('lets one of two parallel moves win and tells the other what changed', async () => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline })
    const to = (name: string) =>
      app.as(alice).send('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage(name).id, expectedVersion: 1 } })
    const answers = await Promise.all([to('Qualified'), to('Negotiation')])
    const lost = answers.flatMap(({ errors }) => errors)
    expect(lost.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'CONFLICT', data: { currentVersion: 2, fields: ['stageId'] } },
    ])
    expect(await app.events('crm.deal.moved', deal.id)).toHaveLength(1)
    const history = await app.as(alice).ok<History>('DealHistory', { id: deal.id })
    expect(history.deal.stageHistory).toHaveLength(2)
  })

  it("reads another agent's deal as missing, and changes nothing", async () => {
    const { app, alice, bob, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: bob, pipeline })
    const { code } = await app
      .as(alice)
      .refused('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage('Won').id } })
    expect(code).toBe('NOT_FOUND')
    expect(await app.as(bob).ok(theDeal, { id: deal.id })).toMatchObject({ deal: { status: 'OPEN', version: 1 } })
  })

  it.each(['ANALYST', 'VIEWER'] as const)('is not for the role %s, and changes nothing', async (role) => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline })
    const other = await app.aPerson(role)
    const { code } = await app
      .as(other)
      .refused('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage('Won').id } })
    expect(code).toBe('FORBIDDEN')
    expect(await app.as(alice).ok(theDeal, { id: deal.id })).toMatchObject({ deal: { status: 'OPEN', version: 1 } })
  })
})

describe('changing a deal', () => {
  it('changes what is given and leaves the rest', async () => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline, expectedCloseOn: '2026-12-24' })
    const update =
      'mutation ($input: UpdateDealInput!) { updateDeal(input: $input) { title expectedCloseOn amount { amount currency } version } }'
    const { updateDeal } = await app.as(alice).ok<{ updateDeal: object }>(update, {
      input: { id: deal.id, title: 'Tables', amount: { amount: '500', currency: 'USD' } },
    })
    expect(updateDeal).toEqual({
      title: 'Tables',
      expectedCloseOn: '2026-12-24',
      amount: { amount: '500', currency: 'USD' },
      version: 2,
    })
    const [event] = await app.events('crm.deal.updated', deal.id)
    expect(event?.changes).toEqual([
      { field: 'title', before: 'Big order', after: 'Tables' },
      { field: 'amount', before: '0', after: '500' },
      { field: 'currency', before: 'EUR', after: 'USD' },
    ])
  })

  it('leaves version and history alone when nothing differs', async () => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline })
    const update = 'mutation ($input: UpdateDealInput!) { updateDeal(input: $input) { version } }'
    expect(await app.as(alice).ok(update, { input: { id: deal.id, title: 'Big order' } })).toEqual({
      updateDeal: { version: 1 },
    })
    expect(await app.events('crm.deal.updated', deal.id)).toEqual([])
  })
})

describe('deleting a deal', () => {
  it('takes it from every list, for a manager', async () => {
    const { app, manager, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline })
    await app
      .as(manager)
      .ok('mutation ($input: DeleteDealInput!) { deleteDeal(input: $input) { id } }', { input: { id: deal.id } })
    expect(await app.as(alice).ok(theDeal, { id: deal.id })).toEqual({ deal: null })
    expect(await app.events('crm.deal.deleted', deal.id)).toHaveLength(1)
  })

  it('is not for an agent, and changes nothing', async () => {
    const { app, alice, pipeline } = await pipelined()
    const deal = await app.aDeal({ owner: alice, pipeline })
    const refusal = await app
      .as(alice)
      .refused('mutation ($input: DeleteDealInput!) { deleteDeal(input: $input) { id } }', { input: { id: deal.id } })
    expect(refusal.code).toBe('FORBIDDEN')
    expect(await app.as(alice).ok(theDeal, { id: deal.id })).toMatchObject({ deal: { version: 1 } })
  })
})

describe('the deal board', () => {
  it('shows each stage with its deals, their number and their sum in each currency', async () => {
    const { app, alice, pipeline } = await pipelined()
    const amounts = [
      ['100', 'EUR'],
      ['250', 'EUR'],
      ['70', 'USD'],
    ]
    for (const [amount, currency] of amounts) await app.aDeal({ owner: alice, pipeline, amount: { amount, currency } })
    await app.aDeal({ owner: alice, pipeline, stage: 'Won' })
    const { pipeline: board } = await app
      .as(alice)
      .ok<{ pipeline: { stages: { deals: { nodes: object[] } }[] } }>('DealBoard', {
        pipelineId: pipeline.id,
        first: 2,
      })
    expect(board.stages).toMatchObject([
      {
        name: 'New',
        deals: {
          totalCount: 3,
          totalAmounts: [
            { amount: '350', currency: 'EUR' },
            { amount: '70', currency: 'USD' },
          ],
        },
      },
      { name: 'Qualified', deals: { totalCount: 0, totalAmounts: [], nodes: [] } },
      { name: 'Negotiation', deals: { totalCount: 0 } },
      { name: 'Won', deals: { totalCount: 1 } },
      { name: 'Lost', deals: { totalCount: 0 } },
    ])
    expect(board.stages[0]?.deals.nodes).toHaveLength(2)
  })

  it('asks the database once a level, however many stages and deals there are', async () => {
    const { app, alice, pipeline } = await pipelined()
    for (const stage of ['New', 'Qualified', 'Won']) await app.aDeal({ owner: alice, pipeline, stage })
    const statements = await app.statements('crm', () =>
      app.as(alice).ok('DealBoard', { pipelineId: pipeline.id, first: 5 }),
    )
    expect(statements).toHaveLength(4) // the pipeline, its stages, their deals, the deals' customers
  })

  it('counts for an agent only what the agent may see', async () => {
    const { app, alice, bob, manager, pipeline } = await pipelined()
    await app.aDeal({ owner: alice, pipeline })
    await app.aDeal({ owner: bob, pipeline })
    const count = async (person: typeof alice) => {
      const query = 'query ($id: ID!) { pipeline(id: $id) { stages { deals { totalCount } } } }'
      const { pipeline: board } = await app
        .as(person)
        .ok<{ pipeline: { stages: { deals: { totalCount: number } }[] } }>(query, { id: pipeline.id })
      return board.stages[0]?.deals.totalCount
    }
    expect([await count(alice), await count(bob), await count(manager)]).toEqual([1, 1, 2])
  })
})
