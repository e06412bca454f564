import { describe, expect, it } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { world } from '../testing/world.ts'

describe('a gateway that starts while a subgraph is down', () => {
  it('serves what it can', async () => {
    const other = await world({ crmFault: 'down' })
    const answer = await other.ask('{ me { id } customer(id: 1) { id } }', 'alice')
    await other.gateway.drain()
    expect(answer.body.data).toEqual({ me: { id: 'alice' }, customer: null })
  })
})

describe('a gateway that is going away', () => {
  it('fails no request that is in flight, says so, and then is gone', async () => {
    const other = await world()
    const answers = Array.from({ length: 10 }, () => other.ask('{ slow(milliseconds: 200) }'))
    await eventually(() => other.crm.subgraph.received.length === answers.length)
    const drained = other.gateway.drain()
    const probe = await fetch(`${other.gateway.url}/ready`)
    expect([probe.status, await probe.json()]).toMatchObject([503, { status: 'draining' }])
    for (const answer of await Promise.all(answers)) expect(answer.body).toEqual({ data: { slow: 'done' } })
    await drained
    await expect(other.ask('{ __typename }')).rejects.toThrow()
  })

  it('cuts no client off that asks one thing after another', async () => {
    const other = await world()
    const failures: unknown[] = []
    const ask = async () => {
      for (;;) {
        const failure = await other.ask('{ slow(milliseconds: 5) }').then(
          ({ status }) => status !== 200,
          (error: Error & { cause?: { code?: string } }) => error.cause?.code,
        )
        // nobody is there to be asked any more
        if (failure === 'ECONNREFUSED') return
        if (failure) failures.push(failure)
      }
    }
    const clients = Array.from({ length: 10 }, ask)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await other.gateway.drain()
    await Promise.all(clients)
    expect(failures).toEqual([])
  })
})
