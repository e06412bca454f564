// Money: minor units in a bigint beside an ISO 4217 currency; never a float.
import { invalidInput } from './errors.ts'

export type Money = { readonly amount: bigint; readonly currency: string }

const known = new Set(Intl.supportedValuesOf('currency'))
export const isCurrency = (code: string): boolean => known.has(code)

const formatters = new Map<string, Intl.NumberFormat>()

function formatter(currency: string): Intl.NumberFormat {
  const made = formatters.get(currency) ?? new Intl.NumberFormat('en', { style: 'currency', currency })
  formatters.set(currency, made)
  return made
}

/** The GraphQL `Money` of an amount in minor units; `formatted` is made when it is read. */
export const money = (amount: bigint, currency: string): Money & { readonly formatted: string } => ({
  amount,
  currency,
  get formatted() {
    return formatted(amount, currency)
  },
})

/** Every digit, however large the amount: it never passes through a float. */
function formatted(amount: bigint, currency: string): string {
  const format = formatter(currency)
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  const text = String(amount < 0n ? -amount : amount).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const decimal = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`
  return format.format(`${amount < 0n ? '-' : ''}${decimal}` as `${number}`)
}

/** An amount that cannot be negative; `path` names the input's field. */
export function positiveMoney(input: Money, path: string): Money {
  if (input.amount < 0n) throw invalidInput(path, 'An amount cannot be negative.')
  return input
}
