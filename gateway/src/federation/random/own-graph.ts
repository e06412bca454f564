// The SDL of our own subgraphs, as schema/ has it.
import { glob, readFile } from 'node:fs/promises'
import { type DocumentNode, parse } from 'graphql'

export async function ownTypeDefs(): Promise<Record<string, DocumentNode>> {
  const schema = new URL('../../../../schema/', import.meta.url)
  const common = await readFile(new URL('common.graphql', schema), 'utf8')
  const folders = await Array.fromAsync(glob('*/_subgraph.graphql', { cwd: schema }))
  const names = folders.map((file) => file.split(/[\\/]/, 1)[0] ?? '').sort()
  const typeDefs = names.map(async (name) => {
    const files = (await Array.fromAsync(glob(`${name}/*.graphql`, { cwd: schema }))).sort()
    const own = await Promise.all(files.map((file) => readFile(new URL(file, schema), 'utf8')))
    return [name, parse([common, ...own].join('\n'))] as const
  })
  return Object.fromEntries(await Promise.all(typeDefs))
}
