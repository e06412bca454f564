// A subgraph's executable schema: its SDL, its resolvers, the graph's scalars, and the law in front.
import { readdirSync, readFileSync } from 'node:fs'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql'
import { AlreadyDone, claimOf } from '../context/idempotency.ts'
import { claimFor } from '../context/open-context.ts'
import { uncovered } from '../permissions/coverage.ts'
import { enforce, type Law } from '../permissions/law.ts'
import { scalars } from '../scalars.ts'
import type { Viewer } from '../viewer/viewer.ts'
import { withCheckedRepresentations } from './representations.ts'

type Resolve = (parent: unknown, args: unknown, ctx: MutationContext, info: { fieldName: string }) => unknown
type MutationContext = { viewer: Viewer; idempotencyKey?: string }
type Fields = Record<string, unknown>

/** The SDL of a subgraph: what all share, then every file of its folder under `schema/`. */
export function readTypeDefs(subgraph: string): DocumentNode {
  const root = new URL('../../../schema/', import.meta.url)
  const own = new URL(`${subgraph}/`, root)
  const files = readdirSync(own)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
  const texts = [new URL('common.graphql', root), ...files.map((file) => new URL(file, own))].map((url) =>
    readFileSync(url, 'utf8'),
  )
  return parse(texts.join('\n'))
}

export function executableSchema(typeDefs: DocumentNode, resolvers: readonly object[], law: Law): GraphQLSchema {
  const missing = uncovered(typeDefs, law)
  if (missing.length) throw new Error(`permissions.ts lacks a line for ${missing.join(', ')}`)
  const merged = mergeResolvers(resolvers)
  for (const type of ['Query', 'Mutation', 'Subscription']) {
    const without = Object.keys(law[type] ?? {}).filter((field) => !merged[type]?.[field])
    if (without.length) throw new Error(`${type} has no resolver for ${without.join(', ')}`)
  }
  const schema = buildSubgraphSchema([
    { typeDefs, resolvers: { ...merged, ...scalars, Mutation: onceEach(merged.Mutation ?? {}) } as never },
  ])
  return enforce(withCheckedRepresentations(schema), law)
}

function mergeResolvers(parts: readonly object[]): Record<string, Fields> {
  const merged: Record<string, Fields> = {}
  for (const part of parts) {
    for (const [type, fields] of Object.entries(part)) merged[type] = { ...merged[type], ...fields }
  }
  return merged
}

/** Mutations sent with an Idempotency-Key are done once and answered alike every time. */
const onceEach = (mutations: Fields): Fields =>
  Object.fromEntries(
    Object.entries(mutations).map(([field, resolve]) => [
      field,
      async (parent: unknown, args: unknown, ctx: MutationContext, info: { fieldName: string }) => {
        if (ctx.idempotencyKey !== undefined && ctx.viewer.id) {
          claimFor(ctx, claimOf(`${ctx.viewer.kind}:${ctx.viewer.id}`, ctx.idempotencyKey, field, args))
        }
        try {
          return await (resolve as Resolve)(parent, args, ctx, info)
        } catch (error) {
          if (error instanceof AlreadyDone) return error.result
          throw error
        }
      },
    ]),
  )
