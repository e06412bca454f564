import { newId } from '@switchyard/runtime/ids'
import { usualLimits } from '@switchyard/runtime/limits'
import { createLog } from '@switchyard/runtime/log'
import { openRateLimiter } from '@switchyard/runtime/rate-limit/rate-limiter'
import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RequestContext } from '../request.ts'
import { user } from '../testing/identity.ts'
import { openSocket } from '../testing/socket.ts'
import { codesOf, world } from '../testing/world.ts'
import { createPlanningQueue, maxPendingPerClient, type PlanningTask } from './planning-queue.ts'

const planningMs = 30

const openQueue = async () =>
  createPlanningQueue(await openRateLimiter({ redisUrl: undefined, log: createLog('silent', 'test') }), { planningMs })

const client = (clientKey: string): RequestContext => ({ viewer: anonymous, clientKey, requestId: 'test' })
const signedIn = (id: string): RequestContext => ({ viewer: user(id), clientKey: id, requestId: 'test' })

/** Uses as much CPU time. */
function burn(microseconds: number): void {
  const before = process.threadCpuUsage()
  for (;;) {
    const { user: own, system } = process.threadCpuUsage(before)
    if (own + system > microseconds) return
  }
}

/** A task that nobody else needs, and whose result is not kept. */
const once = <Result>(run: () => Result): PlanningTask<Result> => ({ subject: {}, isDone: () => false, run })
const done = () => once(() => 'done')

const refused = { extensions: { code: 'RATE_LIMITED', data: { retryAfter: expect.any(Number) } } }

describe('work on documents that are not known', () => {
  it('is done for each client in turn', async () => {
    const queue = await openQueue()
    const order: string[] = []
    const all = ['first', 'a', 'a', 'a', 'b', 'c', 'b'].map((name) =>
      queue.run(
        client(name),
        once(() => order.push(name)),
      ),
    )
    await Promise.all(all)
    expect(order).toEqual(['first', 'a', 'b', 'c', 'a', 'b', 'a'])
  })

  it('is done once for all who need the same result, however many they are', async () => {
    const queue = await openQueue()
    let kept: object | undefined
    let times = 0
    const work = () => {
      times++
      return {}
    }
    const task = { subject: 'the same', isDone: () => kept !== undefined, run: () => (kept ??= work()) }
    const clients = Array.from({ length: maxPendingPerClient * 3 }, (_, index) => client(`${index % 2}`))
    const results = await Promise.all(clients.map((one) => queue.run(one, task)))
    expect(new Set(results)).toEqual(new Set([kept]))
    expect(times).toBe(1)
  })

  it('is done by the next who needs its result when it is refused to the first', async () => {
    const queue = await openQueue()
    let isDone = false
    const task = { subject: 'the same', isDone: () => isDone, run: () => (isDone = true) }
    const left = queue.run({ ...client('a'), signal: AbortSignal.abort() }, task)
    const next = queue.run(client('b'), task)
    await expect(left).rejects.toThrow('The client has left.')
    expect(await next).toBe(true)
  })

  it('is refused at once where too much of one client is waiting', async () => {
    const queue = await openQueue()
    const sent = Array.from({ length: maxPendingPerClient + 2 }, () => queue.run(client('a'), done()))
    const results = await Promise.allSettled([...sent, queue.run(client('b'), done())])
    const refusals = results.filter(({ status }) => status === 'rejected')
    expect(refusals.length).toBeGreaterThanOrEqual(1)
    for (const { reason } of refusals as PromiseRejectedResult[]) expect(reason).toMatchObject(refused)
    expect(results.at(-1)).toMatchObject({ status: 'fulfilled' })
  })

  it('is refused to a client that has used up its time, and to no other', async () => {
    const queue = await openQueue()
    await queue.run(
      client('a'),
      once(() => burn(planningMs * 1000)),
    )
    await expect(queue.run(client('a'), done())).rejects.toMatchObject(refused)
    expect(await queue.run(client('b'), done())).toBe('done')
    expect(await queue.run(signedIn('alice'), done())).toBe('done')
  })

  it('is not done for a client that has left', async () => {
    const queue = await openQueue()
    const left = { ...client('a'), signal: AbortSignal.abort() }
    await expect(queue.run(left, done())).rejects.toThrow('The client has left.')
  })

  it('fails alone', async () => {
    const queue = await openQueue()
    const failing = queue.run(
      client('a'),
      once(() => {
        throw new Error('no plan')
      }),
    )
    await expect(failing).rejects.toThrow('no plan')
    expect(await queue.run(client('a'), done())).toBe('done')
  })
})

describe('a client that sends nothing but costly documents that nobody has sent before', () => {
  /** The field that does not exist is found at the end, when everything else has been compared with everything. */
  const costly = () => {
    const fields = Array.from({ length: 120 }, () => 'deals(first: 1) { nodes { id title } }').join(' ')
    return { query: `query Q${newId().replaceAll('-', '')} { customer(id: 1) { ${fields} missing } }` }
  }

  it('is refused after a while, with whatever is known still answered, and everything to others', async () => {
    const app = await world({
      config: { trustedProxies: ['loopback'], limits: { ...usualLimits, planningMs: 60 } },
    })
    onTestFinished(() => app.gateway.drain())
    const [here, elsewhere] = [{ 'x-forwarded-for': '192.0.2.1' }, { 'x-forwarded-for': '192.0.2.2' }]
    const known = costly()
    expect((await app.post(known, here)).status).toBe(400)
    let last = await app.post(costly(), here)
    for (let sent = 0; sent < 2000 && last.status === 400; sent++) last = await app.post(costly(), here)
    expect([last.status, codesOf(last)]).toEqual([429, ['RATE_LIMITED']])
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)

    expect((await app.post(known, here)).status).toBe(400)
    expect((await app.post(costly(), { ...here, authorization: 'Bearer alice' })).status).toBe(400)
    expect((await app.post(costly(), elsewhere)).status).toBe(400)
    const socket = await openSocket(app.address, { headers: here })
    onTestFinished(() => socket.close())
    expect(await socket.acknowledged()).toBe(true)
    socket.run('1', costly().query)
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [refused] })
  })

  it('is refused before its body is read when its token is not valid', async () => {
    const app = await world()
    onTestFinished(() => app.gateway.drain())
    const answer = await app.post('no JSON', { authorization: 'Bearer unknown' })
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']])
  })
})
