// The hub alone: feeds over one growing list of numbers, and listeners that come, go, and come back.
import { setImmediate as turn } from 'node:timers/promises'
import { forbidden } from '@switchyard/runtime/errors'
import { testLog } from '@switchyard/runtime/testing/log'
import { anonymous, type PermissionScope, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { ExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createFairQueue } from './fair-queue.ts'
import type { Feed } from './feed.ts'
import { createHub } from './hub.ts'
import { createOnlookers } from './onlookers.ts'
import type { Listener } from './stream.ts'

const someTurns = async (most: number) => {
  for (let count = Math.floor(Math.random() * most); count > 0; count--) await turn()
}

/** Numbers that are published one after the other; each feed tells those after its cursor, at a pace of its own. */
function numbers() {
  let head = 0
  let wake = Promise.withResolvers<void>()
  const open = new Set<Feed>()
  const viewers: Viewer[] = []
  let completions = 0
  let held: Promise<void> = Promise.resolve()
  const wakeAll = () => {
    wake.resolve()
    wake = Promise.withResolvers()
  }

  return {
    open,
    /** Those whom a feed was opened for. */
    viewers,
    completions: () => completions,
    publish() {
      head++
      wakeAll()
    },
    head: () => head,
    /** Completes nothing before. */
    hold(until: Promise<void>) {
      held = until
    },
    async feed(viewer: Viewer, after: string | undefined, answer: Answer = plain): Promise<Feed> {
      viewers.push(viewer)
      await someTurns(3)
      let place = after === undefined ? head : Number(after)
      const past = Promise.withResolvers<void>()
      const feed: Feed = {
        beginning: String(place),
        caughtUp: past.promise,
        async arrived() {
          if (place >= head) past.resolve()
          while (place >= head && open.has(feed)) await wake.promise
        },
        async next() {
          await someTurns(3)
          if (!open.has(feed)) return undefined
          const number = ++place
          const complete = async (as: Viewer) => {
            completions++
            await held
            await someTurns(4)
            return answer(number, as)
          }
          return { cursor: String(number), complete }
        },
        close() {
          past.resolve()
          open.delete(feed)
          wakeAll()
        },
      }
      open.add(feed)
      return feed
    },
  }
}

type Numbers = ReturnType<typeof numbers>

type Answer = (number: number, viewer: Viewer) => ExecutionResult

const plain: Answer = (number) => ({ data: { number } })

const user = (id: string, permissions: Record<string, PermissionScope>): Viewer => ({
  ...anonymous,
  kind: 'USER',
  id,
  roles: ['SOME'],
  permissions,
})

const gauge = { inc: () => {}, dec: () => {} }

const hubOf = () =>
  createHub({
    onlookers: createOnlookers(new Set(['crm'])),
    log: testLog(),
    completions: createFairQueue({ maxRunning: 8, maxRunningPerKey: 2, gauge }),
    replays: createFairQueue({ maxRunning: 100, maxRunningPerKey: 4, maxWaitingPerKey: 20, gauge }),
  })

type Following = {
  question?: string
  viewer?: Viewer
  after?: number
  answer?: Answer
  drained?: Listener['drained']
}

function joined(
  hub: ReturnType<typeof hubOf>,
  source: Numbers,
  { question = 'numbers', viewer = anonymous, after, answer, drained = () => undefined }: Following = {},
) {
  const seen: number[] = []
  const place = hub.join(
    {
      viewerKey: String(viewer.id),
      push: (text) => void seen.push(JSON.parse(text).data?.number),
      end: () => {},
      drained,
    },
    {
      question,
      viewer,
      isResumable: true,
      isReopened: false,
      open: (as, cursor) => source.feed(as, cursor, answer),
      write: ({ data, errors }) => JSON.stringify({ data, errors }),
    },
    after === undefined ? undefined : String(after),
  )
  return { seen, place }
}

async function follow(hub: ReturnType<typeof hubOf>, source: Numbers, following: Following = {}) {
  const both = joined(hub, source, following)
  if (await both.place.opened) throw new Error('The hub has refused.')
  return both
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

async function settled(holds: () => boolean) {
  for (let count = 0; count < 20_000 && !holds(); count++) await turn()
}

describe('whoever goes away and comes back after its last cursor', () => {
  it('misses nothing and hears nothing twice, whatever the others do', async () => {
    for (let run = 0; run < 60; run++) {
      const hub = hubOf()
      const source = numbers()
      let isOver = false
      const restless = async (first: number) => {
        await someTurns(20)
        const all: number[] = []
        for (let isLast = false; !isLast; await someTurns(10)) {
          isLast = isOver
          const { seen, place } = await follow(hub, source, { after: all.at(-1) ?? first })
          if (isLast) await settled(() => (seen.at(-1) ?? all.at(-1)) === source.head())
          else await someTurns(25)
          place.leave()
          all.push(...seen)
        }
        return all
      }
      const starts = from(0, 7).map(() => 0)
      const everybody = Promise.all(starts.map(restless))
      for (const _ of from(1, 250)) {
        source.publish()
        await someTurns(3)
      }
      isOver = true
      const result = await everybody
      for (const all of result) expect(all).toEqual(from(1, 250))
      await settled(() => source.open.size === 0)
      expect(source.open.size).toBe(0)
    }
  })
})

describe('whoever asks for a long past', () => {
  it('is told it at its own pace, and keeps those waiting who hear of what happens now not at all', async () => {
    const hub = hubOf()
    const source = numbers()
    for (const _ of from(1, 50)) source.publish()
    let read = Promise.withResolvers<void>()
    const present = await follow(hub, source)
    const past = await follow(hub, source, { after: 0, drained: () => read.promise })
    await settled(() => past.seen.length > 1)
    expect(past.seen).toEqual([1])
    source.publish()
    await settled(() => present.seen.length === 1)
    for (let last = past.seen.length; last < 51; last = past.seen.length) {
      read.resolve()
      read = Promise.withResolvers()
      await settled(() => past.seen.length > last)
    }
    expect([past.seen, present.seen]).toEqual([from(1, 51), [51]])
  })

  it('opens a feed of its own only where the shared one no longer keeps it', async () => {
    const hub = hubOf()
    const source = numbers()
    const first = await follow(hub, source)
    for (const count of from(1, 250)) {
      source.publish()
      await settled(() => first.seen.length === count)
    }
    const [recent, old] = [await follow(hub, source, { after: 50 }), await follow(hub, source, { after: 49 })]
    expect(recent.seen).toEqual(from(51, 250))
    expect(source.viewers).toHaveLength(2)
    await settled(() => old.seen.length === 201)
    expect(old.seen).toEqual(from(50, 250))
  })
})

describe('many who ask for the past', () => {
  const one = user('ana', { 'crm.deal.read': 'own' })
  const replay = (hub: ReturnType<typeof hubOf>, source: Numbers, question: string, viewer = one) =>
    joined(hub, source, { question, viewer, after: 0 })

  it('are told all of it in order, four of one viewer at once', async () => {
    const hub = hubOf()
    const source = numbers()
    for (const _ of from(1, 20)) source.publish()
    const all = from(1, 24).map((number) => replay(hub, source, `numbers ${number}`))
    let most = 0
    await settled(() => {
      const reading = all.filter(({ seen }) => seen.length > 0 && seen.length < 20).length
      most = Math.max(most, reading)
      return all.every(({ seen }) => seen.length === 20)
    })
    for (const { seen } of all) expect(seen).toEqual(from(1, 20))
    // one that has read all but its last numbers is not among those who read the past any longer
    expect(most).toBeLessThanOrEqual(5)
    source.publish()
    await settled(() => all.every(({ seen }) => seen.length === 21))
    for (const { seen } of all) expect(seen).toEqual(from(1, 21))
  })

  it('are refused beyond those who may wait, which hinders nobody else', async () => {
    const hub = hubOf()
    const source = numbers()
    const pending = Promise.withResolvers<void>()
    source.publish()
    source.hold(pending.promise)
    const all = from(1, 30).map((number) => replay(hub, source, `numbers ${number}`))
    const refused = all.filter(({ place }) => place.waits).at(-1)
    expect(await refused?.place.opened).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
    const other = replay(hub, source, 'numbers', user('ben', { 'crm.deal.read': 'own' }))
    await settled(() => source.open.size === 5)
    pending.resolve()
    await settled(() => other.seen.length === 1)
    expect(other.seen).toEqual([1])
    await settled(() => all.filter(({ seen }) => seen.length === 1).length === 24)
    expect(all.filter(({ seen }) => seen.length === 1)).toHaveLength(24)
  })

  it('open nothing any more once they have left', async () => {
    const hub = hubOf()
    const source = numbers()
    const pending = Promise.withResolvers<void>()
    source.publish()
    source.hold(pending.promise)
    const all = from(1, 12).map((number) => replay(hub, source, `numbers ${number}`))
    await settled(() => source.open.size === 4)
    for (const { place } of all) place.leave()
    pending.resolve()
    await settled(() => source.open.size === 0)
    await someTurns(50)
    expect([source.viewers.length, source.open.size]).toEqual([4, 0])
  })
})

describe('feeds of one question', () => {
  const all = { 'crm.deal.read': 'all', 'crm.deal.update': 'own', 'identity.session.read': 'own' } as const

  it('become one as soon as they have come to the same event', async () => {
    const hub = hubOf()
    const source = numbers()
    for (const _ of from(1, 9)) source.publish()
    const everybody = await Promise.all([0, 3, 6, 9, 9].map((after) => follow(hub, source, { after })))
    await settled(() => everybody.slice(0, 3).every(({ seen }) => seen.at(-1) === 9))
    source.publish()
    await settled(() => everybody.every(({ seen }) => seen.at(-1) === 10))
    expect(everybody.map(({ seen }) => seen)).toEqual([from(1, 10), from(4, 10), from(7, 10), [10], [10]])
    await settled(() => source.open.size === 1)
    const before = source.completions()
    source.publish()
    await settled(() => everybody.every(({ seen }) => seen.at(-1) === 11))
    expect([source.open.size, source.completions() - before]).toEqual([1, 1])
  })

  it('are one for all whose rights are the same and do not hang on who they are', async () => {
    const hub = hubOf()
    const source = numbers()
    const everybody = await Promise.all(
      ['ana', 'ben', 'cem'].map((id) => follow(hub, source, { viewer: user(id, all) })),
    )
    source.publish()
    await settled(() => everybody.every(({ seen }) => seen.length === 1))
    expect(source.viewers).toMatchObject([{ id: null, sessionId: null, reports: [], permissions: all }])
    expect(source.completions()).toBe(1)
  })

  it.each([
    ['reads some rows as its own', { 'crm.deal.read': 'own' }, {}],
    ["reads some rows as its team's", { 'crm.deal.read': 'team' }, {}],
    ['belongs to another concession', all, { concessionId: 'north' }],
    ['has one permission more', { ...all, 'crm.tag.read': 'all' }, {}],
    ['has another role', all, { roles: ['OTHER'] }],
    ['is no user but a partner', all, { kind: 'PARTNER' }],
  ] as const)('are not one with those of a viewer who %s', async (_, permissions, more) => {
    const hub = hubOf()
    const source = numbers()
    await Promise.all(
      [user('ana', permissions), user('ben', permissions)].map((viewer) =>
        follow(hub, source, { viewer: { ...viewer, ...more } }),
      ),
    )
    await follow(hub, source, { viewer: user('cem', all) })
    const isAlone = Object.values(permissions).every((scope, index) => index > 0 || scope !== 'all')
    expect(source.viewers.map(({ id }) => id)).toEqual(isAlone ? ['ana', 'ben', null] : [null, null])
  })

  it('are parted where an answer turns out to hang on who asks, and nobody misses an event', async () => {
    const hub = hubOf()
    const source = numbers()
    const answer: Answer = (number, { id }) =>
      number < 3 || id === 'ana' ? { data: { number } } : { data: { number: -number }, errors: [forbidden()] }
    const [ana, ben] = await Promise.all(
      ['ana', 'ben'].map((id) => follow(hub, source, { viewer: user(id, all), answer })),
    )
    for (const _ of from(1, 5)) source.publish()
    await settled(() => ana?.seen.length === 5 && ben?.seen.length === 5)
    expect([ana?.seen, ben?.seen]).toEqual([from(1, 5), [1, 2, -3, -4, -5]])
    expect(source.viewers.map(({ id }) => String(id)).sort()).toEqual(['ana', 'ben', 'null'])
    await follow(hub, source, { viewer: user('cem', all), answer })
    expect(source.viewers.at(-1)?.id).toBe('cem')
  })
})
