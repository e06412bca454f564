// What may be logged of any value: as much as somebody can read, and no secrets.
import { loggableError } from './error.ts'
import { loggableText } from './redact.ts'

const maxDepth = 4
const maxEntries = 20

const secretNames = new Set([
  ...['authorization', 'password', 'passwordHash', 'token', 'accessToken', 'refreshToken', 'secret', 'apiKey'],
  ...['email', 'phone'],
])

export function loggableValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return loggableText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return loggableError(value)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (depth === maxDepth) return '[…]'
  if (!Array.isArray(value)) return loggableRecord(value as Record<string, unknown>, depth)
  const entries = value.slice(0, maxEntries).map((each) => loggableValue(each, depth + 1))
  return value.length > maxEntries ? [...entries, `… ${value.length - maxEntries} more`] : entries
}

export function loggableRecord(record: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const loggable: Record<string, unknown> = {}
  let entries = 0
  for (const name of Object.keys(record)) {
    if (entries++ === maxEntries) break
    const value = record[name]
    loggable[loggableText(name)] = secretNames.has(name) ? '[secret]' : loggableValue(value, depth + 1)
  }
  return loggable
}
