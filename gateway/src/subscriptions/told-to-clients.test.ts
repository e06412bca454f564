// docs/websocket.md beside the code: what it lists is what there is.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { closeCodes, protocolCodes } from './close-codes.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const page = readFileSync(`${root}docs/websocket.md`, 'utf8')

/** What stands in the first column of a table's rows. */
const listed = (code: RegExp) =>
  [...page.matchAll(new RegExp(`^\\| \`?(${code.source})\`? \\|`, 'gm'))].map(([, one]) => one)

it('docs/websocket.md lists every close code, and no other', () => {
  const codes = new Set<number>([...Object.values(closeCodes), ...Object.values(protocolCodes)])
  expect(listed(/\d+/).map(Number)).toEqual([...codes].sort((a, b) => a - b))
})

/** Where the codes stand that an operation over the socket may be refused with, beside those of a subgraph's domain. */
const sources = [
  'gateway/src/{admission,answer,masking,plans}.ts',
  'gateway/src/{execution,limits,operations,subscriptions}/*.ts',
  'runtime/src/errors.ts',
  'runtime/src/events/*.ts',
]

it('docs/websocket.md lists every error code, and no other', () => {
  const files = globSync(sources, { cwd: root }).filter((file) => !file.endsWith('.test.ts'))
  const codes = files.flatMap((file) =>
    [...readFileSync(root + file, 'utf8').matchAll(/(?:failure\(|tooLarge\(|code:)\s*'([A-Z_]+)'/g)].map(
      ([, code]) => code,
    ),
  )
  expect(codes.length).toBeGreaterThan(20)
  expect(listed(/[A-Z_]{3,}/)).toEqual([...new Set(codes)].sort())
})
