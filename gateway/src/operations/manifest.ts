// The operations of known clients, read from schema/operations: the console's and the partners', each by its ids.
import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kind, parse } from 'graphql'

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

export function operationsOf(text: string, audience: RegisteredOperation['audience']): RegisteredOperation[] {
  const { definitions } = parse(text)
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  const textOf = ({ loc }: (typeof definitions)[number]) => text.slice(loc?.start, loc?.end)
  return operations.map((operation) => {
    if (!operation.name) throw new Error(`An operation of ${audience} has no name: ${textOf(operation)}`)
    const source = [operation, ...fragments].map(textOf).join('\n')
    const isAlone = operations.length === 1
    const counted = isAlone ? [source, text, text.trim()] : [source]
    return { name: operation.name.value, audience, source, ids: [...new Set(counted.map(sha256))] }
  })
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
