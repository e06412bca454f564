import { type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

const theTicket = 'query ($id: ID!) { ticket(id: $id) { status snoozedUntil } }'
type Sleeper = { ticket: { status: string; snoozedUntil: string | null } }

const ahead = (app: TestApp, milliseconds: number) => new Date(app.clock.now().getTime() + milliseconds).toISOString()

async function asleep(snoozedFor: number) {
  const { app, alice } = await world()
  app.clock.set(new Date())
  const { id } = await app.aTicket({ owner: alice })
  const snoozedUntil = ahead(app, snoozedFor)
  await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'SNOOZED', snoozedUntil } })
  const ticket = async () => (await app.as(alice).ok<Sleeper>(theTicket, { id })).ticket
  return { app, alice, id, snoozedUntil, ticket }
}

describe('a sleeping ticket', () => {
  it('opens by itself when its time has come', async () => {
    const { app, id, snoozedUntil, ticket } = await asleep(300)
    expect(await ticket()).toEqual({ status: 'SNOOZED', snoozedUntil })
    app.clock.advance(300)
    await expect.poll(ticket, { timeout: 10_000 }).toEqual({ status: 'OPEN', snoozedUntil: null })
    const [, opened] = await app.events('support.ticket.status_changed', id)
    expect(opened).toMatchObject({ actorKind: 'SERVICE', payload: { from: 'SNOOZED', to: 'OPEN' } })
  })

  it('sleeps on when it was put to sleep anew', async () => {
    const { app, alice, id, ticket } = await asleep(300)
    const snoozedUntil = ahead(app, 3_600_000)
    await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'OPEN' } })
    await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'SNOOZED', snoozedUntil } })
    app.clock.advance(300)
    const owed = async () => {
      const { database } = app.subgraph('support')
      return (await database.sql`select 1 from support.dispatches where data ->> 'ticketId' = ${id}`).length
    }
    await expect.poll(owed, { timeout: 10_000 }).toBe(1) // the first waking has run, the second is owed
    expect(await ticket()).toEqual({ status: 'SNOOZED', snoozedUntil })
  })
})
