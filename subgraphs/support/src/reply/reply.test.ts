import { service } from '@switchyard/runtime/viewer/viewer'
import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Replied = { replyToTicket: { id: string; body: string; visibility: string; author: { id: string } } }
type Read = {
  ticket: {
    version: number
    firstRespondedAt: string | null
    lastRepliedAt: string | null
    replies: { totalCount: number; nodes: { body: string; visibility: string }[]; pageInfo: { endCursor: string } }
  }
}
const theTicket = `query ($id: ID!, $first: Int, $after: String, $filter: TicketReplyFilter) { ticket(id: $id) {
  version firstRespondedAt lastRepliedAt
  replies(first: $first, after: $after, filter: $filter, orderBy: { field: CREATED_AT, direction: ASC }) {
    totalCount nodes { body visibility } pageInfo { endCursor }
  }
} }`

const reply = (app: TestApp, person: Person, ticketId: string, body: string, visibility?: string) =>
  app.as(person).ok<Replied>('ReplyToTicket', { input: { ticketId, body, visibility } })
const read = async (app: TestApp, person: Person, id: string, variables: Record<string, unknown> = {}) =>
  (await app.as(person).ok<Read>(theTicket, { id, ...variables })).ticket

describe('replying to a ticket', () => {
  it('writes to the customer unless it says otherwise, in the name of its author', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const { replyToTicket } = await reply(app, alice, id, 'Try some oil.')
    expect(replyToTicket).toMatchObject({
      body: 'Try some oil.',
      visibility: 'PUBLIC',
      author: { id: alice.id, name: 'Alice' },
      createdAt: app.clock.now().toISOString(),
    })
    expect(await app.events('support.reply.created', replyToTicket.id)).toMatchObject([
      { actorId: alice.id, payload: { ticketId: id, visibility: 'PUBLIC' } },
    ])
    expect(await app.events('support.ticket.replied', id)).toMatchObject([{ payload: { replyId: replyToTicket.id } }])
  })

  it('responds first with the first public reply, and not with an internal one', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    await reply(app, alice, id, 'Who knows about chairs?', 'INTERNAL')
    expect(await read(app, alice, id)).toMatchObject({
      firstRespondedAt: null,
      lastRepliedAt: app.clock.now().toISOString(),
    })
    app.clock.advance(60_000)
    const responded = app.clock.now().toISOString()
    await reply(app, alice, id, 'Try some oil.')
    app.clock.advance(60_000)
    await reply(app, alice, id, 'Did it help?')
    expect(await read(app, alice, id)).toMatchObject({
      firstRespondedAt: responded,
      lastRepliedAt: app.clock.now().toISOString(),
      replies: { totalCount: 3 },
    })
  })

  it('keeps every reply of many that are written at once, and one first response', async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: alice })
    await Promise.all([alice, bob, alice, bob].map((agent, index) => reply(app, agent, id, `Reply ${index}`)))
    expect((await read(app, alice, id)).replies.totalCount).toBe(4)
    const changes = (await app.events('support.ticket.replied', id)).flatMap((event) => event.changes)
    expect(changes.filter(({ field }) => field === 'firstRespondedAt')).toHaveLength(1)
  })

  it('is refused once the ticket is closed', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'CLOSED' } })
    const { code } = await app.as(alice).refused('ReplyToTicket', { input: { ticketId: id, body: 'Wait!' } })
    expect(code).toBe('TICKET_CLOSED')
    expect(await read(app, alice, id)).toMatchObject({ version: 2, replies: { totalCount: 0 } })
  })

  it.each([
    ['an empty body', '  '],
    ['a body over 20,000 characters', 'x'.repeat(20_001)],
  ])('refuses %s', async (_, body) => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const { code, data } = await app.as(alice).refused('ReplyToTicket', { input: { ticketId: id, body } })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'body' }] } })
    expect(await read(app, alice, id)).toMatchObject({ version: 1, replies: { totalCount: 0 } })
  })

  it("reads another agent's ticket as missing, and is not for an analyst", async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: bob, assigneeId: bob.id })
    const input = { ticketId: id, body: 'Hello' }
    expect((await app.as(alice).refused('ReplyToTicket', { input })).code).toBe('NOT_FOUND')
    expect((await app.as(await app.aPerson('ANALYST')).refused('ReplyToTicket', { input })).code).toBe('FORBIDDEN')
    expect(await read(app, bob, id)).toMatchObject({ version: 1, replies: { totalCount: 0 } })
  })
})

