// Takes personal data and secrets out of texts that are logged. Each expression is bounded, and so is what it reads.
import { maxTextLength, shortened } from '../text.ts'

const emailAddress = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu
const phoneNumber = /\+\d[\d ()./-]{5,18}\d|(?<![\w-])\(?0\d{2,5}\)?[ /-]\d{4,12}/g
const passwordHash = /\$argon2[a-z]{0,2}\$[\w$,=+/.-]{0,300}/g
const jsonWebToken = /eyJ[\w-]{5,2000}\.[\w-]{0,4000}(?:\.[\w-]{0,1000})?/g
/** 32 random bytes in base64url, as refresh tokens, partners' keys and their digests are. */
const opaqueToken = /(?<![\w-])[\w-]{43,60}(?![\w-])/g
const credentialsInUrl = /:\/\/[^\s/@]{1,300}@/g
/** What drizzle-orm appends to the text of a statement: its values. */
const parameters = /params: [\s\S]*$/

const looksRandom = (word: string) => /[A-Z]/.test(word) && /[a-z]/.test(word) && /\d/.test(word)

/** Most texts that are logged hold none of what is looked for, and are read once: names and ids, which have no blanks. */
const maxPlainLength = 42
const plain = /^[\w.-]*$/
const suspicious = /[@$+]|eyJ|[\w-]{43}|params:|(?<![\w-])\(?0\d{2,5}\)?[ /-]/

const isHarmless = (text: string) =>
  text.length <= maxPlainLength && plain.test(text) ? !text.includes('eyJ') : !suspicious.test(text)

function redacted(text: string): string {
  if (isHarmless(text)) return text
  return text
    .replace(parameters, 'params: [redacted]')
    .replace(passwordHash, '[hash]')
    .replace(jsonWebToken, '[token]')
    .replace(opaqueToken, (word) => (looksRandom(word) ? '[token]' : word))
    .replace(credentialsInUrl, '://[credentials]@')
    .replace(emailAddress, '[email]')
    .replace(phoneNumber, '[phone]')
}

/** The text without personal data, shortened; of a long one only the beginning is read. */
export const loggableText = (text: string, length = maxTextLength): string =>
  shortened(text.length > 4 * length ? `${redacted(text.slice(0, 4 * length))}…` : redacted(text), length)
