// An error as it is logged: what happened and where, without the values of a statement.
import { loggableText } from './redact.ts'

type Fields = Readonly<Record<string, unknown>>

const maxDepth = 4
const maxErrors = 5
const maxStackLength = 2000

/** Of a system error, of postgres.js and of pg: names and numbers, never values. */
const plainFields = {
  code: ['code'],
  syscall: ['syscall'],
  address: ['address'],
  port: ['port'],
  status: ['status'],
} as const
const databaseFields = {
  severity: ['severity'],
  table: ['table_name', 'table'],
  column: ['column_name', 'column'],
  constraint: ['constraint_name', 'constraint'],
  routine: ['routine'],
} as const

/** `type`, `message`, `code`, `stack` and causes; of a failed statement its text, SQLSTATE, table and constraint. */
export function loggableError(error: Error, depth = 0): Fields {
  const known = error as Error & Record<string, unknown>
  const cause = causeOf(error)
  const inner = depth < maxDepth ? { cause: cause && loggableError(cause, depth + 1), ...errorsIn(known, depth) } : {}
  return {
    type: loggableText(error.name),
    message: messageOf(error),
    ...picked(known, plainFields),
    ...(isDatabaseError(known) && picked(known, databaseFields)),
    ...(typeof known.query === 'string' && 'params' in known && { statement: loggableText(known.query) }),
    ...(isRecord(known.extensions) && picked(known.extensions, { code: ['code'] })),
    ...(Array.isArray(known.path) && { path: loggableText(known.path.join('.')) }),
    stack: framesOf(error),
    ...inner,
  }
}

/** The message without values: those of a statement are not in it, and neither is what PostgreSQL quotes of them. */
export function messageOf(error: Error): string {
  const known = error as Error & Record<string, unknown>
  if (typeof known.query === 'string' && 'params' in known) return 'Failed query'
  const { message } = error
  if (isDatabaseError(known)) return databaseMessage(String(known.code), message)
  const cause = causeOf(error)
  const repeats = cause && cause.message !== '' && message.includes(cause.message)
  return loggableText(repeats ? message.replaceAll(cause.message, () => messageOf(cause)) : message)
}

/** What is left of it, by the class of its SQLSTATE. */
function databaseMessage(code: string, message: string): string {
  // connections, constraints, transactions, resources, schema: objects are named in these, not values
  if (/^(08|23|25|28|40|42|53|55|57|58)/.test(code)) return loggableText(message)
  // data: a value stands between the first quotation mark and the last, since it may hold some itself
  if (code.startsWith('22'))
    return loggableText(message.replace(/".*"/s, '"[value]"').replace(/: [^"].*/s, ': [value]'))
  // of functions and triggers: anything
  return 'Raised in the database'
}

const isDatabaseError = ({ code, severity }: Fields) =>
  typeof severity === 'string' && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null

function causeOf(error: Error): Error | undefined {
  const { cause = (error as { originalError?: unknown }).originalError } = error
  return cause instanceof Error && cause !== error ? cause : undefined
}

const errorsIn = ({ errors }: Fields, depth: number) =>
  Array.isArray(errors) && {
    errors: errors
      .slice(0, maxErrors)
      .flatMap((each) => (each instanceof Error ? [loggableError(each, depth + 1)] : [])),
  }

/** The first of each of these names that the source has, if it is a text or a number. */
function picked(source: Fields, names: Readonly<Record<string, readonly string[]>>): Fields {
  const fields: Record<string, string | number> = {}
  for (const [as, known] of Object.entries(names)) {
    const value = known.map((name) => source[name]).find((one) => one !== undefined)
    if (typeof value === 'string') fields[as] = loggableText(value)
    else if (typeof value === 'number') fields[as] = value
  }
  return fields
}

/** Where it was thrown, without the message, which a stack begins with. */
function framesOf({ stack = '', message }: Error): string {
  const start = message === '' ? 0 : stack.indexOf(message) + message.length
  const frames = stack.slice(Math.max(start, 0)).split('\n')
  return loggableText(frames.filter((line) => /^\s+at /.test(line)).join('\n'), maxStackLength)
}
