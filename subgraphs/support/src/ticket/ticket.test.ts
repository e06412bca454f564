import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type TicketFields = { id: string; number: string; status: string; version: number }
type Created = { createTicket: TicketFields }
type Changed = { changeTicketStatus: TicketFields & { resolvedAt: string | null } }

const theTicket = `query ($id: ID!) { ticket(id: $id) {
  id number subject body status priority version customer { id } assignee { id name } createdBy { id }
  firstRespondedAt resolvedAt closedAt reopenedAt reopenCount snoozedUntil
} }`
const updateTicket =
  'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { subject priority version } }'
const deleteTicket = 'mutation ($input: DeleteTicketInput!) { deleteTicket(input: $input) { id } }'

describe('opening a ticket', () => {
  it('puts it into the queue, open, of normal priority, with a number for people', async () => {
    const { app, alice } = await world()
    const customer = await app.aCustomer({ owner: alice })
    const { createTicket } = await app
      .as(alice)
      .ok<Created>('CreateTicket', { input: { customerId: customer.id, subject: ' Squeaks ', body: 'Help' } })
    expect(createTicket).toMatchObject({
      number: expect.stringMatching(/^T-\d{4,}$/),
      subject: 'Squeaks',
      status: 'OPEN',
      priority: 'NORMAL',
      customer: { id: customer.id },
    })
    expect(await app.as(alice).ok(theTicket, { id: createTicket.id })).toMatchObject({
      ticket: { assignee: null, body: 'Help', createdBy: { id: alice.id }, firstRespondedAt: null, version: 1 },
    })
    expect(await app.events('support.ticket.created', createTicket.id)).toMatchObject([
      { actorId: alice.id, payload: { customerId: customer.id } },
    ])
  })

  it('gives every ticket a number of its own, however many are opened at once', async () => {
    const { app, alice } = await world()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const input = { customerId, subject: 'Squeaks', body: 'Help' }
    const made = await Promise.all([1, 2, 3, 4].map(() => app.as(alice).ok<Created>('CreateTicket', { input })))
    expect(new Set(made.map(({ createTicket }) => createTicket.number)).size).toBe(4)
  })

  it('lets an agent keep it for themselves, and a manager give it to somebody', async () => {
    const { app, manager, alice, bob } = await world()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const input = { customerId, subject: 'Squeaks', body: 'Help' }
    const create = 'mutation ($input: CreateTicketInput!) { createTicket(input: $input) { assignee { id } } }'
    const kept = await app.as(alice).ok(create, { input: { ...input, assigneeId: alice.id } })
    expect(kept).toEqual({ createTicket: { assignee: { id: alice.id } } })
    const given = await app.as(manager).ok(create, { input: { ...input, assigneeId: bob.id } })
    expect(given).toEqual({ createTicket: { assignee: { id: bob.id } } })
    expect((await app.as(alice).refused(create, { input: { ...input, assigneeId: bob.id } })).code).toBe('FORBIDDEN')
  })

  it("reads another agent's customer as missing, and opens nothing", async () => {
    const { app, alice, bob } = await world()
    const customer = await app.aCustomer({ owner: bob })
    const before = await app.events('support.ticket.created')
    const input = { customerId: customer.id, subject: 'Squeaks', body: 'Help' }
    expect((await app.as(alice).refused('CreateTicket', { input })).code).toBe('NOT_FOUND')
    expect(await app.events('support.ticket.created')).toEqual(before)
  })

  it.each([
    ['an empty subject', { subject: '  ' }, 'subject'],
    ['a subject that is too long', { subject: 'x'.repeat(201) }, 'subject'],
    ['an empty body', { body: '' }, 'body'],
    ['a body that is too long', { body: 'x'.repeat(20_001) }, 'body'],
    ['an assignee who does not exist', { assigneeId: '019a0000-0000-7000-8000-00000000dead' }, 'assigneeId'],
  ])('refuses %s', async (_, wrong, path) => {
    const { app, manager } = await world()
    const { id: customerId } = await app.aCustomer({ owner: manager })
    const input = { customerId, subject: 'Squeaks', body: 'Help', ...wrong }
    const { code, data } = await app.as(manager).refused('CreateTicket', { input })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path }] } })
  })

  it.each(['ANALYST', 'VIEWER'] as const)('is not for the role %s, and opens nothing', async (role) => {
    const { app, alice } = await world()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const before = await app.events('support.ticket.created')
    const input = { customerId, subject: 'Squeaks', body: 'Help' }
    expect((await app.as(await app.aPerson(role)).refused('CreateTicket', { input })).code).toBe('FORBIDDEN')
    expect(await app.events('support.ticket.created')).toEqual(before)
  })
})

