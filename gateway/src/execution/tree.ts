// The answer while it grows: objects as subgraphs sent them, whose keys are not to be trusted.

export type Tree = { [key: string]: unknown }

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands under a key, and never what every object inherits: those are functions, and `__proto__`. */
export function read(tree: Tree, key: string): unknown {
  const value = tree[key]
  return typeof value === 'function' || key === '__proto__' ? own(tree, key) : value
}

/** Never changes a prototype: a client may well name a field `__proto__`. */
export function write(tree: Tree, key: string, value: unknown): void {
  if (key === '__proto__') define(tree, key, value)
  else tree[key] = value
}

// apart, so that what is rare does not make what is frequent too large to be inlined

const own = (tree: Tree, key: string): unknown => (Object.hasOwn(tree, key) ? tree[key] : undefined)

function define(tree: Tree, key: string, value: unknown): void {
  Object.defineProperty(tree, key, { value, configurable: true, enumerable: true, writable: true })
}

/** The type an object says it is of; undefined where it does not. */
export function typenameOf({ __typename }: Tree): string | undefined {
  return typeof __typename === 'string' && __typename !== '' ? __typename : undefined
}
