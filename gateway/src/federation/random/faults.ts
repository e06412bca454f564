// What may be wrong with a subgraph's answer: what any subgraph may do on a bad day, and what none ever should.
import type { ExecutionResult } from 'graphql'
import { outage } from '../../sources/outage.ts'
import { befalls, hashOf } from './choices.ts'

export type Weather = 'stormy' | 'absurd'

type Fetch = { readonly subgraph: string; readonly query: string; readonly variables: Record<string, unknown> }

/** Changes the answer. What befalls a value follows from the value and where it comes from, not from when it was asked. */
export function weathered(answer: ExecutionResult, fetch: Fetch, weather: Weather, seed: number): ExecutionResult {
  const { subgraph, query, variables } = fetch
  const about = withoutReplacements(query)
  if (befalls(6, seed, subgraph, about, 'down')) return down(query, variables)
  if (befalls(3, seed, subgraph, about, 'lost')) throw new Error('The connection is lost.')
  const changed = fieldsOf(answer.data ?? {}, (name, value) =>
    weather === 'stormy' ? storm(name, value, [seed, subgraph]) : absurdity(name, value, [seed, subgraph]),
  )
  return answer.data ? { ...answer, data: changed } : answer
}

/** What befalls a field does not follow from what its alias, or one inside of it, is replaced by. */
const withoutReplacements = <Value>(value: Value): Value =>
  value === undefined ? value : JSON.parse(JSON.stringify(value).replace(/\b(?:swap_|renamed_)_*/g, ''))

export const down = (query: string, variables: Record<string, unknown>): ExecutionResult => ({
  errors: outage(query, variables),
})

type Change = (name: string, value: unknown) => unknown

/** Every field of an object, changed, and then what is inside of it; one that is changed to undefined goes. */
function fieldsOf(object: object, change: Change): Record<string, unknown> {
  const fields = Object.entries(object).map(([name, value]) => [name, change(name, value), value] as const)
  // an own property, whatever its name
  return Object.fromEntries(
    fields.filter(([, value]) => value !== undefined).map(([name, value]) => [name, inside(name, value, change)]),
  )
}

function inside(name: string, value: unknown, change: Change): unknown {
  if (Array.isArray(value)) return value.map((item) => inside(name, change(`${name}[]`, item) ?? null, change))
  return typeof value === 'object' && value !== null ? fieldsOf(value, change) : value
}

/** Fields go missing or are null, whether they may be or not. */
function storm(name: string, value: unknown, about: readonly unknown[]): unknown {
  if (name === '_entities' || name === '__typename') return value
  const field = [...about, withoutReplacements(name), withoutReplacements(value)]
  if (befalls(3, ...field, 'null')) return null
  if (befalls(2, ...field, 'missing') && !name.endsWith('[]')) return undefined
  return value
}

/** Values of a wrong shape, types that do not exist, too few entities or too many. */
function absurdity(name: string, value: unknown, about: readonly unknown[]): unknown {
  if (!befalls(4, ...about, name, value, 'absurd')) return storm(name, value, about)
  const nonsense = [
    'nonsense',
    -1,
    true,
    [],
    {},
    [value],
    [[value], null],
    { [name]: value },
    JSON.parse('{ "__proto__": { "polluted": true }, "constructor": null, "toString": 7 }'),
    null,
  ]
  if (name === '_entities' && Array.isArray(value))
    return [value.slice(1), [...value, value[0]], {}, null][value.length % 4]
  return nonsense[hashOf(about, name, value) % nonsense.length]
}
