import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Listed = {
  customers: {
    totalCount: number
    nodes: { id: string; name: string }[]
    edges: { cursor: string }[]
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string }
  }
}
const theCustomer = 'query ($id: ID!) { customer(id: $id) { id name email status owner { id } version deletedAt } }'
const address = () => `${crypto.randomUUID()}@example.com`
const names = ({ customers }: Listed) => customers.nodes.map(({ name }) => name)
const list = (app: TestApp, person: Person, variables: Record<string, unknown> = {}) =>
  app.as(person).ok<Listed>('CustomerList', variables)

describe('creating a customer', () => {
  it('makes it its maker’s own, a lead, in its first version', async () => {
    const { app, alice } = await world()
    const email = address()
    const { createCustomer } = await app
      .as(alice)
      .ok<{ createCustomer: { id: string } }>('CreateCustomer', { input: { name: ' Anna ', email } })
    expect(createCustomer).toMatchObject({ name: 'Anna', email, status: 'LEAD', version: 1, owner: { id: alice.id } })
    expect(await app.events('crm.customer.created', createCustomer.id)).toMatchObject([
      { actorId: alice.id, version: 1 },
    ])
  })

  it('refuses an e-mail address that a living customer has, whatever its case', async () => {
    const { app, alice, bob } = await world()
    const email = address()
    await app.aCustomer({ owner: alice, email })
    const refusal = await app.as(bob).refused('CreateCustomer', { input: { name: 'Anna', email: email.toUpperCase() } })
    expect(refusal).toEqual({ code: 'CONFLICT', data: { fields: ['email'] } })
  })

  it('says of an e-mail address only that it is taken, whoever has it and whoever may see them', async () => {
    const { app, alice, bob } = await world()
    const [email, own] = [address(), address()]
    await app.aCustomer({ owner: alice, email })
    const { id } = await app.aCustomer({ owner: bob, email: own })
    const freed = await app.aCustomer({ owner: bob, email: address() })
    const errorsOf = async (person: Person, operation: string, input: object) => {
      const { errors } = await app.as(person).send(operation, { input })
      return errors.map(({ message, extensions }) => ({ message, extensions: { ...extensions, requestId: undefined } }))
    }
    const extensions = { code: 'CONFLICT', data: { fields: ['email'] } }
    const taken = [{ message: 'This email is already taken.', extensions }]
    const create = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }'
    const update = 'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { id } }'
    expect(await errorsOf(bob, create, { name: 'Anna', email })).toEqual(taken)
    expect(await errorsOf(bob, update, { id, email })).toEqual(taken)
    expect(await errorsOf(bob, update, { id: freed.id, email: own })).toEqual(taken)
    expect(await errorsOf(alice, create, { name: 'Anna', email })).toEqual(taken)
    type Documented = { __type: { fields: { name: string; description: string }[] } }
    const { __type } = await app.as(bob).ok<Documented>('{ __type(name: "Mutation") { fields { name description } } }')
    for (const name of ['createCustomer', 'updateCustomer', 'restoreCustomer'])
      expect(__type.fields.find((field) => field.name === name)?.description).toMatch(
        /CONFLICT.*(also one whom\s+you may not see|as in `createCustomer`)/s,
      )
  })

  it('lets one of eight parallel creations of an address win', async () => {
    const { app, alice, admin } = await world()
    const email = address()
    const all = await Promise.all(
      Array.from({ length: 8 }, () => app.as(alice).send('CreateCustomer', { input: { name: 'Anna', email } })),
    )
    expect(all.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))).toEqual(
      Array(7).fill('CONFLICT'),
    )
    expect((await list(app, admin, { filter: { email: undefined }, search: email })).customers.totalCount).toBe(1)
  })

  it.each([
    ['an empty name', { name: '' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(1_000) }, 'name'],
    ['a company that does not exist', { name: 'Anna', companyId: crypto.randomUUID() }, 'companyId'],
    ['a tag that does not exist', { name: 'Anna', tagIds: ['no id'] }, 'tagIds'],
  ])('refuses %s', async (_, input, path) => {
    const { app, alice } = await world()
    const { code, data } = await app.as(alice).refused('CreateCustomer', { input })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path }] } })
  })

  it('finds an address taken in whatever letters it is spelled', async () => {
    const { app, alice } = await world()
    const email = `a-${address()}`
    await app.aCustomer({ owner: alice, email })
    for (const respelled of [email.replace('a', 'ａ'), email.replace('@', '\u200b@')]) {
      const input = { name: 'Anna', email: respelled }
      expect((await app.as(alice).refused('CreateCustomer', { input })).code).toBe('CONFLICT')
    }
    const input = { name: 'Anna', email: email.replace('a', 'а') }
    expect((await app.as(alice).refused('CreateCustomer', { input })).code).toBe('BAD_USER_INPUT')
  })

  it.each(['no address', 'a@b', 'a b@example.com', 'a@@example.com'])(
    'refuses %j as an e-mail address',
    async (email) => {
      const { app, alice } = await world()
      expect((await app.as(alice).refused('CreateCustomer', { input: { name: 'Anna', email } })).code).toBe(
        'BAD_USER_INPUT',
      )
    },
  )

  it.each(['ANALYST', 'VIEWER'] as const)('is not for the role %s, and makes nothing', async (role) => {
    const { app } = await world()
    const person = await app.aPerson(role)
    const before = await app.events('crm.customer.created')
    expect((await app.as(person).refused('CreateCustomer', { input: { name: 'Anna' } })).code).toBe('FORBIDDEN')
    expect(await app.events('crm.customer.created')).toEqual(before)
  })

  it('happens once when it is sent twice at once with one Idempotency-Key', async () => {
    const { app, alice } = await world()
    const once = { 'idempotency-key': crypto.randomUUID() }
    const create = (name: string) => app.as(alice).send('CreateCustomer', { input: { name } }, once)
    const [first, second] = await Promise.all([create('Anna'), create('Anna')])
    expect(first?.data).not.toBeNull()
    expect(second?.data).toEqual(first?.data)
    expect((await create('Berta')).errors[0]?.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED')
    expect((await list(app, alice)).customers.totalCount).toBe(1)
  })
})

