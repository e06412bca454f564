// Shapes the response out of what was fetched, in one walk: only what was asked for, in its order, nulls where they belong.
import { responseTooLarge } from '@switchyard/runtime/errors'
import { type FieldNode, GraphQLError, type GraphQLSchema, isObjectType } from 'graphql'
import type { Shape, Value } from './shape.ts'
import { isTree, read, type Tree, write } from './tree.ts'

type Introspected = (name: string, nodes: readonly FieldNode[]) => unknown

type Walk = {
  readonly schema: GraphQLSchema
  readonly introspected: Introspected
  /** Where the walk is; valid up to its depth. */
  readonly path: (string | number)[]
  depth: number
  readonly unfit: GraphQLError[]
  readonly misshapen: GraphQLError[]
  /** Of the JSON so far: at least so many. */
  bytes: number
  readonly maxBytes: number
}

export type Response = {
  readonly data: Tree | null
  /** Values that are missing or not of their type. */
  readonly unfit: readonly GraphQLError[]
  /** Values of which nothing can be made: an object where a list has to be. */
  readonly misshapen: readonly GraphQLError[]
}

/** Of each field: two quotes, a colon and a comma. */
const punctuationBytes = 4

/** Beyond these nobody learns anything from one more. */
const mostErrors = 100

export type ResponseOptions = {
  readonly schema: GraphQLSchema
  readonly introspected: Introspected
  /** Of the response as JSON; beyond them it is not built any further. */
  readonly maxBytes: number
}

/** Throws QUERY_TOO_EXPENSIVE for a response that becomes too large. */
export function responseOf(data: Tree, shape: Shape, { schema, introspected, maxBytes }: ResponseOptions): Response {
  const walk: Walk = { schema, introspected, maxBytes, path: [], depth: 0, unfit: [], misshapen: [], bytes: 0 }
  return { data: objectOf(data, shape, walk) ?? null, unfit: walk.unfit, misshapen: walk.misshapen }
}

/** The object as it leaves; undefined where something in it is null that may not be. */
function objectOf(tree: Tree, { fields, typename }: Shape, walk: Walk): Tree | undefined {
  const response: Tree = {}
  const depth = walk.depth++
  for (const field of fields) {
    walk.path[depth] = field.name
    walk.bytes += field.name.length + punctuationBytes
    const value =
      field.kind === 'value'
        ? fitting(read(tree, field.key), field.value, walk)
        : field.kind === 'typename'
          ? typeNamed(tree, field.key, typename, walk)
          : walk.introspected(field.name, field.nodes)
    if (value === undefined) {
      walk.depth = depth
      return undefined
    }
    write(response, field.name, value)
  }
  walk.depth = depth
  return response
}

/** Undefined where it would be null and may not be. */
function fitting(found: unknown, value: Value, walk: Walk): unknown {
  if (found === undefined || found === null) {
    if (!value.isNonNull) return null
    tell(walk.unfit, 'INVALID_GRAPHQL', `There is no value for ${value.label}, which is never null.`, walk)
    return undefined
  }
  if (value.kind === 'leaf') {
    if (value.accepts(found)) {
      count(found, walk)
      return found
    }
    tell(walk.unfit, 'INVALID_GRAPHQL', `There is an invalid value for ${value.label}.`, walk)
    return value.isNonNull ? undefined : null
  }
  const fit = value.kind === 'object' ? memberOf(found, value, walk) : listOf(found, value, walk)
  return fit === undefined && !value.isNonNull ? null : fit
}

function listOf(found: unknown, { element, label }: Value & { kind: 'list' }, walk: Walk): unknown[] | undefined {
  if (!Array.isArray(found)) return misshapen(label, walk)
  const list = new Array<unknown>(found.length)
  const depth = walk.depth++
  for (let i = 0; i < found.length; i++) {
    walk.path[depth] = i
    walk.bytes++
    const value = fitting(found[i], element, walk)
    if (value === undefined) {
      walk.depth = depth
      return undefined
    }
    list[i] = value
  }
  walk.depth = depth
  return list
}

function memberOf(found: unknown, { selection, label }: Value & { kind: 'object' }, walk: Walk): Tree | undefined {
  if (!isTree(found)) return misshapen(label, walk)
  const { __typename: said } = found
  if (said !== undefined && typeof said !== 'string') return misshapen(label, walk)
  const shape = selection(said === '' ? undefined : said)
  if (shape) return objectOf(found, shape, walk)
  tell(walk.unfit, 'INVALID_GRAPHQL', `There is an unknown type for ${label}.`, walk)
  return undefined
}

/** Undefined where no type is told, or one that no object can be of. */
function typeNamed(tree: Tree, key: string, certain: string | undefined, { schema }: Walk): string | undefined {
  if (certain !== undefined) return certain
  const said = read(tree, key)
  return typeof said === 'string' && isObjectType(schema.getType(said)) ? said : undefined
}

/** A text has at least as many bytes as characters. */
function count(leaf: unknown, walk: Walk): void {
  if (typeof leaf === 'string') walk.bytes += leaf.length + 2
  else walk.bytes += typeof leaf === 'object' ? JSON.stringify(leaf).length : 1
  if (walk.bytes > walk.maxBytes) throw responseTooLarge(walk.maxBytes)
}

function misshapen(label: string, walk: Walk): undefined {
  tell(walk.misshapen, 'DOWNSTREAM_SERVICE_ERROR', `A subgraph answered ${label} in a wrong shape.`, walk)
}

function tell(errors: GraphQLError[], code: string, message: string, { path, depth }: Walk): void {
  if (errors.length >= mostErrors) return
  errors.push(new GraphQLError(message, { path: path.slice(0, depth), extensions: { code } }))
}
