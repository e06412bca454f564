// The past of the outbox, read page by page for all subscribers that replay it: one page at a time, and each page once.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Database } from '../database/pool.ts'
import { type PublishedEvent, readAfter } from './follower-reads.ts'

const pageSize = 200n
const maxPagesKept = 8

type Page = readonly PublishedEvent[]

const after = (page: Page, position: bigint) => page.filter((event) => event.position > position)

export type Pages = ReturnType<typeof outboxPages>

export function outboxPages(database: Database) {
  const kept = new LRUCache<bigint, Page>({ max: maxPagesKept })
  const reading = new Map<bigint, Promise<Page>>()
  let lastRead: Promise<unknown> = Promise.resolve()

  async function read(start: bigint): Promise<Page> {
    const rows = await readAfter(database, start, Number(pageSize))
    const page = rows.filter(({ position }) => position <= start + pageSize)
    // a page that more events may still come to is read again
    if (page.at(-1)?.position === start + pageSize) kept.set(start, page)
    return page
  }

  /** In the order in which they were asked for. */
  function readInTurn(start: bigint): Promise<Page> {
    const page = lastRead.then(() => read(start))
    lastRead = page.catch(() => undefined)
    reading.set(start, page)
    const done = () => void reading.delete(start)
    page.then(done, done)
    return page
  }

  return {
    /** Published events after a position, oldest first; empty where the next one does not exist, or no longer. */
    async after(position: bigint): Promise<PublishedEvent[]> {
      const start = position - (position % pageSize)
      // whoever reads pages that are kept gives way to others as if they were read
      await nextTurn()
      const shared = after(kept.get(start) ?? (await reading.get(start)) ?? [], position)
      // a read that had begun before may not have seen the newest events
      return shared.length > 0 ? shared : after(await readInTurn(start), position)
    },
  }
}
