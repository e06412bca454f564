// A cache that is bounded by what its entries weigh, but for those it keeps for good, and that knows how well it serves.
import { LRUCache } from 'lru-cache'

export type Served = { hits: number; misses: number; evictions: number; bytes: number; entries: number }

export type BoundedCache<Value extends object> = {
  get(key: string): Value | undefined
  /** Whether there is an entry, without being counted as a lookup. */
  has(key: string): boolean
  /** Whether it is kept: what is too heavy is not. */
  set(key: string, value: Value): boolean
  delete(key: string): void
  /** Keeps it for good: nothing that comes later displaces it. */
  keep(key: string, value: Value): true
  /** What is kept for good, without being counted as a lookup. */
  kept(key: string): Value | undefined
  readonly served: Readonly<Served>
}

type Options<Value extends object> = {
  readonly bytes: number
  /** Bytes of memory, rather too many than too few. */
  readonly weigh: (value: Value, key: string) => number
  /** Hears of each entry that is no longer kept. */
  readonly onForgotten?: (value: Value) => void
}

/** What weighs more than this part of the whole is not kept at all: it would displace too much that is of more use. */
const largestPart = 1 / 4

export function boundedCache<Value extends object>({ bytes, weigh, onForgotten }: Options<Value>): BoundedCache<Value> {
  const served: Served = { hits: 0, misses: 0, evictions: 0, bytes: 0, entries: 0 }
  const lasting = new Map<string, Value>()
  let lastingBytes = 0
  const entries = new LRUCache<string, Value>({
    maxSize: bytes,
    maxEntrySize: Math.floor(bytes * largestPart),
    sizeCalculation: (value, key) => Math.ceil(weigh(value, key)),
    dispose(value, _, reason) {
      if (reason === 'evict') served.evictions++
      onForgotten?.(value)
    },
  })
  const count = () => {
    served.bytes = entries.calculatedSize + lastingBytes
    served.entries = entries.size + lasting.size
  }

  return {
    served,
    get(key) {
      const value = lasting.get(key) ?? entries.get(key)
      if (value) served.hits++
      else served.misses++
      return value
    },
    has: (key) => lasting.has(key) || entries.has(key),
    set(key, value) {
      entries.set(key, value)
      count()
      return entries.has(key)
    },
    delete(key) {
      entries.delete(key)
      count()
    },
    keep(key, value) {
      lasting.set(key, value)
      lastingBytes += Math.ceil(weigh(value, key))
      count()
      return true
    },
    kept: (key) => lasting.get(key),
  }
}
