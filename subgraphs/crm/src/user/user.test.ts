import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

describe('the owner of a customer', () => {
  it('can be a user who was made a moment ago', async () => {
    const { app, admin } = await world()
    const carol = await app.aUser(admin, { name: 'Carol' })
    const { id } = await app.aCustomer({ owner: admin, ownerId: carol.id })
    const query = 'query ($id: ID!) { customer(id: $id) { owner { id name } } }'
    expect(await app.as(admin).ok(query, { id })).toEqual({ customer: { owner: { id: carol.id, name: 'Carol' } } })
  })

  it('cannot be a user who has been blocked', async () => {
    const { app, admin } = await world()
    const carol = await app.aUser(admin)
    await app.aCustomer({ owner: admin, ownerId: carol.id })
    await app.as(admin).ok('BlockUser', { input: { id: carol.id } })
    await app.settled()
    const input = { name: 'Northwind', ownerId: carol.id }
    const { code, data } = await app.as(admin).refused('CreateCustomer', { input })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'ownerId' }] } })
    await app.as(admin).ok('UnblockUser', { input: { id: carol.id } })
    await app.settled()
    await app.as(admin).ok('CreateCustomer', { input })
  })
})
