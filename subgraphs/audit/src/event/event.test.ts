import { randomUUID } from 'node:crypto'
import { react } from '@switchyard/runtime/events/react'
import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'
import { anEvent } from '../testing/writer.ts'

type Change = { field: string; before: unknown; after: unknown }
type Logged = {
  id: string
  sequence: string
  at: string
  action: string
  entityType: string
  entityId: string
  actor: { id: string; name: string } | null
  actorKind: string
  actorId: string | null
  changes: Change[]
  payload: Record<string, unknown>
  hash: string
  previousHash: string
}
type Events = { auditEvents: { nodes: Logged[]; totalCount: number; pageInfo: { endCursor: string } } }
type Trail = { auditTrail: { nodes: Logged[] } | null }

const listed = `query ($first: Int, $after: String, $filter: AuditEventFilter) {
  auditEvents(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { endCursor }
    nodes { id sequence at action entityType entityId actor { id name } actorKind actorId changes { field before after } payload hash previousHash }
  }
}`
const trailOf = (field: string) => `query ($id: ID!) {
  ${field}(id: $id) { auditTrail(first: 5) { nodes { id at action actor { id name } changes { field before after } } } }
}`
const readers = async () => {
  const { app, admin, ...people } = await world()
  await app.settled()
  const read = async (variables: Record<string, unknown> = {}) => {
    await app.settled()
    return (await app.as(admin).ok<Events>(listed, variables)).auditEvents
  }
  return { app, admin, read, ...people }
}

describe('the audit log', () => {
  it('tells who changed what of a deal, as the console asks for it', async () => {
    const { app, admin, alice } = await readers()
    const pipeline = await app.aPipeline(admin)
    const deal = await app.aDeal({ owner: alice, pipeline })
    await app.settled()
    const to = pipeline.stage('Qualified').id
    await app.as(alice).ok('MoveDeal', { input: { id: deal.id, stageId: to } })
    await app.settled()
    const filter = { entityId: { eq: deal.id } }
    const { auditEvents } = await app.as(admin).ok<Events>('AuditEvents', { first: 1, filter })
    expect(auditEvents.nodes).toEqual([
      {
        id: expect.any(String),
        sequence: expect.stringMatching(/^\d+$/),
        at: expect.any(String),
        action: 'crm.deal.moved',
        entityType: 'Deal',
        entityId: deal.id,
        actor: { id: alice.id, name: 'Alice' },
        impersonatorId: null,
        requestId: expect.any(String),
        changes: [{ field: 'stageId', before: pipeline.stage('New').id, after: to }],
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        previousHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ])
    expect(auditEvents.pageInfo).toMatchObject({ hasNextPage: true })
  })

  it('is in order, each event linked to the one before', async () => {
    const { app, alice, read } = await readers()
    for (let count = 0; count < 3; count++) {
      await app.aCustomer({ owner: alice })
      await app.settled()
    }
    const { nodes } = await read({ filter: { actorId: { eq: alice.id } } })
    expect(nodes).toHaveLength(3)
    const sequences = nodes.map(({ sequence }) => Number(sequence))
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] as number) - index))
    expect(nodes.slice(0, -1).map(({ previousHash }) => previousHash)).toEqual(nodes.slice(1).map(({ hash }) => hash))
  })

  it('is found by what happened, to what, by whom, when and in which request', async () => {
    const { app, alice, bob, read } = await readers()
    const customer = await app.aCustomer({ owner: alice })
    await app.aCustomer({ owner: bob })
    const requestId = `request-${customer.id}`
    const deleting = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { id } }'
    const { admin } = await readers()
    app.clock.advance(60_000)
    await app.as(admin).send(deleting, { input: { id: customer.id } }, { 'x-request-id': requestId })
    const [created, deleted] = [
      { action: 'crm.customer.created', entityId: customer.id },
      { action: 'crm.customer.deleted', entityId: customer.id },
    ]
    const at = app.clock.now().toISOString()
    const found = async (filter: object) => (await read({ filter })).nodes
    expect(await found({ entityId: { eq: customer.id } })).toMatchObject([deleted, created])
    expect(await found({ entityId: { in: [customer.id] }, at: { gte: at } })).toMatchObject([deleted])
    expect(await found({ entityId: { eq: customer.id }, at: { lt: at } })).toMatchObject([created])
    expect(await found({ requestId: { eq: requestId } })).toMatchObject([deleted])
    expect(await found({ actorId: { eq: alice.id }, entityType: { eq: 'Customer' } })).toMatchObject([created])
    expect(await found({ actorId: { in: [alice.id] }, action: { startsWith: 'crm.customer.' } })).toMatchObject([
      created,
    ])
    expect(await found({ entityId: { eq: customer.id }, not: { action: { eq: created.action } } })).toMatchObject([
      deleted,
    ])
  })

  it('goes on where a page ends, also while events are added', async () => {
    const { app, alice, read } = await readers()
    for (let count = 0; count < 4; count++) await app.aCustomer({ owner: alice })
    const filter = { actorId: { eq: alice.id } }
    const first = await read({ first: 2, filter })
    await app.aCustomer({ owner: alice })
    const next = await read({ first: 2, after: first.pageInfo.endCursor, filter })
    expect(Number(next.nodes[0]?.sequence)).toBeLessThan(Number(first.nodes[1]?.sequence))
    expect(new Set([...first.nodes, ...next.nodes].map(({ id }) => id)).size).toBe(4)
  })

  it('names the task where no person acted, and logs an event once however often it arrives', async () => {
    const { app, admin, read } = await readers()
    const { id } = await app.aCustomer({ owner: admin })
    await app.settled()
    const [event] = await app.events('crm.customer.created', id)
    const { open, subgraph } = app.subgraph('audit')
    await Promise.all([1, 2, 3].map(() => react('audit', subgraph.reactions, open, event as never)))
    const again = { ...event, id: randomUUID(), actorKind: 'SERVICE', actorId: 'crm.import' }
    await react('audit', subgraph.reactions, open, again as never)
    await app.subgraph('audit').database.sql`delete from audit.inbox`
    await react('audit', subgraph.reactions, open, again as never)
    const { nodes } = await read({ filter: { entityId: { eq: id } } })
    expect(nodes).toMatchObject([
      { actor: null, actorKind: 'SERVICE', actorId: 'crm.import' },
      { actor: { id: admin.id }, actorKind: 'USER', actorId: admin.id },
    ])
  })

  it.each(['manager', 'alice'] as const)('is nothing for %s', async (who) => {
    const { app, [who]: person } = await readers()
    expect((await app.as(person).refused('AuditEvents')).code).toBe('FORBIDDEN')
    expect((await app.as(person).refused('VerifyAuditChain')).code).toBe('FORBIDDEN')
    expect((await app.nobody.refused('AuditEvents')).code).toBe('UNAUTHENTICATED')
  })
})