describe('changing a customer', () => {
  it('clears what is null, leaves what is absent, and tells what changed', async () => {
    const { app, alice } = await world()
    const { id } = await app.aCustomer({ owner: alice, phone: '123', nextFollowUpAt: '2026-12-01T09:00:00+01:00' })
    const { updateCustomer } = await app.as(alice).ok<{ updateCustomer: object }>('UpdateCustomer', {
      input: { id, contacted: true, nextFollowUpAt: null },
    })
    expect(updateCustomer).toMatchObject({ name: 'Northwind', contacted: true, nextFollowUpAt: null, version: 2 })
    const [event] = await app.events('crm.customer.updated', id)
    expect(event?.changes).toEqual([
      { field: 'contacted', before: false, after: true },
      { field: 'nextFollowUpAt', before: '2026-12-01T08:00:00.000Z', after: null },
    ])
  })

  it('refuses an older version, and says what differs now', async () => {
    const { app, alice } = await world()
    const { id } = await app.aCustomer({ owner: alice })
    await app.as(alice).ok('UpdateCustomer', { input: { id, name: 'Southwind' } })
    const refusal = await app
      .as(alice)
      .refused('UpdateCustomer', { input: { id, expectedVersion: 1, name: 'Westwind', status: 'LEAD' } })
    expect(refusal).toEqual({
      code: 'CONFLICT',
      data: { currentVersion: 2, fields: ['name'], current: { name: 'Southwind' } },
    })
  })

  it("reads another agent's customer as missing, and changes nothing", async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aCustomer({ owner: bob })
    const missing = await app.as(alice).refused('UpdateCustomer', { input: { id: crypto.randomUUID(), name: 'Mine' } })
    const foreign = await app.as(alice).refused('UpdateCustomer', { input: { id, name: 'Mine' } })
    expect([missing.code, foreign.code]).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    expect(await app.as(bob).ok(theCustomer, { id })).toMatchObject({ customer: { name: 'Northwind', version: 1 } })
  })

  it('gives it to somebody else only by who may assign', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aCustomer({ owner: alice })
    const give = { input: { id, ownerId: bob.id } }
    expect((await app.as(alice).refused('UpdateCustomer', give)).code).toBe('FORBIDDEN')
    await app.as(manager).ok('UpdateCustomer', give)
    expect(await app.as(alice).ok(theCustomer, { id })).toEqual({ customer: null })
    expect(await app.as(bob).ok(theCustomer, { id })).toMatchObject({ customer: { owner: { id: bob.id } } })
  })
})

