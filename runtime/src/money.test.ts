import { describe, expect, it } from 'vitest'
import { money, positiveMoney } from './money.ts'

describe('money', () => {
  it.each([
    [1250n, 'EUR', '€12.50'],
    [5n, 'EUR', '€0.05'],
    [-1250n, 'EUR', '-€12.50'],
    [1250n, 'JPY', '¥1,250'],
    [1250n, 'KWD', 'KWD\u00a01.250'],
    [9_223_372_036_854_775_807n, 'USD', '$92,233,720,368,547,758.07'],
  ])('is written for a person with every digit: %d %s', (amount, currency, text) => {
    expect(money(amount, currency).formatted).toBe(text)
  })

  it('is refused where it must not be negative', () => {
    expect(positiveMoney({ amount: 0n, currency: 'EUR' }, 'amount').amount).toBe(0n)
    expect(() => positiveMoney({ amount: -1n, currency: 'EUR' }, 'amount')).toThrow('negative')
  })
})