describe('the status of a ticket', () => {
  it('keeps when it was resolved, and when and how often it was taken up again', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const to = async (status: string) => {
      app.clock.advance(60_000)
      await app.as(alice).ok('ChangeTicketStatus', { input: { id, status } })
      return { ...((await app.as(alice).ok(theTicket, { id })).ticket as object), now: app.clock.now().toISOString() }
    }
    const resolved = await to('RESOLVED')
    expect(resolved).toMatchObject({ status: 'RESOLVED', resolvedAt: resolved.now, reopenedAt: null, reopenCount: 0 })
    const reopened = await to('OPEN')
    expect(reopened).toMatchObject({ status: 'OPEN', resolvedAt: null, reopenedAt: reopened.now, reopenCount: 1 })
    const again = await to('RESOLVED')
    const closed = await to('CLOSED')
    expect(closed).toMatchObject({ status: 'CLOSED', resolvedAt: again.now, closedAt: closed.now, reopenCount: 1 })
    expect((await app.events('support.ticket.status_changed', id)).map(({ payload }) => payload)).toMatchObject([
      { from: 'OPEN', to: 'RESOLVED' },
      { from: 'RESOLVED', to: 'OPEN' },
      { from: 'OPEN', to: 'RESOLVED' },
      { from: 'RESOLVED', to: 'CLOSED' },
    ])
  })

  it.each([
    ['OPEN', 'OPEN', ['PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED']],
    ['PENDING', 'PENDING', ['OPEN', 'SNOOZED', 'RESOLVED', 'CLOSED']],
    ['SNOOZED', 'SNOOZED', ['OPEN', 'PENDING', 'RESOLVED', 'CLOSED']],
    ['RESOLVED', 'PENDING', ['OPEN', 'CLOSED']],
    ['CLOSED', 'OPEN', []],
  ])('does not go from %s to %s, and says what is allowed', async (from, to, allowed) => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    if (from !== 'OPEN') await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: from } })
    const refusal = await app.as(alice).refused('ChangeTicketStatus', { input: { id, status: to } })
    expect(refusal).toEqual({ code: 'INVALID_TRANSITION', data: { from, to, allowed } })
    expect(await app.as(alice).ok(theTicket, { id })).toMatchObject({ ticket: { status: from } })
  })

  it.each([
    ['a time that has passed', { status: 'SNOOZED', snoozedUntil: '2020-01-01T00:00:00Z' }],
    ['a time for a ticket that does not sleep', { status: 'PENDING', snoozedUntil: '2090-01-01T00:00:00Z' }],
  ])('refuses %s', async (_, wrong) => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const { code, data } = await app.as(alice).refused('ChangeTicketStatus', { input: { id, ...wrong } })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'snoozedUntil' }] } })
    expect(await app.as(alice).ok(theTicket, { id })).toMatchObject({ ticket: { status: 'OPEN', version: 1 } })
  })

  it('is taken up again once by two who do it at once', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const to = (status: string) => app.as(alice).send<Changed>('ChangeTicketStatus', { input: { id, status } })
    await to('RESOLVED')
    const answers = await Promise.all([to('OPEN'), to('OPEN')])
    expect(answers.flatMap(({ errors }) => errors).map(({ extensions }) => extensions)).toMatchObject([
      { code: 'INVALID_TRANSITION', data: { from: 'OPEN', to: 'OPEN' } },
    ])
    expect(await app.as(alice).ok(theTicket, { id })).toMatchObject({ ticket: { reopenCount: 1, resolvedAt: null } })
  })

  it('lets one of two parallel changes win and tells the other what changed', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const to = (status: string) =>
      app.as(alice).send<Changed>('ChangeTicketStatus', { input: { id, status, expectedVersion: 1 } })
    const answers = await Promise.all([to('RESOLVED'), to('PENDING')])
    expect(answers.flatMap(({ errors }) => errors).map(({ extensions }) => extensions)).toMatchObject([
      { code: 'CONFLICT', data: { currentVersion: 2, fields: ['status'] } },
    ])
    expect(await app.events('support.ticket.status_changed', id)).toHaveLength(1)
  })

  it("reads another agent's ticket as missing, and changes nothing", async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: bob, assigneeId: bob.id })
    expect((await app.as(alice).refused('ChangeTicketStatus', { input: { id, status: 'CLOSED' } })).code).toBe(
      'NOT_FOUND',
    )
    expect(await app.as(bob).ok(theTicket, { id })).toMatchObject({ ticket: { status: 'OPEN', version: 1 } })
  })

  it('is not for an analyst to change', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const analyst = await app.aPerson('ANALYST')
    expect((await app.as(analyst).refused('ChangeTicketStatus', { input: { id, status: 'CLOSED' } })).code).toBe(
      'FORBIDDEN',
    )
    expect(await app.as(analyst).ok(theTicket, { id })).toMatchObject({ ticket: { status: 'OPEN', version: 1 } })
  })
})

