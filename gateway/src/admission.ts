// Decides whether an operation may be run: sound, not too large, its variables fit, and the schema is not pried into.
import type { QueryPlan } from '@apollo/query-planner'
import { failure } from '@switchyard/runtime/errors'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { Graph, Operation } from './answer.ts'
import { cost } from './limits/cost.ts'
import { tooLarge } from './limits/size.ts'
import { overlyDeep } from './limits/variables.ts'
import type { RequestContext } from './request.ts'

export type Admitted = {
  readonly plan: QueryPlan
  readonly operation: OperationDefinitionNode
  /** How many objects it asks for, if every list is full. */
  readonly objects: number
}

/** The document of a source, parsed in its client's turn where it is not known; rejects with GRAPHQL_PARSE_FAILED. */
export async function documentOf(
  { plans, planning }: Pick<Graph, 'plans' | 'planning'>,
  source: string,
  context: RequestContext,
): Promise<DocumentNode> {
  return planning.run(context, {
    subject: source,
    isDone: () => plans.isParsed(source),
    run: () => plans.parsed(source),
  })
}

/** Rejects with RATE_LIMITED where the document has to be worked on and its client may have no more of that. */
export async function admitted(
  { supergraph: { apiSchema }, plans, planning, limits, openSchema }: Graph,
  { document, operationName, variables }: Operation,
  context: RequestContext,
): Promise<Admitted | { errors: readonly GraphQLError[] }> {
  const { viewer } = context
  const prepared = await planning.run(context, {
    subject: document,
    isDone: () => plans.isPrepared(document),
    run: () => plans.prepared(document),
  })
  const operation = getOperationAST(document, operationName)
  if (!operation) return { errors: [unresolved(operationName)] }
  if (prepared.errors.length > 0) return { errors: prepared.errors }
  if (prepared.introspects && !openSchema && !viewer.roles.includes('ADMIN')) return { errors: [closedSchema()] }

  const deep = overlyDeep(variables)
  if (deep) return { errors: [deep] }
  const values = getVariableValues(apiSchema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 5,
    hideSuggestions: true,
  })
  if (values.errors) return { errors: values.errors.map(misfit) }

  const objects = cost({ schema: apiSchema, operation, fragments: fragmentsOf(document), variables: values.coerced })
  if (objects > limits.objects) {
    const sentence = `The operation asks for up to ${objects} objects: ask for smaller pages`
    return { errors: [tooLarge('BAD_USER_INPUT', sentence, limits.objects)] }
  }
  const plan = await planning.run(context, {
    subject: operation,
    isDone: () => prepared.isPlanned(operationName),
    run: () => prepared.plan(operationName),
  })
  return { plan, operation, objects }
}

/** A variable that does not fit its type, told like any other bad input. */
function misfit(error: GraphQLError): GraphQLError {
  const [node] = error.nodes ?? []
  const name = node?.kind === Kind.VARIABLE_DEFINITION ? node.variable.name.value : 'variables'
  const [, path = name, message = error.message] = /^Variable ".*? at "([\w.[\]]+)"; (.*)$/s.exec(error.message) ?? []
  const fields = [{ path, message }]
  return new GraphQLError(error.message, {
    ...(error.nodes && { nodes: error.nodes }),
    extensions: { code: 'BAD_USER_INPUT', data: { fields } },
  })
}

const unresolved = (operationName: string | undefined) =>
  failure(
    'OPERATION_RESOLUTION_FAILURE',
    operationName === undefined
      ? 'The document has several operations: name the one to run.'
      : `The document has no operation named ${JSON.stringify(operationName)}.`,
  )

const closedSchema = () =>
  new GraphQLError('The schema is not shown here.', {
    extensions: {
      code: 'GRAPHQL_VALIDATION_FAILED',
      data: { reason: 'INTROSPECTION_DISABLED' },
      http: { status: 400 },
    },
  })

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
}
