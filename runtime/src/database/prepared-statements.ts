// Which statements are prepared by name. PostgreSQL and postgres.js keep a named statement for as long as its
// connection lives, so only what comes often is named, and only so much of it on each connection.
import { LRUCache } from 'lru-cache'

/** Characters of SQL. A statement costs PostgreSQL and Node some 30 bytes for each of them. */
const maxTextLength = 16 * 1024
const maxTextOfConnection = 256 * 1024
const maxRecentText = 1024 * 1024

/** How often a statement has to come before it is worth a name. */
const usesBeforeName = 2

export type RecentStatements = { isFrequent(text: string): boolean }

/** The statements that came lately, shared by all connections of a pool. */
export function recentStatements(): RecentStatements {
  const uses = new LRUCache<string, number>({ maxSize: maxRecentText, sizeCalculation: (_, text) => text.length + 1 })
  return {
    isFrequent(text) {
      if (text.length > maxTextLength) return false
      const before = uses.get(text) ?? 0
      if (before < usesBeforeName) uses.set(text, before + 1)
      return before >= usesBeforeName
    },
  }
}

export type NamedStatements = ReturnType<typeof namedStatements>

/** The statements that one connection has named since it was opened. */
export function namedStatements(recent: RecentStatements) {
  const known = new Set<string>()
  let size = 0
  let isFull = false
  return {
    /** Whether this statement is to be sent by name. */
    has(text: string, parameters: readonly unknown[]): boolean {
      const key = text + typesOf(parameters)
      if (known.has(key)) return true
      if (!recent.isFrequent(text)) return false
      if (size + key.length > maxTextOfConnection) {
        isFull = true
        return false
      }
      known.add(key)
      size += key.length
      return true
    },
    /** Whether a statement that comes often found no room: it is time for a new connection. */
    isFull: () => isFull,
    /** The connection was closed, and its statements with it. */
    clear() {
      known.clear()
      size = 0
      isFull = false
    },
  }
}

/** postgres.js names a text anew for each combination of parameter types that it tells PostgreSQL. */
function typesOf(parameters: readonly unknown[]): string {
  let types = ''
  parameters.forEach((parameter, index) => {
    const type = typeof parameter
    if (type === 'boolean' || type === 'bigint' || parameter instanceof Uint8Array) types += `${index}${type}`
  })
  return types
}
