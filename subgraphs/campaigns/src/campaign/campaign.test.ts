import { randomUUID } from 'node:crypto'
import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Campaign = { id: string; name: string; status: string; version: number; audienceSize: number }

const fields =
  'id name status subject audienceSize version createdBy { id } budget { amount currency } delivery { pending }'
const theCampaign = `query ($id: ID!) { campaign(id: $id) { ${fields} } }`
const mutation = (verb: string) => {
  const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
  return `mutation ($input: ${type}!) { ${verb}(input: $input) { ${fields} } }`
}
const usual = { name: 'Spring', channel: 'EMAIL', template: '<p>Dear {{customer.name}}</p>' }
const nobody = '019a0000-0000-7000-8000-00000000dead'

const one = async (app: TestApp, person: Person, id: string) =>
  (await app.as(person).ok<{ campaign: Campaign | null }>(theCampaign, { id })).campaign

async function aDraft(app: TestApp, owner: Person, input: Record<string, unknown> = {}) {
  const customer = await app.aCustomer({ owner, email: `${randomUUID()}@example.com` })
  return app.aCampaign({ owner, customerIds: [customer.id], ...input })
}

describe('creating a campaign', () => {
  it('makes a draft of its maker, for each customer once', async () => {
    const { app, manager } = await world()
    const { id: customer } = await app.aCustomer({ owner: manager })
    const budget = { amount: '125000', currency: 'EUR' }
    const input = { ...usual, budget, customerIds: [customer, customer.toUpperCase()] }
    const { createCampaign } = await app
      .as(manager)
      .ok<{ createCampaign: Campaign }>(mutation('createCampaign'), { input })
    expect(createCampaign).toMatchObject({
      status: 'DRAFT',
      subject: 'Spring',
      audienceSize: 1,
      version: 1,
      budget,
      createdBy: { id: manager.id },
      delivery: { pending: 0 },
    })
    expect(await app.events('campaigns.campaign.created', createCampaign.id)).toHaveLength(1)
  })

  it.each([
    ['an empty name', { name: ' ' }, 'name'],
    ['a name of two lines', { name: 'a\r\nBcc: x@example.com' }, 'name'],
    ['a subject of two lines', { subject: 'a\r\nBcc: x@example.com' }, 'subject'],
    ['a subject with an unknown field', { subject: '{{customer.phone}}' }, 'subject'],
    ['an empty template', { template: ' ' }, 'template'],
    ['an unknown field', { template: 'Dear {{customer.password}}' }, 'template'],
    ['a field of every object', { template: '{{constructor}}' }, 'template'],
    ['logic', { template: '{{#each customers}}x{{/each}}' }, 'template'],
    ['an unescaped field', { template: '{{{customer.name}}}' }, 'template'],
    ['braces left open', { template: 'Dear {{customer.name' }, 'template'],
    ['a negative budget', { budget: { amount: '-1', currency: 'EUR' } }, 'budget'],
    ['an end before its start', { startsAt: '2030-02-01T00:00:00Z', endsAt: '2030-01-01T00:00:00Z' }, 'endsAt'],
    ['a customer who does not exist', { customerIds: [nobody] }, 'customerIds'],
    ['a customer whose id is none', { customerIds: ['x'] }, 'customerIds'],
  ])('refuses %s', async (_, wrong, path) => {
    const { app, manager } = await world()
    const input = { ...usual, ...wrong }
    const { code, data } = await app.as(manager).refused(mutation('createCampaign'), { input })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path }] } })
  })

  it.each(['AGENT', 'ANALYST', 'VIEWER'] as const)('is not for the role %s, and creates nothing', async (role) => {
    const { app } = await world()
    const before = await app.events('campaigns.campaign.created')
    const person = await app.aPerson(role)
    expect((await app.as(person).refused(mutation('createCampaign'), { input: usual })).code).toBe('FORBIDDEN')
    expect(await app.events('campaigns.campaign.created')).toEqual(before)
  })
})

