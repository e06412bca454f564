// Shows in /metrics how well the gateway's caches serve, and what they hold.
import { Counter, Gauge, type Registry } from 'prom-client'
import type { BoundedCache } from './bounded-cache.ts'

/** Read when somebody looks: a cache that is asked for every request counts in plain numbers. */
export function showCaches(registry: Registry, caches: Readonly<Record<string, Pick<BoundedCache<object>, 'served'>>>) {
  const each = Object.entries(caches).map(([cache, { served }]) => ({ cache, served }))
  const registers = [registry]
  new Counter({
    name: 'gateway_cache_lookups_total',
    help: 'Lookups in a cache of the gateway (document, plan), by outcome (hit, miss).',
    labelNames: ['cache', 'outcome'],
    registers,
    collect() {
      this.reset()
      for (const { cache, served } of each) {
        this.inc({ cache, outcome: 'hit' }, served.hits)
        this.inc({ cache, outcome: 'miss' }, served.misses)
      }
    },
  })
  new Counter({
    name: 'gateway_cache_evictions_total',
    help: 'Entries that a cache of the gateway gave up for newer ones.',
    labelNames: ['cache'],
    registers,
    collect() {
      this.reset()
      for (const { cache, served } of each) this.inc({ cache }, served.evictions)
    },
  })
  new Gauge({
    name: 'gateway_cache_bytes',
    help: 'What the entries of a cache of the gateway weigh, as estimated.',
    labelNames: ['cache'],
    registers,
    collect() {
      for (const { cache, served } of each) this.set({ cache }, served.bytes)
    },
  })
  new Gauge({
    name: 'gateway_cache_entries',
    help: 'How many entries a cache of the gateway holds.',
    labelNames: ['cache'],
    registers,
    collect() {
      for (const { cache, served } of each) this.set({ cache }, served.entries)
    },
  })
}