describe('changing a ticket', () => {
  it('changes what is given and leaves the rest', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    expect(await app.as(alice).ok(updateTicket, { input: { id, priority: 'URGENT' } })).toEqual({
      updateTicket: { subject: 'The chair squeaks', priority: 'URGENT', version: 2 },
    })
    expect(await app.as(alice).ok(updateTicket, { input: { id, priority: 'URGENT' } })).toMatchObject({
      updateTicket: { version: 2 },
    })
    const [event, ...more] = await app.events('support.ticket.updated', id)
    expect(event?.changes).toEqual([{ field: 'priority', before: 'NORMAL', after: 'URGENT' }])
    expect(more).toEqual([])
  })

  it.each([
    ['a blank subject', { subject: ' ' }, 'BAD_USER_INPUT'],
    ['no priority', { priority: null }, 'BAD_USER_INPUT'],
    ['an older version', { subject: 'Rattles', expectedVersion: 7 }, 'CONFLICT'],
  ])('refuses %s', async (_, wrong, code) => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    expect((await app.as(alice).refused(updateTicket, { input: { id, ...wrong } })).code).toBe(code)
    expect(await app.events('support.ticket.updated', id)).toEqual([])
  })

  it("reads another agent's ticket as missing, and is not for an analyst", async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: bob, assigneeId: bob.id })
    const analyst = await app.aPerson('ANALYST')
    expect((await app.as(alice).refused(updateTicket, { input: { id, subject: 'Mine' } })).code).toBe('NOT_FOUND')
    expect((await app.as(analyst).refused(updateTicket, { input: { id, subject: 'Mine' } })).code).toBe('FORBIDDEN')
    expect(await app.events('support.ticket.updated', id)).toEqual([])
  })
})

describe('deleting a ticket', () => {
  it('takes it from every list, for an administrator', async () => {
    const { app, admin, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    await app.as(admin).ok(deleteTicket, { input: { id } })
    expect(await app.as(alice).ok(theTicket, { id })).toEqual({ ticket: null })
    expect((await app.as(admin).refused(deleteTicket, { input: { id } })).code).toBe('NOT_FOUND')
    expect(await app.events('support.ticket.deleted', id)).toHaveLength(1)
  })

  it('is not for a manager or an agent, and changes nothing', async () => {
    const { app, manager, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    expect((await app.as(manager).refused(deleteTicket, { input: { id } })).code).toBe('FORBIDDEN')
    expect((await app.as(alice).refused(deleteTicket, { input: { id } })).code).toBe('FORBIDDEN')
    expect(await app.as(alice).ok(theTicket, { id })).toMatchObject({ ticket: { id, version: 1 } })
  })
})
