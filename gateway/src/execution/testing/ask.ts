// Two small subgraphs for the executor's tests, whose every answer a test makes up.
import { usualLimits } from '@switchyard/runtime/limits'
import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { type ExecutionResult, parse } from 'graphql'
import { createPlans } from '../../plans.ts'
import type { Fetch } from '../../sources/source.ts'
import { loadSupergraph } from '../../supergraph.ts'
import { composed } from '../../testing/graph.ts'
import { executePlan } from '../execute.ts'

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'
const supergraph = loadSupergraph(
  composed({
    shop: parse(`${link}
      type Query { products(first: Int = 3): [Product] offer: Offer }
      type Mutation { addProduct(name: String): Product dropProduct: Product moveStock: [Moved] }
      type Moved { query: Query }
      type Product @key(fields: "id") { id: ID! name: String }
      type Offer { best: Product others: [[Product]] note: String! }`),
    stock: parse(`${link}
      type Query { shelves: Int }
      type Mutation { countShelves: Int }
      type Product @key(fields: "id") { id: ID! stock: Int places: [Place!] }
      type Place { shelf: Int! }`),
  }),
)
const plans = createPlans(supergraph)

type Entity = { __typename: string; id: string }
type Asked = Fetch & { readonly of: string; readonly ids: readonly string[] }
export type Answer = (asked: Asked) => unknown

/** Runs an operation with what each subgraph answers, and tells what they were asked. */
export async function ask(query: string, answers: Record<string, Answer>, variables = {}, signal?: AbortSignal) {
  const asked: Asked[] = []
  const sources = Object.fromEntries(
    Object.entries(answers).map(([of, answer]) => [
      of,
      async (fetch: Fetch) => {
        const ids = ((fetch.variables.representations ?? []) as Entity[]).map(({ id }) => id)
        asked.push({ ...fetch, of, ids })
        return (await answer({ ...fetch, of, ids })) as ExecutionResult
      },
    ]),
  )
  const document = plans.parsed(query)
  const operation = { document, operationName: undefined, variables }
  const context = { viewer: anonymous, requestId: 'test', signal }
  const result = await executePlan(
    { supergraph, sources, limits: usualLimits },
    plans.prepared(document).plan(undefined),
    operation,
    context,
  )
  const errors = result.errors?.map(
    ({ path, extensions }) => `${path?.join('.') ?? ''} ${extensions.code ?? 'unknown'}`,
  )
  return { data: result.data, errors, extensions: result.extensions, asked }
}

export const product = (id: string) => ({ __typename: 'Product', id, name: `Product ${id}` })
export const products =
  (...ids: string[]): Answer =>
  () => ({ data: { products: ids.map(product) } })
export const stocked: Answer = ({ ids }) => ({ data: { _entities: ids.map((id) => ({ stock: Number(id) })) } })
export const told = (code: string, path?: (string | number)[]) => ({ message: 'No.', path, extensions: { code } })
