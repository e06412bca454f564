// Secrets: what makes one good enough, and those that are made once and kept under the data folder.
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { makeDataDir, unusableDataDir } from './data-dir.ts'

const minSecretBytes = 32
const minDistinctCharacters = 8
const howToMakeOne = 'make one with `openssl rand -base64 48`'

const placeholder = /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this)|placeholder|your[-_ ]?secret/i
const repeatedText = /^(.{1,16}?)\1+$/s

/** The names of secrets that processes share; a process is given those that its role needs. */
export const sharedSecretNames = ['AUTH_SECRET', 'INTERNAL_SECRET'] as const
export type SharedSecretName = (typeof sharedSecretNames)[number]

export const secret = z.string().superRefine((text, ctx) => {
  const message = problemOf(text)
  if (message) ctx.addIssue({ code: 'custom', message })
})

/** What is wrong with a secret wherever it is used; undefined for one that is long enough and no placeholder. */
export function problemOf(text: string): string | undefined {
  if (Buffer.byteLength(text.trim()) < minSecretBytes) {
    return `must be ${minSecretBytes} bytes or more, not counting blanks around it: ${howToMakeOne}`
  }
  if (placeholder.test(text)) return `is a placeholder: ${howToMakeOne}`
  return undefined
}

/** Whether a secret is of a pattern that is tried first; refused in production, where it would be worth trying. */
const isGuessable = (text: string) => new Set(text).size < minDistinctCharacters || repeatedText.test(text)

/** What is wrong with these secrets taken together: in production a guessable one, anywhere one that is used twice. */
export function problemsOf(secrets: Readonly<Record<string, string | undefined>>, production: boolean): string[] {
  const given = Object.entries(secrets).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.flatMap(([name, text], index) => {
    if (production && isGuessable(text)) return [`${name}: is easily guessed: ${howToMakeOne}`]
    const same = given.slice(0, index).find(([, other]) => other === text)
    return same ? [`${name}: must not be the same as ${same[0]}: ${howToMakeOne}`] : []
  })
}

export const missingInProduction = (name: string) => `${name}: must be set in production: ${howToMakeOne}`

export const madeSecret = () => randomBytes(minSecretBytes).toString('base64url')

/** A secret made once and kept under the data folder, so that a first start needs no settings. */
export function keptSecret(dataDir: string, name: SharedSecretName): string {
  makeDataDir(dataDir)
  const file = resolve(dataDir, name.toLowerCase().replace('_', '-'))
  try {
    writeFileSync(file, madeSecret(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusableDataDir(dataDir, error)
  }
  const text = read(file, name)
  const problem = problemOf(text)
  if (!problem) return text
  throw new ConfigError(`${name}: what is kept in ${file} ${problem}; or remove the file, and one is made at the start`)
}

function read(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    throw new ConfigError(
      `${name}: ${file} cannot be read (${reason}): let this account read it, remove it, or set ${name}`,
    )
  }
}
