import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Changed = {
  ticketChanged: { cursor: string; kind: string; ticket: { id: string; status: string } | null }
}

describe('following tickets', () => {
  it('tells of a change, with fields of other subgraphs', async () => {
    const { app, alice } = await world()
    const { id, customerId } = await app.aTicket({ owner: alice, assigneeId: alice.id })
    await app.settled()
    const changes = await app.as(alice).subscribe<Changed>('TicketChanged', { ticketId: id })
    await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'PENDING' } })
    expect((await changes.next()).ticketChanged).toMatchObject({
      kind: 'UPDATED',
      ticket: {
        id,
        status: 'PENDING',
        assignee: { id: alice.id, name: 'Alice' },
        customer: { id: customerId, name: 'Northwind' },
      },
    })
    await changes.close()
  })

  it('tells of a reply once, and nothing of another ticket', async () => {
    const { app, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    const other = await app.aTicket({ owner: alice })
    await app.settled()
    const changes = await app.as(alice).subscribe<Changed>('TicketChanged', { ticketId: id })
    await app.as(alice).ok('ReplyToTicket', { input: { ticketId: other.id, body: 'Elsewhere' } })
    await app.as(alice).ok('ReplyToTicket', { input: { ticketId: id, body: 'Here' } })
    expect((await changes.next()).ticketChanged).toMatchObject({ kind: 'UPDATED', ticket: { id } })
    await changes.nothing(300)
    await changes.close()
  })

  it('tells the other agents that a ticket of the queue has left when one takes it', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: manager })
    await app.settled()
    const [taker, other] = [
      await app.as(alice).subscribe<Changed>('TicketChanged', { ticketId: id }),
      await app.as(bob).subscribe<Changed>('TicketChanged', { ticketId: id }),
    ]
    await app.as(alice).ok('AssignTicket', { input: { id, assigneeId: alice.id } })
    expect((await taker.next()).ticketChanged).toMatchObject({ kind: 'UPDATED', ticket: { id, customer: null } })
    expect((await other.next()).ticketChanged).toMatchObject({ kind: 'LEFT', ticket: null })
    await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'PENDING' } })
    await other.nothing(300)
    await app.as(alice).ok('AssignTicket', { input: { id, assigneeId: null } })
    expect((await other.next()).ticketChanged).toMatchObject({ kind: 'UPDATED', ticket: { id, status: 'PENDING' } })
    await Promise.all([taker.close(), other.close()])
  })

  it('tells that one has left also to whoever was away when it was taken', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: manager })
    await app.settled()
    const first = await app.as(bob).subscribe<Changed>('TicketChanged')
    await app.as(manager).ok('ChangeTicketStatus', { input: { id, status: 'PENDING' } })
    const { cursor } = (await first.next()).ticketChanged
    await first.close()
    await app.as(alice).ok('AssignTicket', { input: { id, assigneeId: alice.id } })
    await app.as(alice).ok('ReplyToTicket', { input: { ticketId: id, body: 'Mine now', visibility: 'INTERNAL' } })
    const second = await app.as(bob).subscribe<Changed>('TicketChanged', { after: cursor })
    expect((await second.next()).ticketChanged).toMatchObject({ kind: 'LEFT', ticket: null })
    await second.nothing(300)
    await second.close()
  })

  it('goes on telling of it whoever may see its customer, and tells of it whoever is given it', async () => {
    const { app, manager, alice, bob } = await world()
    const { id } = await app.aTicket({ owner: alice, assigneeId: alice.id })
    await app.settled()
    const [hers, his] = [
      await app.as(alice).subscribe<Changed>('TicketChanged', { ticketId: id.toUpperCase() }),
      await app.as(bob).subscribe<Changed>('TicketChanged', { ticketId: id }),
    ]
    await app.as(manager).ok('AssignTicket', { input: { id, assigneeId: bob.id } })
    for (const changes of [hers, his])
      expect((await changes.next()).ticketChanged).toMatchObject({ kind: 'UPDATED', ticket: { id } })
    await app.as(manager).ok('AssignTicket', { input: { id, assigneeId: manager.id } })
    expect((await hers.next()).ticketChanged).toMatchObject({ kind: 'UPDATED', ticket: { id } })
    expect((await his.next()).ticketChanged).toMatchObject({ kind: 'LEFT', ticket: null })
    await Promise.all([hers.close(), his.close()])
  })

  it('delivers first what was missed after a cursor, then what happens', async () => {
    const { app, admin, alice } = await world()
    const { id } = await app.aTicket({ owner: alice })
    await app.settled()
    const first = await app.as(alice).subscribe<Changed>('TicketChanged', { ticketId: id })
    await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'PENDING' } })
    const { cursor } = (await first.next()).ticketChanged
    await first.close()
    await app.as(alice).ok('ChangeTicketStatus', { input: { id, status: 'RESOLVED' } })
    const second = await app.as(alice).subscribe<Changed>('TicketChanged', { ticketId: id, after: cursor })
    expect((await second.next()).ticketChanged).toMatchObject({ kind: 'UPDATED', ticket: { status: 'RESOLVED' } })
    await app
      .as(admin)
      .ok('mutation ($input: DeleteTicketInput!) { deleteTicket(input: $input) { id } }', { input: { id } })
    expect((await second.next()).ticketChanged).toMatchObject({ kind: 'DELETED', ticket: null })
    await second.close()
  })

  it('is not for those who may not read tickets', async () => {
    const { app } = await world()
    const changes = await app.as(await app.aPerson('VIEWER')).subscribe('TicketChanged')
    await expect(changes.next()).rejects.toThrow('FORBIDDEN')
  })
})
