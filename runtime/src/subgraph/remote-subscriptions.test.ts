// Subscriptions over the wire: shared, refused, and healed.
import { setTimeout as sleep } from 'node:timers/promises'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { unauthenticated } from '../errors.ts'
import { CounterExecutor } from '../testing/counter-executor.ts'
import { ana, countedAfter, listen, otherSecret, reach, request, secret, serve } from '../testing/counter-link.ts'
import { viewerSigner } from '../viewer/signed-viewer.ts'
import type { Viewer } from '../viewer/viewer.ts'
import { opened } from './wire.ts'

const countOf = async (events: AsyncIterableIterator<ExecutionResult>) =>
  ((await events.next()).value?.data?.counted as { count: number } | undefined)?.count

test('subscriptions of several viewers share a socket, and each is opened as its own', async () => {
  const executor = new CounterExecutor()
  const remote = reach((await serve(executor)).url)
  const [first, second] = await Promise.all([listen(remote), listen(remote, { viewer: { ...ana, id: 'ben' } })])
  expect(executor.seen.map(({ viewer }) => viewer.id).sort()).toEqual(['ana', 'ben'])
  executor.tell()
  expect(await Promise.all([countOf(first), countOf(second)])).toEqual([1, 1])
  const waiting = first.next()
  await first.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  await expect.poll(() => executor.listeners.size).toBe(1)
  for (const { end } of executor.listeners) end()
  expect(await second.next()).toEqual({ done: true, value: undefined })
})

test('a refused subscription comes as a result, also for an operation with a forged viewer', async () => {
  const executor = new CounterExecutor()
  const remote = reach((await serve(executor)).url)
  executor.refusal = { errors: [unauthenticated()] }
  const refused = await remote.subscribe(request('subscription { counted { count } }'))
  expect(refused).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  const sign = viewerSigner(secret)
  const other = viewerSigner(otherSecret)
  const signer = (viewer: Viewer) => (viewer.kind === 'SERVICE' ? sign(viewer) : other(viewer))
  const forger = reach((await serve(executor)).url, { signer })
  expect(await forger.subscribe(request('subscription { counted { count } }'))).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  })
  expect(executor.seen).toHaveLength(1)
})

test('a subscription survives a restart of its subgraph, which may take its time to warm up', async () => {
  const executor = new CounterExecutor()
  const first = await serve(executor)
  const events = await listen(reach(first.url))
  executor.tell()
  expect(await countOf(events)).toBe(1)
  await first.drain()
  executor.tell()
  executor.tell()
  executor.refusal = { errors: [new GraphQLError('warming up', { extensions: { code: 'SERVICE_UNAVAILABLE' } })] }
  await serve(executor, first.port)
  await sleep(100)
  executor.refusal = undefined
  const began = performance.now()
  expect([await countOf(events), await countOf(events)]).toEqual([2, 3])
  expect(performance.now() - began).toBeLessThan(1500)
  executor.tell()
  expect(await countOf(events)).toBe(4)
})

const ownVariable = 'subscription ($resumeAfter: Boolean!) { counted { count @include(if: $resumeAfter) } }'

test.each([
  ['that names a cursor', countedAfter, { after: '3' }, 4],
  ['that leaves the cursor open', countedAfter, {}, 6],
  ['that knows of no cursors', 'subscription { tally: counted { count } }', {}, 6],
  ['that begins at a fixed one', 'subscription { counted(after: "4") { count c: cursor } }', {}, 5],
  ['with a variable of the name that is put in', ownVariable, { resumeAfter: true }, 6],
  ['made of fragments', 'subscription { counted { ...C } } fragment C on Counted { count }', {}, 6],
])('a subscription %s misses nothing, though it lost its subgraph before the first event', async (...given) => {
  const [, query, variables, next] = given
  const executor = new CounterExecutor()
  executor.told = 5
  const first = await serve(executor)
  const events = await listen(reach(first.url), { variables }, query)
  await first.drain()
  executor.tell()
  executor.tell()
  await serve(executor, first.port)
  const counts: unknown[] = []
  while (counts.at(-1) !== 7) {
    const { data } = (await events.next()).value as ExecutionResult
    expect(JSON.stringify(data)).not.toContain('resume')
    counts.push(Object.values(data ?? {}).map((event) => (event as { count: number }).count)[0])
  }
  const missed = [4, 5, 6, 7].filter((count) => count >= next)
  expect(new Set(counts)).toEqual(new Set(missed))
})

test('a subscription to a subgraph that is not there is SERVICE_UNAVAILABLE in time', async () => {
  const remote = reach('http://127.0.0.1:9/graphql', { timeout: 300 })
  await expect(listen(remote)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
})

test('the word that a subscription is open never reaches the listener', async () => {
  const executor = new CounterExecutor()
  const events = await listen(reach((await serve(executor)).url))
  executor.tell()
  expect((await events.next()).value).not.toEqual(opened('0'))
})

test('an alias of a subscription may be the one under which a cursor is read', async () => {
  const executor = new CounterExecutor()
  const query = 'subscription { counted { resumeCursor: count resumeCursor_: cursor resumeAfter: count } }'
  const events = await listen(reach((await serve(executor)).url), {}, query)
  executor.tell()
  expect((await events.next()).value?.data).toEqual({
    counted: { resumeCursor: 1, resumeCursor_: '1', resumeAfter: 1 },
  })
})
