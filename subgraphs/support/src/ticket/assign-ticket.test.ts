import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

const theTicket = 'query ($id: ID!) { ticket(id: $id) { assignee { id } customer { id } version } }'
type Assigned = { assignTicket: { id: string; assignee: { id: string } | null; version: number } }

const assign = (app: TestApp, person: Person, id: string, assigneeId: string | null, expectedVersion?: number) =>
  app.as(person).send<Assigned>('AssignTicket', { input: { id, assigneeId, expectedVersion } })
const codes = (...answers: { errors: { extensions: { code: string } }[] }[]) =>
  answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))

describe('assigning a ticket', () => {
  it('lets an agent take one of the queue, whoever its customer belongs to', async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const { data } = await assign(app, bob, id, bob.id)
    expect(data?.assignTicket).toEqual({ id, assignee: { id: bob.id, name: 'Bob' }, version: 2 })
    expect(await app.as(bob).ok(theTicket, { id })).toMatchObject({ ticket: { customer: null } })
    expect(await app.events('support.ticket.assigned', id)).toMatchObject([
      { actorId: bob.id, payload: { fromId: null, toId: bob.id } },
    ])
  })

  it('lets an agent put their own back into the queue', async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: alice })
    await assign(app, bob, id, bob.id)
    expect((await assign(app, bob, id, null)).data?.assignTicket.assignee).toBeNull()
    expect(await app.as(bob).ok(theTicket, { id })).toMatchObject({ ticket: { assignee: null } })
  })

  it('lets an agent neither give a ticket to somebody else nor take one out of their hands', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: alice })
    expect(codes(await assign(app, bob, id, alice.id))).toEqual(['FORBIDDEN'])
    await assign(app, manager, id, bob.id)
    // Alice sees it, for it is her customer's
    expect(codes(await assign(app, alice, id, alice.id), await assign(app, alice, id, null))).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
    ])
    expect(await app.as(alice).ok(theTicket, { id })).toMatchObject({
      ticket: { assignee: { id: bob.id }, version: 2 },
    })
  })

  it('lets a manager give it from anybody to anybody', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: manager, assigneeId: alice.id })
    expect((await assign(app, manager, id, bob.id)).data?.assignTicket.assignee?.id).toBe(bob.id)
    expect(await app.as(alice).ok(theTicket, { id })).toEqual({ ticket: null })
    expect(await app.as(bob).ok(theTicket, { id })).toMatchObject({ ticket: { assignee: { id: bob.id } } })
  })

  it('lets one of several agents who take it at once have it, and changes nothing for the others', async () => {
    const { app, manager, alice, bob } = await world()
    const carol = await app.aPerson('AGENT', 'Carol')
    const { id } = await app.aTicket({ owner: manager })
    const takers = [alice, bob, carol]
    const answers = await Promise.all(takers.map((agent) => assign(app, agent, id, agent.id)))
    const winners = takers.filter((_, index) => answers[index]?.data?.assignTicket)
    expect(winners).toHaveLength(1)
    expect(codes(...answers)).toEqual(['NOT_FOUND', 'NOT_FOUND']) // it is out of their sight already
    expect(await app.as(manager).ok(theTicket, { id })).toMatchObject({
      ticket: { assignee: { id: winners[0]?.id }, version: 2 },
    })
    expect(await app.events('support.ticket.assigned', id)).toHaveLength(1)
  })

  it('is either taken or given away, however many do both at once, and each step is told of once', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: manager })
    const answers = await Promise.all([
      assign(app, alice, id, alice.id),
      assign(app, manager, id, bob.id),
      assign(app, bob, id, bob.id),
      assign(app, manager, id, null),
    ])
    const { ticket } = await app.as(manager).ok<{ ticket: { version: number } }>(theTicket, { id })
    const steps = await app.events('support.ticket.assigned', id)
    expect(steps).toHaveLength(ticket.version - 1)
    // Each step begins where the one before it ended.
    for (const [index, { payload }] of steps.entries())
      expect(payload.fromId).toBe(steps[index - 1]?.payload.toId ?? null)
    expect(codes(...answers).every((code) => ['NOT_FOUND', 'FORBIDDEN'].includes(code))).toBe(true)
  })

  it('tells whoever saw an older version what has changed', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: manager })
    await assign(app, manager, id, alice.id, 1)
    const { errors } = await assign(app, manager, id, bob.id, 1)
    expect(errors[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      data: { currentVersion: 2, fields: ['assigneeId'], current: { assigneeId: alice.id } },
    })
    expect(await app.as(alice).ok(theTicket, { id })).toMatchObject({ ticket: { assignee: { id: alice.id } } })
  })

  it('leaves the version alone when it is theirs already', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice, assigneeId: alice.id })
    expect((await assign(app, alice, id, alice.id)).data?.assignTicket.version).toBe(1)
    expect(await app.events('support.ticket.assigned', id)).toEqual([])
  })

  it('refuses somebody who does not exist, or who has been blocked', async () => {
    const { app, admin, manager } = await world()
    const { id } = await app.aTicket({ owner: manager })
    const gone = await app.aUser(admin, { role: 'AGENT' })
    await app.as(admin).ok('mutation ($input: BlockUserInput!) { blockUser(input: $input) { id } }', {
      input: { id: gone.id, reason: 'left' },
    })
    await app.settled()
    for (const nobody of ['019a0000-0000-7000-8000-00000000dead', 'nobody', gone.id]) {
      const { errors } = await assign(app, manager, id, nobody)
      expect(errors[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        data: { fields: [{ path: 'assigneeId' }] },
      })
    }
    expect(await app.as(manager).ok(theTicket, { id })).toMatchObject({ ticket: { assignee: null, version: 1 } })
  })

  it("reads another agent's ticket as missing, and is not for an analyst", async () => {
    const { app, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: bob, assigneeId: bob.id })
    const analyst = await app.aPerson('ANALYST')
    expect(codes(await assign(app, alice, id, alice.id), await assign(app, analyst, id, analyst.id))).toEqual([
      'NOT_FOUND',
      'FORBIDDEN',
    ])
    expect(await app.as(bob).ok(theTicket, { id })).toMatchObject({ ticket: { assignee: { id: bob.id }, version: 1 } })
  })
})
