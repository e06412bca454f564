// What is worked out once for each document, whichever door it came through: its syntax, its judgement, its plans.
import { createHash } from 'node:crypto'
import { operationFromDocument } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import { failure } from '@switchyard/runtime/errors'
import { type Limits, usualLimits } from '@switchyard/runtime/limits'
import { type DocumentNode, GraphQLError, getOperationAST, parse, specifiedRules, validate } from 'graphql'
import { LRUCache } from 'lru-cache'
import { measures } from './limits/measure.ts'
import { oversize, tooLarge } from './limits/size.ts'
import { conditionalRoot } from './subscriptions/root.ts'
import type { LoadedSupergraph } from './supergraph.ts'

export type Prepared = {
  /** Why the document cannot be run by anybody; empty when it can. */
  readonly errors: readonly GraphQLError[]
  readonly introspects: boolean
  readonly plan: (operationName: string | undefined) => QueryPlan
}

export type Plans = ReturnType<typeof createPlans>

const sixteenMebibytes = 16 * 2 ** 20

export function createPlans({ api, apiSchema, planner }: LoadedSupergraph, limits: Limits = usualLimits) {
  const documents = new LRUCache<string, DocumentNode>({
    max: 5000,
    maxSize: sixteenMebibytes,
    // a document and its plan weigh some ten times their text
    sizeCalculation: ({ loc }) => 1000 + 10 * (loc?.end ?? 0),
  })
  const prepared = new WeakMap<DocumentNode, Prepared>()

  function judged(document: DocumentNode): Pick<Prepared, 'errors' | 'introspects'> {
    const measured = measures(document)
    const introspects = measured.some((each) => each.introspects)
    const tooLarge = measured.map((each) => oversize(each, limits)).find((error) => error !== undefined)
    const refusal = tooLarge ?? conditionalRoot(document)
    if (refusal) return { errors: [refusal], introspects }
    const errors = validate(apiSchema, document, specifiedRules, { maxErrors: 5, hideSuggestions: true })
    return { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')), introspects }
  }

  function planned(document: DocumentNode, operationName: string | undefined): QueryPlan {
    const operation = operationFromDocument(api, document, operationName === undefined ? {} : { operationName })
    return planner.buildQueryPlan(operation)
  }

  return {
    /** The document of a source; throws GRAPHQL_PARSE_FAILED. */
    parsed(source: string): DocumentNode {
      const key = sha256(source)
      const known = documents.get(key)
      if (known) return known
      const document = parsedAnew(source, limits.tokens)
      documents.set(key, document)
      return document
    },

    prepared(document: DocumentNode): Prepared {
      const known = prepared.get(document)
      if (known) return known
      const plans = new Map<string | undefined, QueryPlan>()
      const fresh: Prepared = {
        ...judged(document),
        plan(operationName) {
          const name = getOperationAST(document, operationName)?.name?.value
          const plan = plans.get(name) ?? planned(document, name)
          plans.set(name, plan)
          return plan
        },
      }
      prepared.set(document, fresh)
      return fresh
    },

    /** The same documents as Apollo Server's store, whose keys end in the hash of the source. */
    documentStore: {
      get: async (key: string) => documents.get(key.slice(-64)),
      set: async (key: string, document: DocumentNode) => void documents.set(key.slice(-64), document),
      delete: async (key: string) => documents.delete(key.slice(-64)),
    },
  }
}

function parsedAnew(source: string, maxTokens: number): DocumentNode {
  try {
    return parse(source, { maxTokens })
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw failure('GRAPHQL_PARSE_FAILED', 'The document is nested too deeply.')
    if (/\d tokens/.test(error.message))
      throw tooLarge('GRAPHQL_PARSE_FAILED', 'The document has too many tokens', maxTokens)
    throw withCode(error, 'GRAPHQL_PARSE_FAILED')
  }
}

const withCode = (error: GraphQLError, code: string) =>
  new GraphQLError(error.message, {
    ...(error.nodes && { nodes: error.nodes }),
    ...(error.source && { source: error.source }),
    ...(error.positions && { positions: error.positions }),
    originalError: error,
    extensions: { code, ...error.extensions },
  })

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
