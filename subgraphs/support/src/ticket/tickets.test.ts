import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type List = { tickets: { totalCount: number; nodes: { id: string }[] } }
const list = `query ($filter: TicketFilter, $search: String, $orderBy: TicketOrder) {
  tickets(first: 100, filter: $filter, search: $search, orderBy: $orderBy) { totalCount nodes { id number } }
}`
const ids = async (app: TestApp, person: Person, variables: Record<string, unknown>) =>
  (await app.as(person).ok<List>(list, variables)).tickets.nodes.map(({ id }) => id)

const ofCustomers = `query ($owner: ID!) { customers(filter: { ownerId: { eq: $owner } }) { nodes {
  id tickets(first: 5) { totalCount nodes { id number subject status priority assignee { id name } } }
} } }`

describe('whose tickets are whose', () => {
  it("shows an agent their own, those of their customers and the queue, and nobody else's", async () => {
    const { app, manager, alice, bob } = await world()
    const { id: customerId } = await app.aCustomer({ owner: manager })
    const mine = await app.aTicket({ owner: manager, customerId, assigneeId: alice.id })
    const queued = await app.aTicket({ owner: manager, customerId })
    const theirs = await app.aTicket({ owner: manager, customerId, assigneeId: bob.id })
    const ofMyCustomer = await app.aTicket({ owner: alice })
    await app.as(manager).ok('AssignTicket', { input: { id: ofMyCustomer.id, assigneeId: bob.id } })
    const within = { in: [customerId, ofMyCustomer.customerId] }
    expect(await ids(app, alice, { filter: { customerId: within } })).toEqual([ofMyCustomer.id, queued.id, mine.id])
    expect(await ids(app, bob, { filter: { customerId: within } })).toEqual([ofMyCustomer.id, theirs.id, queued.id])
    expect(await ids(app, manager, { filter: { customerId: within } })).toHaveLength(4)
    expect(await ids(app, await app.aPerson('ANALYST'), { filter: { customerId: within } })).toHaveLength(4)
  })

  it('is closed to those who may not read tickets, and to nobody in particular', async () => {
    const { app } = await world()
    const viewer = await app.aPerson('VIEWER')
    expect((await app.as(viewer).refused(list)).code).toBe('FORBIDDEN')
    expect((await app.nobody.refused(list)).code).toBe('UNAUTHENTICATED')
  })

  it('follows a customer who changes hands', async () => {
    const { app, manager, alice, bob } = await world()
    const customer = await app.aCustomer({ owner: alice })
    const { id } = await app.aTicket({ owner: manager, customerId: customer.id, assigneeId: manager.id })
    expect(await ids(app, bob, { filter: { customerId: { eq: customer.id } } })).toEqual([])
    await app.as(manager).ok('UpdateCustomer', { input: { id: customer.id, ownerId: bob.id } })
    await expect
      .poll(() => ids(app, bob, { filter: { customerId: { eq: customer.id } } }), { timeout: 5000 })
      .toEqual([id])
    expect(await ids(app, alice, { filter: { customerId: { eq: customer.id } } })).toEqual([])
  })

  it('outlives its customer, for its assignee', async () => {
    const { app, admin, alice } = await world()
    const { id, customerId } = await app.aTicket({ owner: alice, assigneeId: alice.id })
    await app.as(admin).ok('DeleteCustomer', { input: { id: customerId } })
    const customer = async () =>
      (await app.as(alice).ok<{ ticket: object }>('query ($id: ID!) { ticket(id: $id) { customer { id } } }', { id }))
        .ticket
    await expect.poll(customer, { timeout: 5000 }).toEqual({ customer: null })
    const input = { customerId, subject: 'Squeaks', body: 'Help' }
    expect((await app.as(admin).refused('CreateTicket', { input })).code).toBe('NOT_FOUND')
  })
})

