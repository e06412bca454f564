import { describe, expect, test } from 'vitest'
import { ana } from '../testing/counter-link.ts'
import { mergedCalls } from './merged-calls.ts'

/** A subgraph that answers when it is told to, and remembers what it was asked. */
function held() {
  const asked: { signal: AbortSignal; answer: (text: string) => void; fail: (error: Error) => void }[] = []
  const send = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      asked.push({ signal, answer: resolve, fail: reject })
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return { asked, send }
}

const question = { viewer: ana, text: '{ me }' }

describe('a question in flight', () => {
  test('is asked once for all who ask it meanwhile, and anew afterwards', async () => {
    const { asked, send } = held()
    const calls = mergedCalls<string>(1000)
    const askers = [1, 2, 3].map(() => calls.ask(question, undefined, send))
    asked[0]?.answer('first')
    expect(await Promise.all(askers)).toEqual(['first', 'first', 'first'])
    const later = calls.ask(question, undefined, send)
    asked[1]?.answer('second')
    expect(await later).toBe('second')
    expect(asked).toHaveLength(2)
  })

  test.each([
    ['another viewer', { viewer: { ...ana }, text: '{ me }' }],
    ['another text', { viewer: ana, text: '{ you }' }],
    ['nobody who may join', undefined],
  ])('is not shared with %s', async (_, other) => {
    const { asked, send } = held()
    const calls = mergedCalls<string>(1000)
    const askers = [calls.ask(question, undefined, send), calls.ask(other, undefined, send)]
    expect(asked).toHaveLength(2)
    asked[0]?.answer('ours')
    asked[1]?.answer('theirs')
    expect(await Promise.all(askers)).toEqual(['ours', 'theirs'])
  })

  test('is not joined by those who come after something has happened', async () => {
    const { asked, send } = held()
    const calls = mergedCalls<string>(1000)
    const before = calls.ask(question, undefined, send)
    calls.forget()
    const after = calls.ask(question, undefined, send)
    asked[0]?.answer('old')
    asked[1]?.answer('new')
    expect(await Promise.all([before, after])).toEqual(['old', 'new'])
  })

  test('goes on when one of its askers leaves, and stops when the last does', async () => {
    const { asked, send } = held()
    const calls = mergedCalls<string>(1000)
    const [one, two] = [new AbortController(), new AbortController()]
    const first = calls.ask(question, one.signal, send)
    const second = calls.ask(question, two.signal, send)
    one.abort(new Error('left'))
    await expect(first).rejects.toThrow('left')
    expect(asked[0]?.signal.aborted).toBe(false)
    two.abort(new Error('left too'))
    await expect(second).rejects.toThrow('left too')
    expect(asked[0]?.signal.aborted).toBe(true)
    const next = calls.ask(question, undefined, send)
    expect(asked).toHaveLength(2)
    asked[1]?.answer('anew')
    expect(await next).toBe('anew')
  })

  test('fails for all of its askers, and for nobody after them', async () => {
    const { asked, send } = held()
    const calls = mergedCalls<string>(1000)
    const askers = [1, 2].map(() => calls.ask(question, undefined, send))
    asked[0]?.fail(new Error('reset'))
    await Promise.all(askers.map((each) => expect(each).rejects.toThrow('reset')))
    const next = calls.ask(question, undefined, send)
    asked[1]?.answer('well')
    expect(await next).toBe('well')
  })

  test('is given up when its time is over', async () => {
    const { asked, send } = held()
    await expect(mergedCalls<string>(20).ask(question, undefined, send)).rejects.toThrow('no answer within 20 ms')
    expect(asked[0]?.signal.aborted).toBe(true)
  })

  test('is not even asked by somebody who has left already', async () => {
    const { asked, send } = held()
    await expect(mergedCalls<string>(20).ask(question, AbortSignal.abort(new Error('left')), send)).rejects.toThrow(
      'left',
    )
    expect(asked).toHaveLength(0)
  })
})
