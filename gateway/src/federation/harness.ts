// Runs an operation's plan through every executor that there is, each with answers of its own, and puts the outcomes alike.
import { operationFromDocument } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import { usualLimits } from '@switchyard/runtime/limits'
import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { type ExecutionResult, parse, validate } from 'graphql'
import type { Operation } from '../answer.ts'
import { executePlan } from '../execution/execute.ts'
import { namesOf } from '../execution/names.ts'
import type { Sources } from '../sources/source.ts'
import { type LoadedSupergraph, loadSupergraph } from '../supergraph.ts'
import { oracle } from './oracle.ts'

/** What a subgraph says to a fetch. */
export type Answers = (subgraph: string, query: string, variables: Record<string, unknown>) => Promise<ExecutionResult>

export type Planned = {
  readonly supergraph: LoadedSupergraph
  readonly plan: QueryPlan
  readonly operation: Operation
}

export type Outcome = {
  readonly data: unknown
  /** `path CODE` of each, sorted, each once. */
  readonly errors: readonly string[]
}

export const executors = { ours: executePlan, apollo: oracle }

export class InvalidOperation extends Error {}

/** Loads a graph and returns what plans operations over it, however large; throws where one is not valid. */
export function planning(sdl: string) {
  const supergraph = loadSupergraph(sdl)
  const { apiSchema: schema, api, planner } = supergraph
  function planned(source: string, variables: Operation['variables'] = {}): Planned {
    const document = parse(source)
    const [invalid] = validate(schema, document)
    if (invalid) throw new InvalidOperation(invalid.message)
    const plan = planner.buildQueryPlan(operationFromDocument(api, namesOf(supergraph.schema, document).planned))
    return { supergraph, plan, operation: { document, operationName: undefined, variables } }
  }
  return { schema, planned }
}

export async function outcome(
  execute: typeof executePlan,
  { supergraph, plan, operation }: Planned,
  answers: Answers,
): Promise<Outcome> {
  const sources = sourcesOf(supergraph, answers)
  const context = { viewer: anonymous, requestId: 'federation' }
  const { data, errors = [] } = await execute({ supergraph, sources, limits: usualLimits }, plan, operation, context)
  const told = errors.map(({ path = [], extensions }) => `${path.join('.')} ${classOf(extensions?.code)}`)
  return { data: copyOf(data), errors: [...new Set(told)].sort() }
}

/** An answer is handed out as it would come over a wire, so that no executor sees what another has merged into it. */
function sourcesOf({ sdl }: LoadedSupergraph, answers: Answers): Sources {
  const names = [...sdl.matchAll(/@join__graph\(name: "([^"]+)"/g)].map(([, name = '']) => name)
  return Object.fromEntries(
    names.map((name) => [name, async ({ query, variables }) => copyOf(await answers(name, query, { ...variables }))]),
  )
}

const copyOf = <T>(value: T): T => (value === undefined ? value : JSON.parse(JSON.stringify(value)))

/** What a client would see of it: whatever says only that something went wrong is masked as one thing. */
const classOf = (code: unknown) =>
  code === undefined || code === 'DOWNSTREAM_SERVICE_ERROR' ? 'INTERNAL_SERVER_ERROR' : String(code)