describe('deleting a customer', () => {
  it('hides it until it is restored', async () => {
    const { app, admin, alice } = await world()
    const { id } = await app.aCustomer({ owner: alice })
    const { deleteCustomer } = await app
      .as(admin)
      .ok<{ deleteCustomer: { deletedAt: string } }>('DeleteCustomer', { input: { id } })
    expect(deleteCustomer.deletedAt).toBe(app.clock.now().toISOString())
    expect(await app.as(alice).ok(theCustomer, { id })).toEqual({ customer: null })
    expect((await list(app, alice)).customers.totalCount).toBe(0)
    await app.as(admin).ok('RestoreCustomer', { input: { id } })
    expect(await app.as(alice).ok(theCustomer, { id })).toMatchObject({ customer: { id, deletedAt: null, version: 3 } })
  })

  it('frees its e-mail address, and cannot be undone once that is taken', async () => {
    const { app, admin, alice } = await world()
    const email = address()
    const { id } = await app.aCustomer({ owner: alice, email })
    await app.as(admin).ok('DeleteCustomer', { input: { id } })
    await app.aCustomer({ owner: alice, email })
    expect(await app.as(admin).refused('RestoreCustomer', { input: { id } })).toMatchObject({
      code: 'CONFLICT',
      data: { fields: ['email'] },
    })
  })

  it('is not for an agent, and changes nothing', async () => {
    const { app, alice } = await world()
    const { id } = await app.aCustomer({ owner: alice })
    expect((await app.as(alice).refused('DeleteCustomer', { input: { id } })).code).toBe('FORBIDDEN')
    expect(await app.as(alice).ok(theCustomer, { id })).toMatchObject({ customer: { version: 1 } })
  })
})

