import { describe, expect, it } from 'vitest'
import { createHashingQueue, type Requester } from './hashing-queue.ts'

const limits = { concurrency: 1, max: 6, maxPerClient: 4, maxPerAccount: 2 }
const unlimited = { concurrency: 1, max: 1000, maxPerClient: 1000, maxPerAccount: 1000 }

/** Until everything that can go on has. */
const aTurn = () => new Promise((resolve) => setImmediate(resolve))

/** A queue whose work ends when the test says so; it notes the order in which work began. */
function queueOf(settings = unlimited) {
  const queue = createHashingQueue(settings)
  const begun: string[] = []
  const running: (() => void)[] = []
  function request(name: string, requester: Partial<Requester> = {}, signal?: AbortSignal) {
    const place = queue.enter({ client: name, account: name, isKnown: false, ...requester })
    const work = () =>
      new Promise<string>((resolve) => {
        begun.push(name)
        running.push(() => resolve(name))
      })
    return place.run(signal, work).finally(place.leave)
  }
  async function finishAll() {
    for (await aTurn(); running.length > 0; await aTurn()) running.shift()?.()
  }
  return { queue, begun, request, finishAll, running }
}

const from = (client: string, account = client) => ({ client, account })
const tooMany = expect.objectContaining({ extensions: { code: 'RATE_LIMITED', data: { retryAfter: 1 } } })

describe('the queue of passwords to be hashed', () => {
  it('works off as many at once as it may', async () => {
    const { queue, begun, request, finishAll } = queueOf({ ...unlimited, concurrency: 2 })
    const all = Promise.all(['a', 'b', 'c'].map((name) => request(name)))
    await aTurn()
    expect([begun, queue.load()]).toEqual([['a', 'b'], { running: 2, waiting: 1 }])
    await finishAll()
    expect([await all, begun, queue.load()]).toEqual([['a', 'b', 'c'], ['a', 'b', 'c'], { running: 0, waiting: 0 }])
  })

  it('takes turns between clients, and between the accounts of one client', async () => {
    const { begun, request, finishAll } = queueOf()
    const names = [1, 2, 3].map((at) => request(`flood ${at}`, from('flood')))
    names.push(request('other', from('other')), request('account', from('flood', 'another account')))
    await Promise.all([finishAll(), ...names])
    expect(begun).toEqual(['flood 1', 'flood 2', 'other', 'account', 'flood 3'])
  })

  it('takes turns between clients known to their accounts and all others', async () => {
    const { begun, request, finishAll } = queueOf()
    const all = [1, 2, 3, 4].map((at) => request(`stranger ${at}`))
    all.push(...[1, 2].map((at) => request(`known ${at}`, { isKnown: true })))
    await Promise.all([finishAll(), ...all])
    expect(begun).toEqual(['stranger 1', 'known 1', 'stranger 2', 'known 2', 'stranger 3', 'stranger 4'])
  })

  it('refuses at once what is more than one account of a client, one client or all may have', async () => {
    const { request, finishAll } = queueOf(limits)
    const all = [request('1', from('a')), request('2', from('a'))]
    expect(() => request('3', from('a'))).toThrow(tooMany)
    all.push(request('4', from('a', 'x')), request('5', from('a', 'y')))
    expect(() => request('6', from('a', 'z'))).toThrow(tooMany)
    all.push(request('7', from('b')), request('8', from('c')))
    expect(() => request('9', from('d'))).toThrow(tooMany)
    all.push(request('10', { ...from('d'), isKnown: true }))
    await Promise.all([finishAll(), ...all])
    const later = request('11', from('d'))
    await finishAll()
    expect(await later).toBe('11')
  })

  it('drops whoever leaves while waiting, and does nothing for them', async () => {
    const { begun, request, finishAll, queue } = queueOf()
    const leaving = new AbortController()
    const first = request('first')
    const left = request('left', {}, leaving.signal)
    const last = request('last')
    leaving.abort()
    await expect(left).rejects.toEqual(tooMany)
    await expect(request('late', {}, leaving.signal)).rejects.toEqual(tooMany)
    await finishAll()
    expect([await first, await last, begun]).toEqual(['first', 'last', ['first', 'last']])
    expect(queue.load()).toEqual({ running: 0, waiting: 0 })
  })

  it('goes on after work that fails', async () => {
    const queue = createHashingQueue(unlimited)
    const place = queue.enter({ ...from('a'), isKnown: false })
    await expect(place.run(undefined, () => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory')
    place.leave()
    place.leave()
    expect(queue.load()).toEqual({ running: 0, waiting: 0 })
    expect(await queue.enter({ ...from('b'), isKnown: false }).run(undefined, async () => 'done')).toBe('done')
  })
})
