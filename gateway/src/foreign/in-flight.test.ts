import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Shop, shop } from '../testing/shop.ts'

let app: Shop
beforeAll(async () => {
  app = await shop({ forwardHeaders: ['authorization'], subgraphTimeout: 5000 })
})
afterEach(() => {
  app.shelf.misbehave = undefined
})
afterAll(() => app.close())

describe('identical questions in flight', () => {
  const query = '{ product(id: 7) { name } }'
  const slowly = () => {
    app.shelf.misbehave = (response, whole) =>
      void setTimeout(() => response.setHeader('content-type', 'application/json').end(whole), 150)
    const before = app.shelf.asked.length
    return () => app.shelf.asked.length - before
  }

  it('are asked once, and answered to everybody who asked', async () => {
    const asked = slowly()
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.ask(query)))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toEqual(
      new Set(['{"data":{"product":{"name":"Product 7"}}}']),
    )
    expect(asked()).toBe(1)
  })

  it('are asked for each holder of another credential', async () => {
    const asked = slowly()
    await Promise.all(['a', 'b', 'a'].map((authorization) => app.ask(query, { authorization })))
    expect(asked()).toBe(2)
  })

  it('are not given up when one who asked goes away', async () => {
    const asked = slowly()
    const leaving = fetch(`${app.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(50),
    })
    const staying = app.ask(query)
    await expect(leaving).rejects.toThrow()
    expect((await staying).body).toEqual({ data: { product: { name: 'Product 7' } } })
    expect(asked()).toBe(1)
  })

  it('are given up when nobody waits any longer', async () => {
    const given = new Promise((resolve) => {
      app.shelf.misbehave = (response) => void response.on('close', resolve)
    })
    const body = JSON.stringify({ query })
    const headers = { 'content-type': 'application/json' }
    const leaving = fetch(`${app.gateway.url}/graphql`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(50),
    })
    const since = performance.now()
    await expect(leaving).rejects.toThrow()
    await given
    expect(performance.now() - since).toBeLessThan(4000)
  })

  it('are no mutations', async () => {
    const asked = slowly()
    const rename = 'mutation { rename(id: 7, name: "Table") { name } }'
    await Promise.all([app.ask(rename), app.ask(rename)])
    expect(asked()).toBe(2)
  })

  it('are not joined by who has changed something meanwhile', async () => {
    const asked = slowly()
    const early = app.ask(query)
    await expect.poll(asked).toBe(1)
    app.shelf.misbehave = undefined
    await app.ask('mutation { rename(id: 7, name: "Table") { name } }')
    await Promise.all([early, app.ask(query)])
    expect(asked()).toBe(3)
  })

  it('are not joined by who has changed something elsewhere, for servers may share what they know', async () => {
    const question = '{ newest { stars } }'
    app.opinions.misbehave = (response, whole) =>
      void setTimeout(() => response.setHeader('content-type', 'application/json').end(whole), 150)
    const before = app.opinions.asked.length
    const early = app.ask(question)
    await expect.poll(() => app.opinions.asked.length - before).toBe(1)
    await app.ask('mutation { rename(id: 7, name: "Table") { name } }')
    await Promise.all([early, app.ask(question)])
    app.opinions.misbehave = undefined
    expect(app.opinions.asked.length - before).toBe(2)
  })
})