describe('the list of customers', () => {
  it('is whole and without repeats when it is read page by page while it grows', async () => {
    const { app, alice } = await world()
    for (const name of ['A', 'B', 'C', 'D', 'E']) await app.aCustomer({ owner: alice, name })
    const first = await list(app, alice, { first: 2 })
    await app.aCustomer({ owner: alice, name: 'F' })
    const second = await list(app, alice, { first: 2, after: first.customers.pageInfo.endCursor })
    const third = await list(app, alice, { first: 2, after: second.customers.pageInfo.endCursor })
    expect([names(first), names(second), names(third)]).toEqual([['E', 'D'], ['C', 'B'], ['A']])
    expect(third.customers.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    expect(third.customers.totalCount).toBe(6)
  })

  it('is read backwards from its end', async () => {
    const { app, alice } = await world()
    for (const name of ['A', 'B', 'C']) await app.aCustomer({ owner: alice, name })
    const query =
      'query ($last: Int, $before: String) { customers(last: $last, before: $before) { nodes { name } pageInfo { hasPreviousPage startCursor } } }'
    const end = await app.as(alice).ok<Listed>(query, { last: 2 })
    expect(names(end)).toEqual(['B', 'A'])
    expect(end.customers.pageInfo.hasPreviousPage).toBe(true)
    const rest = await app.as(alice).ok<Listed>(query, { last: 2, before: end.customers.pageInfo.startCursor })
    expect(names(rest)).toEqual(['C'])
  })

  it.each(['NAME', 'CREATED_AT', 'UPDATED_AT', 'NEXT_FOLLOW_UP_AT'])(
    'pages through every customer in the order of %s, both ways',
    async (field) => {
      const { app, alice } = await world()
      const followUps = [null, '2026-12-01T00:00:00Z', null, '2026-11-01T00:00:00Z']
      for (const [index, nextFollowUpAt] of followUps.entries())
        await app.aCustomer({ owner: alice, name: `${index}`, nextFollowUpAt })
      const read = async (direction: string) => {
        const found: string[] = []
        let after: string | undefined
        do {
          const { customers } = await list(app, alice, { first: 1, after, orderBy: { field, direction } })
          found.push(...customers.nodes.map(({ id }) => id))
          after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : undefined
        } while (after)
        return found
      }
      const ascending = await read('ASC')
      expect(new Set(ascending).size).toBe(4)
      expect(await read('DESC')).toEqual(ascending.toReversed())
    },
  )

  it.each([[0], [101], [1000], [-1]])('refuses a page of %d', async (first) => {
    const { app, alice } = await world()
    expect(await app.as(alice).refused('CustomerList', { first })).toMatchObject({
      code: 'BAD_USER_INPUT',
      data: { fields: [{ path: 'first' }] },
    })
  })

  it('refuses a cursor of another list, or none at all', async () => {
    const { app, alice } = await world()
    await app.aCustomer({ owner: alice })
    const { customers } = await list(app, alice, { orderBy: { field: 'NAME', direction: 'ASC' } })
    for (const after of [customers.pageInfo.endCursor, 'made up']) {
      expect(await app.as(alice).refused('CustomerList', { after })).toMatchObject({
        code: 'BAD_USER_INPUT',
        data: { fields: [{ path: 'after' }] },
      })
    }
  })

  it('combines filters by and, or and not', async () => {
    const { app, alice } = await world()
    for (const status of ['LEAD', 'ACTIVE', 'CHURNED']) await app.aCustomer({ owner: alice, name: status, status })
    const filtered = async (filter: object) =>
      names(await list(app, alice, { filter, orderBy: { field: 'NAME', direction: 'ASC' } }))
    expect(await filtered({ status: ['LEAD', 'ACTIVE'] })).toEqual(['ACTIVE', 'LEAD'])
    expect(await filtered({ not: { status: ['LEAD'] } })).toEqual(['ACTIVE', 'CHURNED'])
    expect(await filtered({ or: [{ status: ['LEAD'] }, { status: ['CHURNED'] }] })).toEqual(['CHURNED', 'LEAD'])
    expect(await filtered({ status: ['LEAD'], and: [{ status: ['ACTIVE'] }] })).toEqual([])
    expect(await filtered({ or: [] })).toEqual([])
    expect(await filtered({ createdAt: { gt: '2000-01-01T00:00:00Z', lt: '2000-01-02T00:00:00Z' } })).toEqual([])
  })

  it('refuses a filter that is combined of too many', async () => {
    const { app, alice } = await world()
    const filter = { or: Array.from({ length: 100 }, () => ({ status: ['LEAD'] })) }
    const { code, data } = await app.as(alice).refused('CustomerList', { filter })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'filter' }] } })
  })

  it('finds by name, e-mail and company, whatever the case and the accents', async () => {
    const { app, admin, alice } = await world()
    const { createCompany } = await app
      .as(admin)
      .ok<{ createCompany: { id: string } }>(
        'mutation ($input: CreateCompanyInput!) { createCompany(input: $input) { id } }',
        { input: { name: 'Žižkov Brewery' } },
      )
    await app.aCustomer({ owner: alice, name: 'Anna Ångström', companyId: createCompany.id })
    await app.aCustomer({ owner: alice, name: '100% Cotton', email: 'cotton@example.org' })
    const search = async (text: string) => names(await list(app, alice, { search: text }))
    expect(await search('angstrom ANNA')).toEqual(['Anna Ångström'])
    expect(await search('zizkov')).toEqual(['Anna Ångström'])
    expect(await search('COTTON@')).toEqual(['100% Cotton'])
    expect(await search('%')).toEqual(['100% Cotton'])
    expect(await search('_')).toEqual([])
    expect(await search('\\')).toEqual([])
    expect((await app.as(alice).refused('CustomerList', { search: 'x'.repeat(101) })).code).toBe('BAD_USER_INPUT')
  })

  it('asks the database once for each level of what is selected', async () => {
    const { app, admin, alice } = await world()
    const pipeline = await app.aPipeline(admin)
    for (const name of ['A', 'B', 'C']) {
      const customer = await app.aCustomer({ owner: alice, name })
      await app.aDeal({ owner: alice, pipeline, customerId: customer.id })
    }
    const query =
      '{ customers { totalCount nodes { deals(first: 3) { totalCount totalAmounts { amount } nodes { title stage { name } } } contacts { nodes { name } } } } }'
    const statements = await app.statements('crm', () => app.as(alice).ok(query))
    expect(statements).toHaveLength(4) // customers, their deals, their contacts, the deals' stages
  })

  it("neither shows nor counts another agent's customers, by any path", async () => {
    const { app, admin, alice, bob } = await world()
    const { id } = await app.aCustomer({ owner: bob, name: 'Hidden' })
    const deal = await app.aDeal({ owner: bob, pipeline: await app.aPipeline(admin), customerId: id })
    const { id: contactId } = await app.aContact({ owner: bob, customerId: id })
    const query = `query ($id: ID!, $deal: ID!, $contact: ID!) {
      customer(id: $id) { id }
      deal(id: $deal) { customer { id } }
      contact(id: $contact) { customer { id } }
      customers(search: "Hidden") { totalCount nodes { id } }
    }`
    expect(await app.as(alice).ok(query, { id, deal: deal.id, contact: contactId })).toEqual({
      customer: null,
      deal: null,
      contact: null,
      customers: { totalCount: 0, nodes: [] },
    })
  })
})

