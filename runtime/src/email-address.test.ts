import { describe, expect, it } from 'vitest'
import { emailAddress, isUnambiguous, normalAddress } from './email-address.ts'

describe('the normal spelling of an e-mail address', () => {
  it.each([
    ['fullwidth letters', 'ａdmin@demo.example'],
    ['a fullwidth @', 'admin＠demo.example'],
    ['a zero-width space', 'ad\u200bmin@demo.example'],
    ['a zero-width space in the domain', 'admin@de\u200bmo.example'],
    ['a soft hyphen', 'ad\u00admin@demo.example'],
    ['a variation selector', 'admin\ufe0f@demo.example'],
    ['a Hangul filler', 'admin\u3164@demo.example'],
    ['mathematical letters', '𝐚𝒅𝔪𝕚𝚗@demo.example'],
    ['letters in circles', 'ⓐdmin@demo.example'],
    ['an ideographic full stop', 'admin@demo。example'],
    ['another case of the domain', 'admin@DEMO.example'],
  ])('is the same with %s', (_, address) => {
    expect(normalAddress(address)).toBe('admin@demo.example')
  })

  it('writes an international domain as it is registered', () => {
    expect(normalAddress('anna@bücher.example')).toBe('anna@xn--bcher-kva.example')
    expect(normalAddress('anna@BÜCHER.example')).toBe('anna@xn--bcher-kva.example')
    expect(normalAddress('anna@xn--bcher-kva.example')).toBe('anna@xn--bcher-kva.example')
    expect(normalAddress('anna@dеmo.example')).toMatch(/^anna@xn--/)
  })

  it('keeps the case of the local part, and what is plain already', () => {
    expect(normalAddress("O'Brien+crm@mail.example.co.uk")).toBe("O'Brien+crm@mail.example.co.uk")
  })

  it.each([
    'anna@',
    '@demo.example',
    'anna',
    'anna@b',
    'anna@exa mple.com',
    'anna@xn--',
    'a\u200b@',
    `${'ﷺ'.repeat(40)}@b.example`,
  ])('is none for %j', (text) => {
    expect(normalAddress(text)).toBeUndefined()
  })
})

describe('an address of an input', () => {
  it.each(['аdmin@demo.example', 'admın@demo.example', 'αdmin@demo.example', 'müller@demo.example'])(
    'is refused when a letter could be taken for another: %j',
    (address) => {
      expect(isUnambiguous(address)).toBe(false)
      expect(() => emailAddress(address, 'email')).toThrow('email may have only ASCII characters before the @.')
    },
  )

  it('may be missing', () => {
    expect([emailAddress(null, 'email'), emailAddress('a@b.example', 'email')]).toEqual([null, 'a@b.example'])
  })
})