describe('the list of tickets', () => {
  it('is filtered by status, priority, assignee and the queue', async () => {
    const { app, alice } = await world()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const urgent = await app.aTicket({ owner: alice, customerId, priority: 'URGENT' })
    const own = await app.aTicket({ owner: alice, customerId, assigneeId: alice.id, priority: 'LOW' })
    const done = await app.aTicket({ owner: alice, customerId })
    await app.as(alice).ok('ChangeTicketStatus', { input: { id: done.id, status: 'RESOLVED' } })
    const filtered = (filter: object) => ids(app, alice, { filter: { customerId: { eq: customerId }, ...filter } })
    expect(await filtered({ status: ['RESOLVED'] })).toEqual([done.id])
    expect(await filtered({ priority: ['URGENT', 'LOW'] })).toEqual([own.id, urgent.id])
    expect(await filtered({ assigneeId: { eq: alice.id } })).toEqual([own.id])
    expect(await filtered({ assigneeId: { isNull: true } })).toEqual([done.id, urgent.id])
    expect(await filtered({ createdAt: { gt: app.clock.now().toISOString() } })).toEqual([])
  })

  it('is searched by number and by words of the subject, whatever their case and accents', async () => {
    const { app, alice } = await world()
    const made = await app.aTicket({ owner: alice, subject: 'Kaputter Schlüssel 4711' })
    const { ticket } = await app
      .as(alice)
      .ok<{ ticket: { number: string } }>('query ($id: ID!) { ticket(id: $id) { number } }', { id: made.id })
    expect(await ids(app, alice, { search: 'SCHLUSSEL kaputt' })).toEqual([made.id])
    expect(await ids(app, alice, { search: ticket.number })).toEqual([made.id])
  })

  it('is ordered by priority, and turned page by page without losing a place', async () => {
    const { app, alice } = await world()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    for (const priority of ['HIGH', 'LOW', 'URGENT', 'NORMAL'])
      await app.aTicket({ owner: alice, customerId, priority })
    const paged = `query ($filter: TicketFilter, $after: String) {
      tickets(first: 1, after: $after, filter: $filter, orderBy: { field: PRIORITY, direction: DESC }) {
        nodes { priority } pageInfo { endCursor hasNextPage }
      } }`
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const {
        tickets,
      }: { tickets: { nodes: { priority: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } } =
        await app.as(alice).ok(paged, { filter: { customerId: { eq: customerId } }, after })
      seen.push(...tickets.nodes.map(({ priority }) => priority))
      if (!tickets.pageInfo.hasNextPage) break
      after = tickets.pageInfo.endCursor
    }
    expect(seen).toEqual(['URGENT', 'HIGH', 'NORMAL', 'LOW'])
  })

  it('asks the database once a level, however many tickets and customers there are', async () => {
    const { app, alice } = await world()
    for (const subject of ['One', 'Two', 'Three']) await app.aTicket({ owner: alice, subject, assigneeId: alice.id })
    const customers = await app.statements('support', () => app.as(alice).ok(ofCustomers, { owner: alice.id }))
    expect(customers).toHaveLength(1)
    const query = `query ($filter: TicketFilter) {
      tickets(filter: $filter) { totalCount nodes { customer { id name } assignee { name } replies(first: 2) { totalCount nodes { body } } } } }`
    const filter = { assigneeId: { eq: alice.id } }
    const statements = await app.statements('support', () => app.as(alice).ok(query, { filter }))
    expect(statements).toHaveLength(3) // the tickets, their customers, their replies
  })

  it('stands on the customer, with its own number of them', async () => {
    const { app, alice } = await world()
    const { id, customerId } = await app.aTicket({ owner: alice, assigneeId: alice.id, priority: 'HIGH' })
    const { customers } = await app.as(alice).ok<{ customers: { nodes: object[] } }>(ofCustomers, { owner: alice.id })
    expect(customers.nodes).toEqual([
      {
        id: customerId,
        tickets: {
          totalCount: 1,
          nodes: [
            {
              id,
              number: expect.any(String),
              subject: 'The chair squeaks',
              status: 'OPEN',
              priority: 'HIGH',
              assignee: { id: alice.id, name: 'Alice' },
            },
          ],
        },
      },
    ])
  })
})
