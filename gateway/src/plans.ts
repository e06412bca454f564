// What is worked out once for each document, whichever door it came through: its syntax, its judgement, its plans.
import { createHash } from 'node:crypto'
import { operationFromDocument } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import { failure } from '@switchyard/runtime/errors'
import { type Limits, usualLimits } from '@switchyard/runtime/limits'
import { fieldsOncePerOperation, repeatedField } from '@switchyard/runtime/once-per-operation'
import { type DocumentNode, GraphQLError, getOperationAST, Kind, parse, specifiedRules, validate } from 'graphql'
import { boundedCache } from './bounded-cache.ts'
import { namesOf } from './execution/names.ts'
import { measures } from './limits/measure.ts'
import { oversize, tooLarge } from './limits/size.ts'
import { conditionalRoot } from './subscriptions/root.ts'
import type { LoadedSupergraph } from './supergraph.ts'

export type Prepared = {
  /** Why the document cannot be run by anybody; empty when it can. */
  readonly errors: readonly GraphQLError[]
  readonly introspects: boolean
  readonly plan: (operationName: string | undefined) => QueryPlan
  /** Whether the plan is there already. */
  readonly isPlanned: (operationName: string | undefined) => boolean
}

export type Plans = ReturnType<typeof createPlans>

type Kept = { readonly document: DocumentNode; readonly hash: string; readonly number: number }

const mebibyte = 2 ** 20

/** Measured: a document holds 70 bytes for each character of its text, and how it is executed some more. */
const weightOf = (source: string) => 2000 + 120 * source.length
/** Measured: 5.3 bytes for each character of its JSON, and as much again once it is ready to be run. */
const weightOfPlan = (plan: QueryPlan) => 1000 + 12 * JSON.stringify(plan).length

export function createPlans(
  { api, apiSchema, planner, schema }: LoadedSupergraph,
  limits: Limits = usualLimits,
  bytes = { documents: 32 * mebibyte, plans: 32 * mebibyte },
) {
  const documents = boundedCache<Kept>({
    bytes: bytes.documents,
    weigh: (_, source) => weightOf(source),
    onForgotten(kept) {
      if (byHash.get(kept.hash) === kept) byHash.delete(kept.hash)
      for (const name of operationNames(kept.document)) plans.delete(keyOf(kept, name))
    },
  })
  const plans = boundedCache<QueryPlan>({ bytes: bytes.plans, weigh: weightOfPlan })
  const onceFields = fieldsOncePerOperation(schema)
  const byHash = new Map<string, Kept>()
  const byDocument = new WeakMap<DocumentNode, Kept>()
  const prepared = new WeakMap<DocumentNode, Prepared>()
  let made = 0

  /** `how` answers false for what is too heavy. */
  function keep(source: string, how: (kept: Kept) => boolean): Kept {
    const kept = { document: parsedAnew(source, limits.tokens), hash: sha256(source), number: made++ }
    if (how(kept)) {
      byHash.set(kept.hash, kept)
      byDocument.set(kept.document, kept)
    }
    return kept
  }

  function judged(document: DocumentNode): Pick<Prepared, 'errors' | 'introspects'> {
    const measured = measures(document)
    const introspects = measured.some((each) => each.introspects)
    const tooLarge = measured.map((each) => oversize(each, limits)).find((error) => error !== undefined)
    const refusal = tooLarge ?? conditionalRoot(document) ?? repeatedField(document, onceFields)
    if (refusal) return { errors: [refusal], introspects }
    const errors = validate(apiSchema, document, specifiedRules, { maxErrors: 5, hideSuggestions: true })
    return { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')), introspects }
  }

  function plannedAnew(document: DocumentNode, operationName: string | undefined): QueryPlan {
    const { planned } = namesOf(schema, document)
    const operation = operationFromDocument(api, planned, operationName === undefined ? {} : { operationName })
    return planner.buildQueryPlan(operation)
  }

  function isPlanned(document: DocumentNode, operationName: string | undefined): boolean {
    const kept = byDocument.get(document)
    return kept !== undefined && plans.has(keyOf(kept, getOperationAST(document, operationName)?.name?.value))
  }

  function planned(document: DocumentNode, operationName: string | undefined): QueryPlan {
    const name = getOperationAST(document, operationName)?.name?.value
    const kept = byDocument.get(document)
    if (!kept) return plannedAnew(document, name)
    const key = keyOf(kept, name)
    const ready = plans.get(key)
    if (ready) return ready
    const plan = plannedAnew(document, name)
    if (documents.kept(document.loc?.source.body ?? '') === kept) plans.keep(key, plan)
    else plans.set(key, plan)
    return plan
  }

  return {
    isParsed: (source: string): boolean => documents.has(source),

    /** The document of a source; throws GRAPHQL_PARSE_FAILED. */
    parsed(source: string): DocumentNode {
      return (documents.get(source) ?? keep(source, (kept) => documents.set(source, kept))).document
    },

    /** The same for a source of a known client: it is kept for good, and no flood of others displaces it. */
    known(source: string): DocumentNode {
      const ready = documents.kept(source) ?? keep(source, (kept) => documents.keep(source, kept))
      return ready.document
    },

    isPrepared: (document: DocumentNode): boolean => prepared.has(document),

    prepared(document: DocumentNode): Prepared {
      const ready = prepared.get(document)
      if (ready) return ready
      const fresh: Prepared = {
        ...judged(document),
        plan: (operationName) => planned(document, operationName),
        isPlanned: (operationName) => isPlanned(document, operationName),
      }
      prepared.set(document, fresh)
      return fresh
    },

    /** The same documents as Apollo Server's store, whose keys end in the hash of the source. */
    documentStore: {
      get: async (key: string) => byHash.get(key.slice(-64))?.document,
      // whatever comes here has been parsed before, and was too large to be kept
      set: async () => {},
      delete: async () => false,
    },

    /** What is kept, and how often it serves. */
    caches: { document: documents, plan: plans },
  }
}

const keyOf = ({ number }: Kept, operationName = '') => `${number} ${operationName}`

const operationNames = ({ definitions }: DocumentNode) =>
  definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [each.name?.value] : []))

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
