import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { describe, expect, it } from 'vitest'
import { outage } from '../sources/outage.ts'
import { composed, testSubgraph } from '../testing/graph.ts'
import { type Answers, executors, outcome, planning } from './harness.ts'
import { type Suite, typeDefsOf } from './suite.ts'
import { suites } from './suites.ts'

describe.each(suites)('$title', (suite) => {
  const { planned } = planning(composed(typeDefsOf(suite)))

  describe.each(Object.entries(executors))('executed by %s', (_, execute) => {
    it.each(suite.cases)('$title', async ({ operation, variables, data, errors = [], down, asked }) => {
      const { answers, recorded } = recording(suite, down)
      const told = await outcome(execute, planned(operation, variables), answers)
      expect(told).toEqual({ data, errors: [...errors].sort() })
      if (asked) expect(recorded).toEqual(asked)
    })
  })
})

/** The subgraphs' own answers, and who was asked for them. */
function recording({ subgraphs }: Suite, down: readonly string[] = []) {
  const recorded: string[] = []
  const running = Object.fromEntries(
    Object.entries(subgraphs).map(([name, { typeDefs, resolvers }]) => [name, testSubgraph(name, typeDefs, resolvers)]),
  )
  const answers: Answers = async (name, query, variables) => {
    recorded.push(name)
    const subgraph = running[name]
    if (down.includes(name)) return { errors: outage(query, variables) }
    if (!subgraph) throw new Error(`There is no subgraph ${name}.`)
    return subgraph.execute({ query, variables, viewer: anonymous, requestId: 'federation' })
  }
  return { recorded, answers }
}
