import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { typeOf } from './event.ts'

const root = fileURLToPath(new URL('../../../../schema', import.meta.url))
const textOf = (pattern: string) =>
  globSync(pattern, { cwd: root })
    .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
    .join('\n')

it('names what an event is about by its type in the graph', () => {
  const types = new Set([...textOf('*/*.graphql').matchAll(/^type (\w+)/gm)].map(([, name]) => name))
  const entities = new Set([...textOf('events/*.ts').matchAll(/event\('(\w+\.\w+)\./g)].map(([, name]) => name ?? ''))
  expect(entities.size).toBeGreaterThan(10)
  const unknown = [...entities].filter((entity) => !types.has(typeOf(entity)))
  // These two are no part of the graph.
  expect(unknown.sort()).toEqual(['identity.partner', 'identity.session'])
})
