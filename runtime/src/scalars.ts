// The graph's scalars, strict both ways; the gateway checks with the same ones before anything is fetched.
import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql'
import { normalAddress } from './email-address.ts'
import { invalidInput } from './errors.ts'
import { isCurrency } from './money.ts'

const int8 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }
const refuse = (name: string, expected: string) => invalidInput(name, `${name} must be ${expected}.`)

/** A scalar that is a string on the wire and `Value` inside. */
function textual<Value>(
  name: string,
  expected: string,
  read: (text: string) => Value | undefined,
  write: (value: Value) => string,
) {
  const parse = (value: unknown): Value => {
    const read_ = typeof value === 'string' ? read(value) : undefined
    if (read_ === undefined) throw refuse(name, expected)
    return read_
  }
  return new GraphQLScalarType<Value, string>({
    name,
    serialize: (value) => (typeof value === 'string' ? value : write(value as Value)),
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined),
  })
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

const DateTime = textual<Date>(
  'DateTime',
  'a moment such as 2026-01-31T09:30:00Z',
  (text) => {
    const at = rfc3339.test(text) && isDay(text.slice(0, 10)) ? new Date(text) : undefined
    return at && !Number.isNaN(at.getTime()) ? at : undefined
  },
  (at) => at.toISOString(),
)

/** Whether a text is a day that exists: the 30th of February is none. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

const Day = textual<string>('Date', 'a day such as 2026-01-31', (text) => (isDay(text) ? text : undefined), String)

const EmailAddress = textual<string>('EmailAddress', 'an e-mail address', normalAddress, String)

const CurrencyCode = textual<string>(
  'CurrencyCode',
  'an ISO 4217 currency code such as EUR',
  (text) => (isCurrency(text) ? text : undefined),
  String,
)

const notInt8 = () => refuse('BigInt', 'a whole number of up to 64 bits, as a string when it is larger than 2^53')

function wholeNumber(value: unknown): bigint {
  const isWhole =
    typeof value === 'string' ? /^-?\d{1,39}$/.test(value) : typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!isWhole) throw notInt8()
  return BigInt(value as string | number | bigint)
}

function int8Of(value: unknown): bigint {
  const number = wholeNumber(value)
  if (number < int8.min || number > int8.max) throw notInt8()
  return number
}

const BigInteger = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  // A sum of what can be kept may be more than can be kept.
  serialize: (value) => String(wholeNumber(value)),
  parseValue: int8Of,
  parseLiteral: (node) => int8Of(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
})

const Json = new GraphQLScalarType({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

export const scalars = { DateTime, Date: Day, EmailAddress, CurrencyCode, BigInt: BigInteger, JSON: Json }
