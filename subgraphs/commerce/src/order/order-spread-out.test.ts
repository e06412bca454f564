// Orders where commerce, crm, campaigns, the worker and the gateway are processes of their own.
import { randomUUID } from 'node:crypto'
import { type Shape, spreadOut } from '@switchyard/test/processes'
import { openSession, type Session } from '@switchyard/test/session'
import { afterAll, beforeAll, expect, it } from 'vitest'

type Made<Field extends string> = Record<Field, { id: string }>

const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }'
const createProduct = 'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }'
const theProduct = 'query ($id: ID!) { product(id: $id) { stockOnHand stockAvailable } }'
const ofAnna = `{ customers(first: 1, search: "anna@northwind.example") { nodes {
  orders(filter: { not: { status: [CANCELLED] } }) { totalCount } totals { orders } } } }`

let shape: Shape
beforeAll(async () => {
  shape = await spreadOut()
}, 180_000)
afterAll(() => shape?.end(), 60_000)

async function signedIn(login: string): Promise<Session> {
  const input = { email: `${login}@demo.example`, password: 'switchyard-demo' }
  const nobody = openSession(shape.url, undefined, () => undefined)
  const { login: tokens } = await nobody.ok<{ login: { accessToken: string } }>('Login', { input })
  return openSession(shape.url, tokens.accessToken, () => undefined)
}

async function aProduct(manager: Session, stockOnHand: number): Promise<string> {
  const price = { amount: '1250', currency: 'EUR' }
  const input = { sku: randomUUID(), name: 'Chair', status: 'ACTIVE', stockOnHand, price }
  return (await manager.ok<Made<'createProduct'>>(createProduct, { input })).createProduct.id
}

it('sells exactly the five that there are to twenty, each for a customer who was made a moment ago', async () => {
  const [manager, agent, other] = [await signedIn('manager'), await signedIn('agent'), await signedIn('agent2')]
  const productId = await aProduct(manager, 5)
  const lines = [{ productId, quantity: 1 }]
  const ordered = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const { createCustomer: made } = await agent.ok<Made<'createCustomer'>>(createCustomer, {
        input: { name: 'New' },
      })
      const input = { customerId: made.id, lines }
      const refused = await other.send('PlaceOrder', { input })
      expect(refused.errors[0]?.extensions.code).toBe('NOT_FOUND')
      const { errors } = await agent.send('PlaceOrder', { input })
      return errors[0]?.extensions.code ?? 'done'
    }),
  )
  expect(ordered.sort()).toEqual([...Array(15).fill('OUT_OF_STOCK'), ...Array(5).fill('done')])
  expect(await manager.ok(theProduct, { id: productId })).toEqual({ product: { stockOnHand: 5, stockAvailable: 0 } })
}, 60_000)

it('comes to the totals of a customer whose orders are older than the processes', async () => {
  const manager = await signedIn('manager')
  type Anna = { orders: { totalCount: number }; totals: { orders: number } }
  const anna = async () => (await manager.ok<{ customers: { nodes: Anna[] } }>(ofAnna)).customers.nodes[0]
  const ordered = (await anna())?.orders.totalCount
  expect(ordered).toBeGreaterThan(0)
  await expect.poll(async () => (await anna())?.totals.orders, { timeout: 30_000 }).toBe(ordered)
}, 60_000)
