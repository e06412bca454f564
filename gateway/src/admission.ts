// Decides whether an operation may be run: sound, not too large, its variables fit, and the schema is not pried into.
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
import type { Prepared } from './plans.ts'
import type { RequestContext } from './request.ts'

export type Admitted = {
  readonly prepared: Prepared
  readonly operation: OperationDefinitionNode
  /** How many objects it asks for, if every list is full. */
  readonly objects: number
}

export function admitted(
  { supergraph: { apiSchema }, plans, limits, openSchema }: Graph,
  { document, operationName, variables }: Operation,
  { viewer }: RequestContext,
): Admitted | { errors: readonly GraphQLError[] } {
  const prepared = plans.prepared(document)
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
  return { prepared, operation, objects }
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