describe('the replies to a ticket', () => {
  it('come page by page, and can be narrowed to what the customer reads', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    for (const [body, visibility] of [
      ['One', 'PUBLIC'],
      ['Two', 'INTERNAL'],
      ['Three', 'PUBLIC'],
    ] as const) {
      app.clock.advance(1000)
      await reply(app, alice, id, body, visibility)
    }
    const bodies = ({ replies }: Read['ticket']) => replies.nodes.map(({ body }) => body)
    const first = await read(app, alice, id, { first: 2 })
    expect(bodies(first)).toEqual(['One', 'Two'])
    expect(bodies(await read(app, alice, id, { first: 2, after: first.replies.pageInfo.endCursor }))).toEqual(['Three'])
    const ofCustomer = await read(app, alice, id, { filter: { visibility: ['PUBLIC'] } })
    expect([bodies(ofCustomer), ofCustomer.replies.totalCount]).toEqual([['One', 'Three'], 2])
  })

  it('show a partner what was written to the customer, and nothing of what colleagues write to each other', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    await reply(app, alice, id, 'Try some oil.')
    await reply(app, alice, id, 'They never pay.', 'INTERNAL')
    const elements = ['support.ticket.read', 'support.reply.read']
    const viewer = { ...service('acme', elements), kind: 'PARTNER' as const, roles: [] }
    const query = `query ($id: ID!, $filter: TicketReplyFilter) { ticket(id: $id) {
      replies(filter: $filter) { totalCount nodes { body visibility } } } }`
    const seen = async (filter: object | null) => {
      const { data } = await app
        .subgraph('support')
        .execute({ query, variables: { id, filter }, viewer, requestId: 'test' })
      return (data as { ticket: { replies: object } }).ticket.replies
    }
    const toCustomer = { totalCount: 1, nodes: [{ body: 'Try some oil.', visibility: 'PUBLIC' }] }
    for (const filter of [null, {}, { visibility: ['PUBLIC', 'INTERNAL'] }, { or: [{ visibility: ['INTERNAL'] }, {}] }])
      expect(await seen(filter)).toEqual(toCustomer)
    for (const filter of [{ visibility: ['INTERNAL'] }, { not: { visibility: ['PUBLIC'] } }])
      expect(await seen(filter)).toEqual({ totalCount: 0, nodes: [] })
  })

  it('are not found by what is written in them, and leave no word of it in what is told of the ticket', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const secret = crypto.randomUUID()
    await reply(app, alice, id, `They never pay: ${secret}`, 'INTERNAL')
    const search = 'query ($search: String) { tickets(search: $search) { totalCount } }'
    expect(await app.as(alice).ok(search, { search: secret })).toEqual({ tickets: { totalCount: 0 } })
    const [told] = await app.events('support.ticket.replied', id)
    expect(told?.changes.map(({ field }) => field)).toEqual(['lastRepliedAt'])
    const written = JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    expect(written).not.toContain(secret)
  })

  it('go out of sight with their ticket', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: manager })
    await reply(app, alice, id, 'I look into it.')
    await app.as(manager).ok('AssignTicket', { input: { id, assigneeId: bob.id } })
    expect(await app.as(alice).ok(theTicket, { id })).toEqual({ ticket: null })
    expect((await read(app, bob, id)).replies.totalCount).toBe(1)
  })
})