describe("a row's trail", () => {
  it('is read with the row by administrators and managers, the last change first', async () => {
    const { app, admin, manager, alice } = await readers()
    const { id } = await app.aCustomer({ owner: alice })
    await app.as(alice).ok('UpdateCustomer', { input: { id, name: 'Southwind' } })
    await app.settled()
    for (const person of [admin, manager]) {
      const { customer } = await app.as(person).ok<{ customer: Trail }>(trailOf('customer'), { id })
      expect(customer.auditTrail?.nodes).toMatchObject([
        {
          action: 'crm.customer.updated',
          actor: { id: alice.id, name: 'Alice' },
          changes: [{ field: 'name', before: 'Northwind', after: 'Southwind' }],
        },
        {
          action: 'crm.customer.created',
          changes: expect.arrayContaining([{ field: 'name', before: null, after: 'Northwind' }]),
        },
      ])
    }
    const { data, errors } = await app.as(alice).send<{ customer: Trail }>(trailOf('customer'), { id })
    expect(data?.customer.auditTrail).toBeNull()
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
  })

  it('hangs on customers, deals, orders, tickets and campaigns', async () => {
    const { app, admin, manager, alice } = await readers()
    const pipeline = await app.aPipeline(admin)
    const deal = await app.aDeal({ owner: alice, pipeline })
    const { customerId } = deal
    const product = await app.aProduct(manager)
    const made = {
      customer: customerId,
      deal: deal.id,
      order: (await app.anOrder({ owner: alice, customerId, product })).id,
      ticket: (await app.aTicket({ owner: alice, customerId })).id,
      campaign: (await app.aCampaign({ owner: manager })).id,
    }
    await app.settled()
    for (const [field, id] of Object.entries(made)) {
      const data = await app.as(manager).ok<Record<string, Trail>>(trailOf(field), { id })
      const first = data[field]?.auditTrail?.nodes.at(-1)
      expect([field, first?.action]).toEqual([
        field,
        expect.stringMatching(new RegExp(`\\.${field}\\.(created|placed)$`)),
      ])
    }
  })

  it('shows a concession only what is its own, and tells of impersonators and causes', async () => {
    const { app, manager } = await readers()
    const [ours, theirs] = [randomUUID(), randomUUID()]
    const { open, subgraph, execute } = app.subgraph('audit')
    const event = { ...anEvent(), impersonatorId: randomUUID(), causeId: randomUUID() }
    const facts = { owners: {}, parents: {} }
    await react('audit', subgraph.reactions, open, { ...event, audienceAfter: { ...facts, concessionId: ours } })
    const seenBy = async (concessionId: string) => {
      const viewer = { ...(await app.viewerOf(manager)), concessionId }
      const query = `query ($id: ID!) { _entities(representations: [{ __typename: "Deal", id: $id }]) {
        ... on Deal { auditTrail { nodes { id impersonatorId causeId } } } } }`
      const { data } = await execute({ query, variables: { id: event.entityId }, viewer, requestId: 'test' })
      const entities = data?._entities as { auditTrail: { nodes: object[] } }[] | undefined
      return entities?.[0]?.auditTrail.nodes
    }
    const { id, impersonatorId, causeId } = event
    expect(await seenBy(ours)).toEqual([{ id, impersonatorId, causeId }])
    expect(await seenBy(theirs)).toEqual([])
  })

  it('costs two statements, however many rows have one', async () => {
    const { app, manager, alice } = await readers()
    for (let count = 0; count < 4; count++) await app.aCustomer({ owner: alice })
    const statements = await app.statements('audit', () =>
      app
        .as(manager)
        .ok('{ customers(first: 20) { nodes { id auditTrail(first: 3) { nodes { action changes { field } } } } } }'),
    )
    expect(statements).toHaveLength(2)
  })
})
