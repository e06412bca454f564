// What running a plan costs beside a merge by hand and Apollo's executor: the same three fetches, answered at once.
import { isDeepStrictEqual } from 'node:util'
import { usualLimits } from '@switchyard/runtime/limits'
import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { type ExecutionResult, graphql } from 'graphql'
import { executePlan } from '../../gateway/src/execution/execute.ts'
import { oracle } from '../../gateway/src/federation/oracle.ts'
import { createPlans } from '../../gateway/src/plans.ts'
import type { Sources } from '../../gateway/src/sources/source.ts'
import { loadSupergraph } from '../../gateway/src/supergraph.ts'
import { medianDurations } from '../measure.ts'
import { composed, schemaOf, subgraphNames } from './shop.ts'

const wide = `query Wide($first: Int!, $after: Int!) {
  products(first: $first, after: $after) { id name price stock supplier { id name city } }
}`

const supergraph = loadSupergraph(composed('http://bench.invalid'))
const document = createPlans(supergraph).parsed(wide)
const plan = createPlans(supergraph).prepared(document).plan(undefined)
const context = { viewer: anonymous, requestId: 'bench' }

/** Sources that answer a question with what they said to it first: a fresh copy, read from text as it comes over HTTP. */
function sources(): Sources {
  return Object.fromEntries(
    subgraphNames.map((name) => {
      const answers = new Map<string, string>()
      return [
        name,
        async ({ query, variables }) => {
          // a plan's second batch of entities begins with another
          const key = query + keyOfFirst(variables.representations)
          const known = answers.get(key)
          if (known !== undefined) return JSON.parse(known)
          const answer = await graphql({ schema: schemaOf(name), source: query, variableValues: variables })
          answers.set(key, JSON.stringify(answer))
          return answer
        },
      ]
    }),
  )
}

const keyOfFirst = (representations: unknown) => (Array.isArray(representations) ? representations[0].id : '')

type Product = { __typename: string; id: string; supplier?: { id: string } }
type Entities = { data: { _entities: Product[] } }

const stock =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { stock supplier { __typename id } } } }'
const supplier =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Supplier { name city } } }'
const products =
  'query ($first: Int!, $after: Int!) { products(first: $first, after: $after) { __typename id name price } }'

async function byHand(own: Sources, variables: Record<string, unknown>): Promise<ExecutionResult> {
  const ask = async <Answer>(subgraph: string, query: string, asked: Record<string, unknown>) =>
    (await own[subgraph]?.({ query, variables: asked, isMutation: false, context })) as Answer
  const { data } = await ask<{ data: { products: Product[] } }>('catalogue', products, variables)
  const keys = data.products.map(({ id }) => ({ __typename: 'Product', id }))
  const stocks = (await ask<Entities>('stock', stock, { representations: keys })).data._entities
  const supplierKeys = stocks.map((each) => ({ __typename: 'Supplier', id: each.supplier?.id }))
  const suppliers = (await ask<Entities>('catalogue', supplier, { representations: supplierKeys })).data._entities
  const merged = data.products.map(({ __typename, ...product }, row) => {
    const { supplier: key, ...rest } = stocks[row] as Product
    return { ...product, ...rest, supplier: { id: key?.id, ...suppliers[row] } }
  })
  return { data: { products: merged } }
}

for (const first of [10, 100, 1000]) {
  const variables = { first, after: 0 }
  const operation = { document, operationName: undefined, variables }
  const [hers, ours, theirs] = [sources(), sources(), sources()]
  const runs = {
    hand: () => byHand(hers, variables),
    ours: () => executePlan({ supergraph, sources: ours, limits: usualLimits }, plan, operation, context),
    apollo: () => oracle({ supergraph, sources: theirs, limits: usualLimits }, plan, operation, context),
  }
  const same = (await runs.hand()).data
  for (const run of [runs.ours, runs.apollo]) {
    const { data } = await run()
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(data)), JSON.parse(JSON.stringify(same)))) {
      throw new Error(`The answers differ: ${JSON.stringify(data).slice(0, 300)}`)
    }
  }
  const { hand = 0, ours: own = 0, apollo = 0 } = await medianDurations(runs, 40, Math.ceil(2000 / first))
  const figures = [`hand ${hand.toFixed(3)} ms`, `ours ${own.toFixed(3)} ms`, `Apollo ${apollo.toFixed(3)} ms`].join(
    ', ',
  )
  process.stdout.write(`${first} rows: ${figures}; ours is ${(own / hand).toFixed(2)} x the merge by hand, `)
  process.stdout.write(`Apollo's ${(apollo / hand).toFixed(2)} x\n`)
}
