import { describe, expect, it } from 'vitest'
import { connectionQueue } from './connection-queue.ts'

const alice = { key: 'alice', max: 2 }
const bob = { key: 'bob', max: 2 }
const carol = { key: 'carol', max: 2 }

/** A queue before this many connections, and work that goes on until it is told to end. */
function made(connections: number) {
  const queue = connectionQueue(Array.from({ length: connections }, (_, index) => index))
  const begun: string[] = []
  function begin(user: typeof alice, signal?: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const outcome = queue.use(user, signal, async () => {
      begun.push(user.key)
      await promise
    })
    outcome.catch(() => undefined)
    return {
      outcome,
      async end() {
        resolve()
        await outcome
      },
    }
  }
  return { queue, begun, begin }
}

describe('the queue for connections', () => {
  it('gives one user no more than their share, though others are free', async () => {
    const { begun, begin } = made(5)
    const [first] = [begin(alice), begin(alice), begin(alice)]
    begin(bob)
    expect(begun).toEqual(['alice', 'alice', 'bob'])
    await first?.end()
    expect(begun).toEqual(['alice', 'alice', 'bob', 'alice'])
  })

  it('gives a connection that becomes free to who holds the fewest, then to who waits longest', async () => {
    const { begun, begin } = made(3)
    const [first, second, third] = [begin(alice), begin(alice), begin(bob)]
    begin(alice)
    begin(bob)
    begin(carol)
    await second?.end()
    expect(begun.slice(3)).toEqual(['carol'])
    await first?.end()
    expect(begun.slice(4)).toEqual(['alice'])
    await third?.end()
    expect(begun.slice(5)).toEqual(['bob'])
  })

  it('never begins work whose user has left', async () => {
    const { begun, begin } = made(1)
    const held = begin(alice)
    const leaves = new AbortController()
    const left = begin(bob, leaves.signal)
    const next = begin(carol)
    leaves.abort()
    await expect(left.outcome).rejects.toMatchObject({ code: '57014' })
    await expect(begin(bob, leaves.signal).outcome).rejects.toMatchObject({ code: '57014' })
    await held.end()
    await next.end()
    expect(begun).toEqual(['alice', 'carol'])
  })

  it('takes a connection back from work that fails', async () => {
    const { queue } = made(1)
    const failing = queue.use(alice, undefined, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await queue.use(bob, undefined, async (connection) => connection)).toBe(0)
  })
})
