import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type World, world } from './testing/world.ts'

let app: World
beforeAll(async () => {
  app = await world({ operations: 'query Warm { me { id } }' })
})
afterAll(() => app.gateway.drain())

const metrics = async () => (await fetch(`${app.gateway.url}/metrics`)).text()

it('the caches tell how well they serve', async () => {
  for (let count = 0; count < 3; count++) await app.ask('{ customer(id: 1) { id } }')
  const text = await metrics()
  expect(text).toContain('gateway_cache_lookups_total{cache="document",outcome="hit"} 2')
  expect(text).toContain('gateway_cache_lookups_total{cache="plan",outcome="miss"} 1')
  expect(text).toContain('gateway_cache_evictions_total{cache="plan"} 0')
  expect(text).toMatch(/gateway_cache_bytes\{cache="plan"\} [1-9]\d+/)
  expect(text).toContain('gateway_cache_entries{cache="document"} 1')
})

it('every metric of ours is explained to operators, and no other', async () => {
  const shown = [...(await metrics()).matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name)
  const documented = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const explained = [...documented.matchAll(/`(\w+_\w+)`/g)].map(([, name = '']) => name)
  const ours = shown.filter((name) => !/^(nodejs|process)_/.test(name))
  expect(explained.filter((name) => name !== 'INTERNAL_CIDRS').sort()).toEqual(ours.sort())
})
