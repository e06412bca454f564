import { describe, expect, it } from 'vitest'
import { createCircuit, type Passage } from './circuit.ts'

/** A circuit, its clock, and what it told. */
function made() {
  let time = 0
  const told: boolean[] = []
  const circuit = createCircuit({ now: () => time, onChange: (isOpen) => told.push(isOpen) })
  const enter = (): Passage => {
    const passage = circuit.enter()
    if (!passage) throw new Error('spared')
    return passage
  }
  const fail = (times: number, each = 0) => {
    for (let count = 0; count < times; count++) {
      enter().failed()
      time += each
    }
  }
  const pass = (milliseconds: number) => {
    time += milliseconds
  }
  return { circuit, told, enter, fail, pass }
}

/** One that has just opened. */
function opened() {
  const one = made()
  one.fail(5, 300)
  expect(one.told).toEqual([true])
  return one
}

describe('a circuit', () => {
  it.each([
    ['four failures, however long', (one: ReturnType<typeof made>) => one.fail(4, 60_000)],
    ['any number of failures within a second', (one: ReturnType<typeof made>) => one.fail(100, 9)],
    [
      'failures with an answer among them',
      (one: ReturnType<typeof made>) => {
        one.fail(4, 300)
        one.enter().answered()
        one.fail(4, 300)
      },
    ],
    [
      'fetches that nobody waited for',
      (one: ReturnType<typeof made>) => {
        for (let count = 0; count < 10; count++, one.pass(300)) one.enter().left()
      },
    ],
    [
      'fetches without an answer in time, while others are answered',
      (one: ReturnType<typeof made>) => {
        for (let count = 0; count < 10; count++, one.pass(300)) {
          const slow = one.enter()
          one.enter().answered()
          slow.silent()
        }
      },
    ],
  ])('stays closed for %s', (_, happens) => {
    const one = made()
    happens(one)
    expect(one.circuit.enter()).toBeDefined()
    expect(one.told).toEqual([])
  })

  it('opens for a subgraph that keeps failing', () => {
    const one = opened()
    expect(one.circuit.enter()).toBeUndefined()
  })

  it('opens for a subgraph that answers nothing any more', () => {
    const one = made()
    one.enter().answered()
    for (let count = 0; count < 5; count++, one.pass(300)) one.enter().silent()
    expect(one.told).toEqual([true])
  })

  it('lets one probe through after a while, and nobody beside it', () => {
    const one = opened()
    one.pass(2000)
    expect(one.circuit.enter()).toBeDefined()
    expect(one.circuit.enter()).toBeUndefined()
  })

  it('closes when the probe is answered', () => {
    const one = opened()
    one.pass(2000)
    one.enter().answered()
    expect(one.told).toEqual([true, false])
    one.fail(4, 300)
    expect(one.circuit.enter()).toBeDefined()
  })

  it('rests as long again when the probe fails', () => {
    const one = opened()
    one.pass(2000)
    one.enter().failed()
    one.pass(1999)
    expect(one.circuit.enter()).toBeUndefined()
    one.pass(1)
    expect(one.circuit.enter()).toBeDefined()
    expect(one.told).toEqual([true])
  })

  it('lets another probe through when nobody waited for the first', () => {
    const one = opened()
    one.pass(2000)
    one.enter().left()
    expect(one.circuit.enter()).toBeDefined()
  })

  it('closes when an earlier fetch is answered after all, and is not kept open by one that fails', () => {
    const one = made()
    const [early, late] = [one.enter(), one.enter()]
    one.fail(5, 300)
    one.pass(1699)
    late.failed()
    one.pass(1)
    expect(one.circuit.enter()).toBeDefined()
    early.answered()
    expect(one.told).toEqual([true, false])
  })
})
