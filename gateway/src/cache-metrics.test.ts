import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type World, world } from './testing/world.ts'

let app: World
beforeAll(async () => {
  app = await world({ operations: 'query Warm { me { id } }' })
})
afterAll(() => app.gateway.drain())

const metrics = async () => (await fetch(`${app.gateway.url}/metrics`)).text()

it('the caches tell how well they serve, also those who were known before they asked', async () => {
  await vi.waitFor(async () => expect(await metrics()).toContain('gateway_cache_entries{cache="plan"} 1'))
  for (let count = 0; count < 3; count++) await app.ask('{ customer(id: 1) { id } }')
  for (let count = 0; count < 3; count++) await app.ask('query Warm { me { id } }')
  const text = await metrics()
  expect(text).toContain('gateway_cache_lookups_total{cache="document",outcome="hit"} 5')
  // each was planned once, the known one at start
  expect(text).toContain('gateway_cache_lookups_total{cache="plan",outcome="miss"} 2')
  expect(text).toContain('gateway_cache_lookups_total{cache="plan",outcome="hit"} 5')
  expect(text).toContain('gateway_cache_evictions_total{cache="plan"} 0')
  expect(text).toMatch(/gateway_cache_bytes\{cache="plan"\} [1-9]\d+/)
  expect(text).toContain('gateway_cache_entries{cache="document"} 2')
})

it('every metric of ours is explained to operators, and no other', async () => {
  const shown = [...(await metrics()).matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name)
  const documented = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const explained = [...documented.matchAll(/`(\w+_\w+)`/g)].map(([, name = '']) => name)
  const ours = shown.filter((name) => !/^(nodejs|process)_/.test(name))
  expect(explained.filter((name) => name !== 'INTERNAL_CIDRS').sort()).toEqual(ours.sort())
})
