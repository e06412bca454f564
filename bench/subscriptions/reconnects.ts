// Subscribers that lose their connection again and again while deals change, and once their gateway is killed: what
// each of them has seen in the end, beside what the outbox holds.
import { setTimeout as wait } from 'node:timers/promises'
import type { Shape } from '../../test/processes.ts'
import { subscribe } from './subscriber.ts'
import { analystToken } from './tokens.ts'

const subscribers = 20
const reconnectsOfEach = 5

const query = `subscription ($after: String) {
  dealChanged(after: $after) { cursor deal { id title owner { name } } }
}`

export type Outcome = { reconnects: number; events: number; lost: number; doubled: number; disordered: number }

/** `change` makes one change to a deal; it may fail while the gateway is away. */
export async function reconnectUnderLoad(shape: Shape, change: () => Promise<unknown>): Promise<Outcome> {
  const port = Number(new URL(shape.url).port)
  const start = await head(shape)
  let isOver = false
  let reconnects = 0

  async function write() {
    while (!isOver) await change().catch(() => wait(50))
  }

  /** Follows until it has seen the last event, and loses its connection now and then on the way. */
  async function follow(token: string): Promise<number[]> {
    const seen: number[] = []
    let after = cursorAt(start)
    for (let count = 0; ; ) {
      const isLast = count === reconnectsOfEach
      const closed = Promise.withResolvers<void>()
      let isMine = true
      const onEvent = (text: string) => {
        if (!isMine) return
        after = cursorIn(text)
        seen.push(positionOf(after))
      }
      const opened = await subscribe({ port, token, query, after, onEvent, onClose: () => closed.resolve() }).catch(
        () => undefined,
      )
      if (!opened) {
        await wait(50)
        continue
      }
      const left = isLast ? finished.then((end) => arrival(seen, end)) : wait(200 + Math.random() * 1500)
      const isLeft = await Promise.race([left.then(() => true), closed.promise.then(() => false)])
      isMine = false
      opened.destroy()
      if (isLeft && isLast) return seen
      if (isLeft) count++
      reconnects++
    }
  }

  const finish = Promise.withResolvers<number>()
  const finished = finish.promise
  const writers = Array.from({ length: 4 }, write)
  const all = Array.from({ length: subscribers }, (_, index) => follow(analystToken(index)))
  await wait(4000)
  await shape.processes.gateway?.end('SIGKILL')
  await shape.processes.gateway?.start()
  while (reconnects < subscribers * reconnectsOfEach) await wait(100)
  isOver = true
  await Promise.all(writers)
  await wait(500)
  const expected = await positionsAfter(shape, start)
  finish.resolve(expected.at(-1) ?? start)
  const outcomes = (await Promise.all(all)).map((seen) => compared(seen, expected))
  const sum = (name: 'lost' | 'doubled' | 'disordered') => outcomes.reduce((total, each) => total + each[name], 0)
  return {
    reconnects,
    events: expected.length,
    lost: sum('lost'),
    doubled: sum('doubled'),
    disordered: sum('disordered'),
  }
}

async function arrival(seen: readonly number[], end: number): Promise<void> {
  for (let waited = 0; (seen.at(-1) ?? 0) < end && waited < 20_000; waited += 50) await wait(50)
}

function compared(seen: readonly number[], expected: readonly number[]) {
  const known = new Set(seen)
  return {
    lost: expected.filter((position) => !known.has(position)).length,
    doubled: seen.length - known.size,
    disordered: seen.filter((position, index) => index > 0 && position < (seen[index - 1] ?? 0)).length,
  }
}

const cursorAt = (position: number) => Buffer.from(`crm:${position}`).toString('base64url')

const positionOf = (cursor: string) => Number(Buffer.from(cursor, 'base64url').toString().split(':')[1])

const cursorIn = (text: string): string => {
  const cursor = /"cursor":"([^"]+)"/.exec(text)?.[1]
  if (cursor === undefined) throw new Error(`The gateway said ${text}`)
  return cursor
}

const head = async (shape: Shape) => Number((await shape.rows('select position from crm.outbox_head'))[0]?.position)

const positionsAfter = async (shape: Shape, start: number) =>
  (
    await shape.rows(
      `select position from crm.outbox where entity = 'crm.deal' and position > ${start} order by position`,
    )
  ).map(({ position }) => Number(position))