describe('changing a campaign', () => {
  it('leaves what is not given, and replaces whom it is for', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager)
    const customers = await Promise.all([1, 2].map(() => app.aCustomer({ owner: manager })))
    const input = { id, subject: 'Hello {{customer.name}}', customerIds: customers.map((customer) => customer.id) }
    const changed = await app.as(manager).ok(mutation('updateCampaign'), { input })
    expect(changed.updateCampaign).toMatchObject({
      name: 'Spring',
      subject: input.subject,
      audienceSize: 2,
      version: 2,
    })
  })

  it('refuses one that somebody else has changed meanwhile', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager)
    await app.as(manager).ok(mutation('updateCampaign'), { input: { id, name: 'Summer', expectedVersion: 1 } })
    const { code, data } = await app
      .as(manager)
      .refused(mutation('updateCampaign'), { input: { id, name: 'Autumn', expectedVersion: 1 } })
    expect({ code, data }).toMatchObject({ code: 'CONFLICT', data: { currentVersion: 2, fields: ['name'] } })
  })

  it('refuses what a new one would be refused for, and leaves it as it was', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager)
    for (const wrong of [{ template: '{{x}}' }, { customerIds: [nobody] }, { name: null }]) {
      const { code } = await app.as(manager).refused(mutation('updateCampaign'), { input: { id, ...wrong } })
      expect(code).toBe('BAD_USER_INPUT')
    }
    expect(await one(app, manager, id)).toMatchObject({ version: 1, audienceSize: 1 })
  })

  it('is for drafts only', async () => {
    const { app, manager } = await world()
    const { id } = await aDraft(app, manager, { startsAt: '2999-01-01T00:00:00Z' })
    await app.as(manager).ok('LaunchCampaign', { input: { id } })
    const { code } = await app.as(manager).refused(mutation('updateCampaign'), { input: { id, name: 'Late' } })
    expect(code).toBe('INVALID_TRANSITION')
  })

  it('does not find what is not there', async () => {
    const { app, manager, admin } = await world()
    for (const verb of ['updateCampaign', 'launchCampaign', 'pauseCampaign', 'resumeCampaign']) {
      expect((await app.as(manager).refused(mutation(verb), { input: { id: nobody } })).code, verb).toBe('NOT_FOUND')
    }
    expect((await app.as(admin).refused(mutation('deleteCampaign'), { input: { id: nobody } })).code).toBe('NOT_FOUND')
  })

  it.each(['updateCampaign', 'launchCampaign', 'pauseCampaign', 'resumeCampaign', 'deleteCampaign'])(
    '%s is not for agents, and changes nothing',
    async (verb) => {
      const { app, manager, alice } = await world()
      const { id } = await aDraft(app, manager)
      expect((await app.as(alice).refused(mutation(verb), { input: { id } })).code).toBe('FORBIDDEN')
      expect(await one(app, manager, id)).toMatchObject({ status: 'DRAFT', version: 1 })
    },
  )
})

describe('deleting a campaign', () => {
  it('is for administrators, and for drafts', async () => {
    const { app, admin, manager } = await world()
    const { id } = await aDraft(app, manager)
    expect((await app.as(manager).refused(mutation('deleteCampaign'), { input: { id } })).code).toBe('FORBIDDEN')
    await app.as(admin).ok(mutation('deleteCampaign'), { input: { id } })
    expect(await one(app, manager, id)).toBeNull()
    const launched = await aDraft(app, manager, { startsAt: '2999-01-01T00:00:00Z' })
    await app.as(manager).ok('LaunchCampaign', { input: { id: launched.id } })
    const { code } = await app.as(admin).refused(mutation('deleteCampaign'), { input: { id: launched.id } })
    expect(code).toBe('INVALID_TRANSITION')
  })
})

describe('listing campaigns', () => {
  it('finds them by their words and status, in any order, for every role', async () => {
    const { app, manager } = await world()
    const word = randomUUID().slice(0, 8)
    for (const name of ['B', 'A']) await aDraft(app, manager, { name: `${name} ${word}` })
    const viewer = await app.aPerson('VIEWER')
    const list = `query ($search: String) {
      campaigns(search: $search, filter: { status: [DRAFT] }, orderBy: { field: NAME, direction: ASC }) { totalCount nodes { name } }
    }`
    const { campaigns } = await app.as(viewer).ok(list, { search: word.toUpperCase() })
    expect(campaigns).toEqual({ totalCount: 2, nodes: [{ name: `A ${word}` }, { name: `B ${word}` }] })
  })

  it('shows figures to those who may read them only', async () => {
    const { app, manager, alice } = await world()
    const { id } = await aDraft(app, manager)
    const { data, errors } = await app.as(alice).send<{ campaign: object }>(theCampaign, { id })
    expect(data?.campaign).toMatchObject({ id, delivery: null })
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})