describe('tagging a customer', () => {
  it('gives it the tag once, and finds it by that', async () => {
    const { app, manager, alice } = await world()
    const customer = await app.aCustomer({ owner: alice })
    const { createTag } = await app.as(manager).ok<{ createTag: { id: string } }>('CreateTag', {
      input: { name: `VIP ${crypto.randomUUID()}`, color: '#ff0000' },
    })
    const tag = { input: { customerId: customer.id, tagId: createTag.id } }
    await app.as(alice).ok('TagCustomer', tag)
    const { tagCustomer } = await app.as(alice).ok<{ tagCustomer: object }>('TagCustomer', tag)
    expect(tagCustomer).toMatchObject({ id: customer.id, tags: [{ id: createTag.id }] })
    expect((await list(app, alice, { filter: { tagIds: [createTag.id] } })).customers.totalCount).toBe(1)
    await app.as(alice).ok('mutation ($input: UntagCustomerInput!) { untagCustomer(input: $input) { id } }', tag)
    expect((await list(app, alice, { filter: { tagIds: [createTag.id] } })).customers.totalCount).toBe(0)
  })

  it('is refused for a customer of somebody else, a tag that does not exist, and a role that may not', async () => {
    const { app, manager, alice, bob } = await world()
    const customer = await app.aCustomer({ owner: bob })
    const { createTag } = await app
      .as(manager)
      .ok<{ createTag: { id: string } }>('CreateTag', { input: { name: crypto.randomUUID() } })
    const viewer = await app.aPerson('VIEWER')
    const tag = (person: Person, tagId: string) =>
      app.as(person).refused('TagCustomer', { input: { customerId: customer.id, tagId } })
    expect((await tag(alice, createTag.id)).code).toBe('NOT_FOUND')
    expect((await tag(bob, crypto.randomUUID())).code).toBe('NOT_FOUND')
    expect((await tag(viewer, createTag.id)).code).toBe('FORBIDDEN')
  })

  it('knows each tag once, whatever its case', async () => {
    const { app, manager } = await world()
    const name = `Tag ${crypto.randomUUID()}`
    await app.as(manager).ok('CreateTag', { input: { name } })
    expect(await app.as(manager).refused('CreateTag', { input: { name: name.toUpperCase() } })).toMatchObject({
      code: 'CONFLICT',
      data: { fields: ['name'] },
    })
    expect((await app.as(manager).refused('CreateTag', { input: { name: 'x', color: 'red' } })).code).toBe(
      'BAD_USER_INPUT',
    )
  })
})

describe('a customer that is asked for by reference', () => {
  const byReference = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { name } } }'

  it("is as missing as another agent's is", async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aCustomer({ owner: bob })
    const of = [id, crypto.randomUUID(), 'no id'].map((one) => ({ __typename: 'Customer', id: one }))
    const ask = async (person: Person) =>
      app
        .subgraph('crm')
        .execute({ query: byReference, variables: { of }, viewer: await app.viewerOf(person), requestId: 'test' })
    expect(await ask(alice)).toEqual({ data: { _entities: [null, null, null] } })
    expect(await ask(bob)).toEqual({ data: { _entities: [{ name: 'Northwind' }, null, null] } })
  })

  it('is read together with all others of the question, in one statement', async () => {
    const { app, alice } = await world()
    const made = [await app.aCustomer({ owner: alice }), await app.aCustomer({ owner: alice })]
    const of = made.map(({ id }) => ({ __typename: 'Customer', id }))
    const viewer = await app.viewerOf(alice)
    const statements = await app.statements('crm', async () =>
      app.subgraph('crm').execute({ query: byReference, variables: { of }, viewer, requestId: 'test' }),
    )
    expect(statements).toHaveLength(1)
  })
})
