import { describe, expect, it } from 'vitest'
import { scalars } from './scalars.ts'

const accepted: readonly [keyof typeof scalars, unknown, unknown][] = [
  ['BigInt', '9223372036854775807', 9_223_372_036_854_775_807n],
  ['BigInt', -5, -5n],
  ['DateTime', '2026-01-31T09:30:00+01:00', new Date('2026-01-31T08:30:00Z')],
  ['DateTime', '2026-01-31t09:30:00.5z', new Date('2026-01-31T09:30:00.500Z')],
  ['Date', '2028-02-29', '2028-02-29'],
  ['EmailAddress', "o'brien+crm@mail.example.co.uk", "o'brien+crm@mail.example.co.uk"],
  ['EmailAddress', 'ａnna@bücher.example', 'anna@xn--bcher-kva.example'],
  ['CurrencyCode', 'EUR', 'EUR'],
]

const refused: readonly [keyof typeof scalars, unknown][] = [
  ['BigInt', '9223372036854775808'],
  ['BigInt', 2 ** 53],
  ['BigInt', 1.5],
  ['BigInt', '1e3'],
  ['BigInt', '0x10'],
  ['BigInt', ''],
  ['BigInt', true],
  ['DateTime', '2026-01-31'],
  ['DateTime', '2026-02-30T00:00:00Z'],
  ['DateTime', '2026-01-31T25:00:00Z'],
  ['DateTime', '2026-01-31T09:30:00'],
  ['DateTime', 1_769_000_000_000],
  ['Date', '2026-02-29'],
  ['Date', '2026-1-1'],
  ['EmailAddress', 'a@b'],
  ['EmailAddress', 'a@@example.com'],
  ['EmailAddress', 'a b@example.com'],
  ['EmailAddress', 'a\r\nBcc: x@example.com'],
  ['EmailAddress', `${'a'.repeat(250)}@example.com`],
  ['CurrencyCode', 'EURO'],
  ['CurrencyCode', 'eur'],
]

describe('a scalar', () => {
  it.each(accepted)('%s reads %j', (name, given, value) => {
    expect(scalars[name].parseValue(given)).toEqual(value)
  })

  it.each(refused)('%s refuses %j with BAD_USER_INPUT', (name, given) => {
    expect(() => scalars[name].parseValue(given)).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
    )
  })

  it('writes times in UTC and whole numbers as strings', () => {
    expect(scalars.DateTime.serialize(new Date('2026-01-31T09:30:00+01:00'))).toBe('2026-01-31T08:30:00.000Z')
    expect(scalars.BigInt.serialize(9_007_199_254_740_993n)).toBe('9007199254740993')
    expect(scalars.BigInt.serialize(2n * (2n ** 63n - 1n))).toBe('18446744073709551614')
  })
})
