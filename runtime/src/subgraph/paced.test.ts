// When a subgraph executes an event of a subscription, in this process and over HTTP.
import { buildSchema, type GraphQLSchema } from 'graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLog } from '../log.ts'
import { reach, request, serve } from '../testing/counter-link.ts'
import type { Events, SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { localExecutor } from './local.ts'
import { pushedIterator } from './pushed-iterator.ts'

type Source = ReturnType<typeof source>

/** Numbers that are told when a test wants; what executing one waits for, and which have been. */
function source() {
  const listeners = new Set<ReturnType<typeof pushedIterator<number>>>()
  const executed: number[] = []
  const contexts: SubgraphRequest[] = []
  const past = Promise.withResolvers<void>()
  let wait: Promise<void> | undefined
  return {
    executed,
    contexts,
    past,
    listeners,
    tell(number: number) {
      for (const { push } of listeners) push(number)
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      wait = promise
      return resolve
    },
    schema(): GraphQLSchema {
      const schema = buildSchema(`
        type Query { ok: Boolean }
        type Subscription { told(after: String): Told }
        type Told { cursor: String! number: Int! }
      `)
      const field = schema.getSubscriptionType()?.getFields().told
      if (!field) throw new Error('There is no subscription.')
      field.subscribe = () => {
        const listener = pushedIterator<number>(100, () => listeners.delete(listener))
        listeners.add(listener)
        return Object.assign(listener.iterator, { beginning: '0', caughtUp: past.promise })
      }
      field.resolve = async (number: number, _args, context: SubgraphRequest) => {
        executed.push(number)
        contexts.push(context)
        await wait
        return { cursor: String(number), number }
      }
      return schema
    },
  }
}

const shapes = [
  { shape: 'in process', executorOf: async (executor: SubgraphExecutor) => executor },
  { shape: 'over HTTP', executorOf: async (executor: SubgraphExecutor) => reach((await serve(executor)).url) },
]

describe.each(shapes)('an event of a subscription $shape', ({ executorOf }) => {
  async function subscribed(numbers: Source): Promise<Events> {
    const log = createLog('silent', 'test')
    const createContext = (given: SubgraphRequest) => given
    const local = localExecutor({ name: 'counter', schema: numbers.schema(), log, createContext })
    const executor = await executorOf(local)
    const events = await executor.subscribe(request('subscription { told { cursor number } }'))
    if (!(Symbol.asyncIterator in events)) throw new Error(`refused: ${JSON.stringify(events)}`)
    onTestFinished(async () => void (await events.return?.()))
    return events
  }
  const numberOf = async (events: Events) => (await events.next()).value?.data?.told

  it('is executed when the caller takes it, not when it arrives', async () => {
    const numbers = source()
    const events = await subscribed(numbers)
    for (const number of [1, 2, 3]) numbers.tell(number)
    await events.arrived?.()
    await events.arrived?.()
    expect(numbers.executed).toEqual([])
    expect(await numberOf(events)).toMatchObject({ number: 1 })
    await events.arrived?.()
    expect(numbers.executed).toEqual([1])
    expect(await numberOf(events)).toMatchObject({ number: 2 })
    expect(await numberOf(events)).toMatchObject({ number: 3 })
    expect(numbers.executed).toEqual([1, 2, 3])
  })

  it('is executed at once for a caller who waits for it', async () => {
    const numbers = source()
    const events = await subscribed(numbers)
    const waiting = numberOf(events)
    numbers.tell(1)
    expect(await waiting).toMatchObject({ number: 1 })
  })

  it('has its execution aborted when the caller leaves, and what comes after it is not executed', async () => {
    const numbers = source()
    const events = await subscribed(numbers)
    const go = numbers.hold()
    numbers.tell(1)
    numbers.tell(2)
    const waiting = events.next()
    await expect.poll(() => numbers.contexts.length).toBe(1)
    expect(numbers.contexts[0]?.signal?.aborted).toBe(false)
    await events.return?.()
    await expect.poll(() => numbers.contexts[0]?.signal?.aborted).toBe(true)
    go()
    await waiting
    await expect.poll(() => numbers.listeners.size).toBe(0)
    expect(numbers.executed).toEqual([1])
  })

  it('is told apart from the past, of which the caller learns when it has been read', async () => {
    const numbers = source()
    const events = await subscribed(numbers)
    let isCaughtUp = false
    events.caughtUp?.then(() => {
      isCaughtUp = true
    })
    numbers.tell(1)
    expect(await numberOf(events)).toMatchObject({ number: 1 })
    expect(isCaughtUp).toBe(false)
    const next = events.arrived?.()
    numbers.past.resolve()
    await expect.poll(() => isCaughtUp).toBe(true)
    numbers.tell(2)
    await next
    expect(await numberOf(events)).toMatchObject({ number: 2 })
  })
})
