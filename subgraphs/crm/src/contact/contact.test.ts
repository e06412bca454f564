import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Contacts = { customer: { contacts: { totalCount: number; nodes: { id: string; isPrimary: boolean }[] } } }

const contactsOf = async (app: TestApp, person: Person, id: string) => {
  const query = 'query ($id: ID!) { customer(id: $id) { contacts { totalCount nodes { id isPrimary } } } }'
  return (await app.as(person).ok<Contacts>(query, { id })).customer.contacts
}

describe('the contacts of a customer', () => {
  it('have the first one as their primary', async () => {
    const { app, alice } = await world()
    const customer = await app.aCustomer({ owner: alice })
    const [first, second] = [
      await app.aContact({ owner: alice, customerId: customer.id }),
      await app.aContact({ owner: alice, customerId: customer.id }),
    ]
    expect((await contactsOf(app, alice, customer.id)).nodes).toEqual([
      { id: second.id, isPrimary: false },
      { id: first.id, isPrimary: true },
    ])
  })

  it('have exactly one primary when two first ones are added at once', async () => {
    const { app, alice } = await world()
    const customer = await app.aCustomer({ owner: alice })
    await Promise.all([1, 2, 3, 4].map(() => app.aContact({ owner: alice, customerId: customer.id })))
    const { nodes } = await contactsOf(app, alice, customer.id)
    expect(nodes.map(({ isPrimary }) => isPrimary).sort()).toEqual([false, false, false, true])
  })

  it('change their primary, and keep exactly one when two changes are made at once', async () => {
    const { app, alice } = await world()
    const customer = await app.aCustomer({ owner: alice })
    const made = []
    for (const name of ['Ann', 'Ben', 'Cas'])
      made.push(await app.aContact({ owner: alice, customerId: customer.id, name }))
    const [, ben, cas] = made
    const { setPrimaryContact } = await app
      .as(alice)
      .ok<{ setPrimaryContact: object }>('SetPrimaryContact', { input: { id: ben?.id } })
    expect(setPrimaryContact).toEqual({ id: ben?.id, isPrimary: true })
    const makePrimary = (id?: string) => app.as(alice).ok('SetPrimaryContact', { input: { id } })
    await Promise.all([makePrimary(made[0]?.id), makePrimary(cas?.id)])
    const { nodes } = await contactsOf(app, alice, customer.id)
    expect(nodes.filter(({ isPrimary }) => isPrimary)).toHaveLength(1)
  })

  it("cannot be added to another agent's customer, which reads as missing", async () => {
    const { app, alice, bob } = await world()
    const customer = await app.aCustomer({ owner: bob })
    const { code } = await app.as(alice).refused('CreateContact', { input: { customerId: customer.id, name: 'Piet' } })
    expect(code).toBe('NOT_FOUND')
    expect((await contactsOf(app, bob, customer.id)).totalCount).toBe(0)
  })

  it('are not to be changed by those who only read customers', async () => {
    const { app, alice } = await world()
    const customer = await app.aCustomer({ owner: alice })
    const viewer = await app.aPerson('VIEWER')
    const { code } = await app.as(viewer).refused('CreateContact', { input: { customerId: customer.id, name: 'Piet' } })
    expect(code).toBe('FORBIDDEN')
    expect((await contactsOf(app, viewer, customer.id)).totalCount).toBe(0)
  })

  it('are changed and deleted by who may change the customer', async () => {
    const { app, alice, bob } = await world()
    const customer = await app.aCustomer({ owner: alice })
    const contact = await app.aContact({ owner: alice, customerId: customer.id })
    const update = 'mutation ($input: UpdateContactInput!) { updateContact(input: $input) { name title version } }'
    const remove = 'mutation ($input: DeleteContactInput!) { deleteContact(input: $input) { id } }'
    expect((await app.as(bob).refused(update, { input: { id: contact.id, name: 'Mine' } })).code).toBe('NOT_FOUND')
    expect(await app.as(alice).ok(update, { input: { id: contact.id, title: 'Buyer' } })).toEqual({
      updateContact: { name: 'Piet', title: 'Buyer', version: 2 },
    })
    expect((await app.as(bob).refused(remove, { input: { id: contact.id } })).code).toBe('NOT_FOUND')
    expect(await app.as(alice).ok(remove, { input: { id: contact.id } })).toEqual({ deleteContact: { id: contact.id } })
    expect((await contactsOf(app, alice, customer.id)).totalCount).toBe(0)
    expect(await app.events('crm.contact.deleted', contact.id)).toHaveLength(1)
  })
})
