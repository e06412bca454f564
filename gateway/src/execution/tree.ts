// The answer while it grows: objects as subgraphs sent them, whose keys are not to be trusted.

export type Tree = { [key: string]: unknown }

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands under a key, and never what every object inherits: those are functions, and `__proto__`. */
export function read(tree: Tree, key: string): unknown {
  if (key === '__proto__') return Object.hasOwn(tree, key) ? tree[key] : undefined
  const value = tree[key]
  return typeof value === 'function' ? undefined : value
}

/** Never changes a prototype: a client may well name a field `__proto__`. */
export function write(tree: Tree, key: string, value: unknown): void {
  if (key !== '__proto__') tree[key] = value
  else Object.defineProperty(tree, key, { value, configurable: true, enumerable: true, writable: true })
}

/** The type an object says it is of; undefined where it does not. */
export function typenameOf({ __typename }: Tree): string | undefined {
  return typeof __typename === 'string' && __typename !== '' ? __typename : undefined
}
