// Lists in filters: what they find, how long they may be, and that their length makes no new statement.
import { describe, expect, it } from 'vitest'
import { world } from './app.ts'

const products = 'query ($filter: ProductFilter) { products(filter: $filter) { totalCount nodes { sku } } }'
const customers = 'query ($filter: CustomerFilter) { customers(filter: $filter) { totalCount } }'
const auditEvents = 'query ($filter: AuditEventFilter) { auditEvents(filter: $filter) { totalCount } }'
const aProduct = 'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }'

const unknownIds = (count: number) => Array.from({ length: count }, () => crypto.randomUUID())

type Listed = { products: { totalCount: number; nodes: { sku: string }[] } }

describe('a list in a filter', () => {
  it('is the same statement whatever its length', async () => {
    const { app, admin } = await world()
    const filters = Array.from({ length: 20 }, (_, index) => ({ sku: { in: unknownIds(index + 1) } }))
    const texts = await app.statements('commerce', async () => {
      for (const filter of filters) await app.as(admin).ok(products, { filter })
    })
    expect(texts).toHaveLength(20)
    expect(new Set(texts).size).toBe(1)
    const byState = await app.statements('crm', async () => {
      await app.as(admin).ok(customers, { filter: { status: ['LEAD'], tagIds: unknownIds(1) } })
      await app.as(admin).ok(customers, { filter: { status: ['LEAD', 'CHURNED'], tagIds: unknownIds(3) } })
    })
    expect(new Set(byState).size).toBe(1)
    const byActor = await app.statements('audit', async () => {
      await app.as(admin).ok(auditEvents, { filter: { actorId: { in: ['a'] } } })
      await app.as(admin).ok(auditEvents, { filter: { actorId: { in: ['a', 'b', 'c'] } } })
    })
    expect(new Set(byActor).size).toBe(1)
  })

  it('finds the rows with one of its values, and none when it is empty', async () => {
    const { app, admin } = await world()
    const [first = '', second = ''] = unknownIds(2).map((id) => id.slice(0, 20).toUpperCase())
    for (const sku of [first, second]) {
      await app.as(admin).ok(aProduct, { input: { sku, name: sku, price: { amount: '100', currency: 'EUR' } } })
    }
    const found = async (filter: object) => (await app.as(admin).ok<Listed>(products, { filter })).products
    const both = await found({ sku: { in: [first, 'a sku with "quotes", {braces} and \\', second] } })
    expect(both.nodes.map(({ sku }) => sku).sort()).toEqual([first, second].sort())
    expect(await found({ sku: { in: [first] }, status: ['DRAFT', 'ACTIVE'] })).toMatchObject({ totalCount: 1 })
    expect(await found({ sku: { in: [] } })).toMatchObject({ totalCount: 0 })
    expect(await found({ sku: { in: [first] }, status: [] })).toMatchObject({ totalCount: 0 })
    expect(await found({ and: [{ sku: { in: [first, second] } }, { not: { sku: { in: [first] } } }] })).toMatchObject({
      nodes: [{ sku: second }],
    })
  })

  it('has at most a thousand values', async () => {
    const { app, admin } = await world()
    await app.as(admin).ok(products, { filter: { sku: { in: unknownIds(1000) } } })
    await app.as(admin).ok(customers, { filter: { ownerId: { in: unknownIds(1000) } } })
  })

  it.each([
    ['texts', products, { sku: { in: unknownIds(1001) } }, 'filter.sku.in'],
    ['ids', customers, { or: [{}, { ownerId: { in: unknownIds(1001) } }] }, 'filter.or.1.ownerId.in'],
    ['states', customers, { not: { status: Array(1001).fill('LEAD') } }, 'filter.not.status'],
    ['tags', customers, { tagIds: unknownIds(1001) }, 'filter.tagIds'],
    ['actors', auditEvents, { and: [{ actorId: { in: unknownIds(1001) } }] }, 'filter.and.0.actorId.in'],
  ])('is refused with more %s, naming the list and the cure', async (_, query, filter, path) => {
    const { app, admin } = await world()
    const { code, data } = await app.as(admin).refused(query, { filter })
    expect(code).toBe('BAD_USER_INPUT')
    expect(data).toEqual({ fields: [{ path, message: expect.stringMatching(/at most 1000 values.*shorter lists/) }] })
  })
})
