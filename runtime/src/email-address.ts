// E-mail addresses in one spelling each, so that no two that are kept look the same.
import { domainToASCII } from 'node:url'
import { invalidInput } from './errors.ts'

// One @, no spaces or control characters, a dot in the domain: what mail servers accept, not all that RFC 5321 allows.
const syntax = /^[^\s@<>",;:\\()[\]\p{Cc}]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,63}$/iu
const maxLength = 254
const outsideAscii = /[^\p{ASCII}]/u
const invisible = /\p{Default_Ignorable_Code_Point}/gu

/**
 * The spelling in which an address is kept and compared, or undefined where the text is no address: characters in their
 * plain form (NFKC), nothing invisible, an international domain as `xn--…`. The case of the local part is kept.
 */
export function normalAddress(text: string): string | undefined {
  if (text.length > maxLength) return undefined
  const plain = text.normalize('NFKC').replace(invisible, '')
  const at = plain.lastIndexOf('@')
  const domain = plain.slice(at + 1).toLowerCase()
  const address = `${plain.slice(0, at + 1)}${outsideAscii.test(domain) ? domainToASCII(domain) : domain}`
  return address.length <= maxLength && syntax.test(address) && !address.includes('..') ? address : undefined
}

/** Whether each of its characters can be told from all others: `а` of Cyrillic cannot be told from `a`. */
export const isUnambiguous = (address: string): boolean => !outsideAscii.test(address)

/** The address of an input, already in its normal spelling; none clears the field. */
export function emailAddress(address: string | null | undefined, field: string): string | null {
  if (address == null || isUnambiguous(address)) return address ?? null
  throw invalidInput(field, `${field} may have only ASCII characters before the @.`)
}
