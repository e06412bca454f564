// Composes the subgraphs' SDL into schema/supergraph.graphql; with --check, fails when the committed one differs.
import { existsSync } from 'node:fs'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'

const schema = new URL('../schema/', import.meta.url)
const supergraph = new URL('supergraph.graphql', schema)

const { supergraphSdl, errors, hints } = composeServices(await subgraphs(), { runSatisfiability: true })
const problems = [
  ...(errors ?? []).map(({ message }) => message),
  // a hint is composition's word for a part that two subgraphs say differently, and that was dropped
  ...(hints ?? []).map(({ definition, message }) => `${definition.code}: ${message}`),
]
if (problems.length > 0 || !supergraphSdl) fail(['The subgraphs do not compose.', ...problems].join('\n'))

const text = `# Written by gateway/compose.ts from the subgraphs' folders: change those.\n${supergraphSdl}\n`
if (!process.argv.includes('--check')) {
  await writeFile(supergraph, text)
} else if (!existsSync(supergraph) || (await readFile(supergraph, 'utf8')) !== text) {
  fail('schema/supergraph.graphql is not what the subgraphs compose to: run `node gateway/compose.ts` and commit it.')
}

/** A folder with a `_subgraph.graphql` is a subgraph; its SDL is what all share and every file of its own, sorted. */
async function subgraphs() {
  const common = await readFile(new URL('common.graphql', schema), 'utf8')
  const names = (await Array.fromAsync(glob('*/_subgraph.graphql', { cwd: schema }))).map(
    (file) => file.split(/[\\/]/, 1)[0],
  )
  return Promise.all(
    names.sort().map(async (name = '') => {
      const folder = new URL(`${name}/`, schema)
      const files = (await Array.fromAsync(glob('*.graphql', { cwd: folder }))).sort()
      const own = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
      return { name, url: `http://${name}.internal/graphql`, typeDefs: parse([common, ...own].join('\n')) }
    }),
  )
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
