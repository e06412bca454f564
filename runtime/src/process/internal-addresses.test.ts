// Who counts as inside.
import { expect, test } from 'vitest'
import { internalAddresses } from './internal-addresses.ts'

const isInternal = internalAddresses(['127.0.0.0/8', '10.0.0.0/8', '192.0.2.7', '::1/128', 'fc00::/7'])

test.each(['127.0.0.1', '10.255.0.1', '192.0.2.7', '::1', 'fd12::1', '::ffff:10.0.0.1'])('%s is inside', (address) => {
  expect(isInternal(address)).toBe(true)
})

test.each(['11.0.0.1', '192.0.2.8', '2001:db8::1', '::ffff:11.0.0.1', '', 'localhost', undefined])(
  '%s is not',
  (address) => {
    expect(isInternal(address)).toBe(false)
  },
)
