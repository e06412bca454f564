// The rules of who may import whom bite: every one of them catches an import that was planted for it.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..')
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')

type Report = { summary: { totalCruised: number; violations: { rule: { name: string }; from: string }[] } }

async function cruise(cwd: string, folders: string[]): Promise<Report['summary']> {
  const options = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json']
  const { stdout } = await run(process.execPath, [cruiser, ...options, ...folders], {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
  })
  return (JSON.parse(stdout) as Report).summary
}

const planted: Record<string, [file: string, imports: string]> = {
  'no-circles': ['runtime/src/left.ts', './right.ts'],
  'not-resolvable': ['runtime/src/lost.ts', './nowhere.ts'],
  'runtime-knows-nobody': ['runtime/src/nosy.ts', '../../gateway/src/gateway.ts'],
  'gateway-knows-no-subgraph': ['gateway/src/nosy.ts', '../../subgraphs/crm/src/deal/deal.ts'],
  'subgraphs-meet-in-events-only': ['subgraphs/crm/src/deal/move-deal.ts', '../../../identity/src/user/user.ts'],
  'tests-enter-by-the-public-door': ['subgraphs/crm/src/deal/deal.test.ts', '../../../identity/src/user/user.ts'],
  'contract-knows-no-code': ['schema/events/crm.ts', '../../subgraphs/crm/src/deal/deal.ts'],
  'drizzle-in-tables-stores-and-policies-only': ['subgraphs/crm/src/deal/deal.jobs.ts', 'drizzle-orm'],
  'stores-are-not-for-the-door': ['subgraphs/crm/src/deal/deal.resolvers.ts', './deal.store.ts'],
  'domain-is-pure': ['subgraphs/identity/src/user/user.ts', './user.table.ts'],
  'lower-layers-do-not-look-up': ['subgraphs/identity/src/user/user.table.ts', './user.resolvers.ts'],
  'production-code-imports-no-tests': ['runtime/src/hasty.ts', './left.test.ts'],
}

const innocent = [
  'gateway/src/gateway.ts',
  'runtime/src/left.test.ts',
  'subgraphs/crm/src/deal/deal.ts',
  'subgraphs/crm/src/deal/deal.store.ts',
  'subgraphs/identity/src/user/user.resolvers.ts',
]

test('each rule catches the import that it forbids', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-boundaries-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  write('node_modules/drizzle-orm/package.json', '{ "name": "drizzle-orm", "main": "index.js" }')
  write('node_modules/drizzle-orm/index.js', '')
  write('package.json', '{ "dependencies": { "drizzle-orm": "*" } }')
  for (const file of innocent) write(file, 'export const innocent = 1\n')
  write('runtime/src/right.ts', `export { planted } from './left.ts'\n`)
  for (const [file, imports] of Object.values(planted)) write(file, `export * as planted from '${imports}'\n`)

  const { violations } = await cruise(folder, ['gateway', 'runtime', 'schema', 'subgraphs'])
  const caught = new Set(violations.map(({ rule, from }) => `${rule.name}: ${from}`))
  expect([...caught]).toEqual(
    expect.arrayContaining(Object.entries(planted).map(([rule, [file]]) => `${rule}: ${file}`)),
  )
  expect(violations.filter(({ from }) => innocent.includes(from))).toEqual([])
})

test('the tree itself is seen, and keeps every rule', async () => {
  const { totalCruised, violations } = await cruise(root, [
    'main.ts',
    'roles.ts',
    'gateway',
    'runtime',
    'schema',
    'subgraphs',
    'test',
    'bench',
    'demo',
  ])
  expect(totalCruised).toBeGreaterThan(100)
  expect(violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([])
})
