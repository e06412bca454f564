import fc from 'fast-check'
import { describe, it } from 'vitest'
import { composed } from '../testing/graph.ts'
import { type Answers, executors, InvalidOperation, type Outcome, outcome, type Planned, planning } from './harness.ts'
import { choicesFrom } from './random/choices.ts'
import { covers, isSame } from './random/comparison.ts'
import { down, weathered } from './random/faults.ts'
import { mockSubgraph } from './random/mock.ts'
import { randomOperation, withoutMarks } from './random/operations.ts'
import { ownTypeDefs } from './random/own-graph.ts'
import { type Suite, typeDefsOf } from './suite.ts'
import { works } from './suites/works.ts'
import { suites } from './suites.ts'

const runs = Number(process.env.FUZZ_RUNS ?? 12)
const seed = Number(process.env.FUZZ_SEED ?? 2026)
const patience = 20_000 + runs * 500
const { ours, apollo } = executors

/** Everything that an operation, its data and its misfortunes are made of. */
const chances = fc.record({
  numbers: fc.array(fc.nat(65_535), { maxLength: 400, size: 'max' }),
  seed: fc.nat(),
})

/** Over interface objects, Apollo's planner may take half a minute for an operation that is any deeper. */
const depthOf = (suite: Suite) => (suite === works ? 2 : 5)

const graphs = [
  { title: 'our own graph', typeDefs: await ownTypeDefs(), depth: 5 },
  ...suites
    // some suites ask the same subgraphs in other ways
    .filter(({ subgraphs }, index) => suites.findIndex((each) => each.subgraphs === subgraphs) === index)
    .map((suite) => ({ title: suite.title, typeDefs: typeDefsOf(suite), depth: depthOf(suite) })),
]

describe.each(graphs)('a random operation over $title', ({ typeDefs, depth }) => {
  const { schema, planned } = planning(composed(typeDefs))
  const names = Object.keys(typeDefs)
  const mocks = new Map(Object.entries(typeDefs).map(([name, sdl]) => [name, mockSubgraph(name, sdl)]))

  const answersOf =
    (data: number, hasErrors: boolean): Answers =>
    async (subgraph, query, variables) =>
      (await mocks.get(subgraph)?.(query, variables, { seed: data, hasErrors })) ?? {}

  /** Runs the property, which says what is wrong. */
  function always(property: (operation: Planned, data: number, plain: Planned) => Promise<string | undefined>) {
    const check = fc.asyncProperty(chances, async ({ numbers, seed: data }) => {
      const { source, plainSource, variables } = randomOperation(schema, choicesFrom(numbers), depth)
      const operation = unlessUnplannable(() => planned(source, variables))
      const plain = source === plainSource ? operation : unlessUnplannable(() => planned(plainSource, variables))
      const complaint = operation && plain && (await property(operation, data, plain))
      if (complaint) throw new Error([source, JSON.stringify(variables), `seed ${data}`, complaint].join('\n'))
    })
    return fc.assert(check, { numRuns: runs, seed, interruptAfterTimeLimit: patience / 2 })
  }

  it(
    'has the same answer as from Apollo',
    () => always((operation, data, plain) => differing(operation, answersOf(data, false), plain)),
    patience,
  )

  it(
    'has the same answer and the same errors, whatever a subgraph refuses, lacks or cannot say',
    () =>
      always((operation, data, plain) => {
        const calm = answersOf(data, true)
        const answers: Answers = async (subgraph, query, variables) =>
          weathered(await calm(subgraph, query, variables), { subgraph, query, variables }, 'stormy', data)
        return differing(operation, answers, plain)
      }),
    patience,
  )

  it(
    'loses nothing to a subgraph that answers nonsense but what it would lose to its outage',
    () =>
      always(async (operation, data) => {
        const mad = names[data % names.length]
        const calm = answersOf(data, false)
        const least = await outcome(ours, operation, async (subgraph, query, variables) =>
          subgraph === mad ? down(query, variables) : calm(subgraph, query, variables),
        )
        const actual = await outcome(ours, operation, async (subgraph, query, variables) => {
          const answer = await calm(subgraph, query, variables)
          return subgraph === mad ? weathered(answer, { subgraph, query, variables }, 'absurd', data) : answer
        })
        if ('polluted' in {}) return `${mad} has changed what every object inherits`
        if (covers(actual.data, least.data)) return undefined
        return [`${mad} is mad`, `at least: ${JSON.stringify(least)}`, `ours: ${JSON.stringify(actual)}`].join('\n')
      }),
    patience,
  )
})

/** Apollo is given the operation without aliases that are names of other fields, which it has no answer to. */
async function differing(operation: Planned, answers: Answers, plain: Planned): Promise<string | undefined> {
  const [found, actual] = await Promise.all([outcome(apollo, plain, answers), outcome(ours, operation, answers)])
  const { data, errors }: Outcome = JSON.parse(withoutMarks(JSON.stringify(found)))
  const expected = { data, errors: errors.toSorted() }
  if (isSame(expected, actual)) return undefined
  return [`Apollo: ${JSON.stringify(expected)}`, `ours: ${JSON.stringify(actual)}`].join('\n')
}

/** The planner is Apollo's, and there are valid operations for which it finds no plan. */
function unlessUnplannable(plan: () => Planned): Planned | undefined {
  try {
    return plan()
  } catch (error) {
    if (error instanceof InvalidOperation) throw error
    return undefined
  }
}
