// The request target of an HTTP request line, in the one form that the rest of the code reads: a path with its query.

/**
 * The target in origin form (`/path?query`), whatever form the client chose; undefined for one that is no address of this
 * server. Paths are not resolved and `//host/path` is a path: nothing but its first character is trusted.
 */
export function originForm(target: string | undefined): string | undefined {
  if (target?.startsWith('/')) return target
  const url = target !== undefined && URL.canParse(target) ? new URL(target) : undefined
  return url && /^https?:$/.test(url.protocol) ? url.pathname + url.search : undefined
}

/** The path of a target in origin form. */
export function pathOf(target: string): string {
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}
