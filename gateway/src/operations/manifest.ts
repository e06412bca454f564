// The operations of known clients, read from schema/operations: the console's and the partners', each by its ids.
import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, separateOperations } from 'graphql'

export type RegisteredOperation = {
  readonly name: string
  readonly audience: 'console' | 'partners'
  readonly source: string
  /** SHA-256 of the source, in hexadecimal; several where the text may be counted in several ways. */
  readonly ids: readonly string[]
}

export type OperationManifest = readonly RegisteredOperation[]

/** Reads every operation under `folder`; a file may hold several, and fragments that they share. */
export async function loadOperations(folder: string): Promise<OperationManifest> {
  const operations: RegisteredOperation[] = []
  for (const audience of ['console', 'partners'] as const) {
    for await (const file of glob('*.graphql', { cwd: join(folder, audience) })) {
      const text = await readFile(join(folder, audience, file), 'utf8')
      operations.push(...operationsOf(text, audience))
    }
  }
  return operations
}

/** Each operation's source is its own text and that of the fragments it needs. */
export function operationsOf(text: string, audience: RegisteredOperation['audience']): RegisteredOperation[] {
  const operations = Object.entries(separateOperations(parse(text)))
  return operations.map(([name, { definitions }]) => {
    if (name === '') throw new Error(`An operation of ${audience} has no name: ${text}`)
    const source = definitions.map(({ loc }) => text.slice(loc?.start, loc?.end)).join('\n')
    const counted = operations.length === 1 ? [source, text, text.trim()] : [source]
    return { name, audience, source, ids: [...new Set(counted.map(sha256))] }
  })
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
