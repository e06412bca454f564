// Which of a client's headers travel on to subgraphs: those that the operator names, and no others.
import type { IncomingHttpHeaders } from 'node:http'

export function chosen(names: readonly string[]): (headers: IncomingHttpHeaders) => Readonly<Record<string, string>> {
  return (headers) => {
    const kept: Record<string, string> = {}
    for (const name of names) {
      const value = headers[name]
      if (value !== undefined) kept[name] = Array.isArray(value) ? value.join(', ') : value
    }
    return kept
  }
}
