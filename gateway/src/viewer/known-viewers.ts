// The viewers that tokens stand for, kept until they must be asked for again.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '@switchyard/runtime/clock'
import { codeOf } from '@switchyard/runtime/errors'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import { LRUCache } from 'lru-cache'

type Known = { viewer: Viewer; freshUntil: number }

const tenMinutes = 600_000
const refusalsLast = 2000

export type KnownViewers = ReturnType<typeof createKnownViewers>

/** `ask` answers whose a token is, or throws: SERVICE_UNAVAILABLE when it cannot tell, anything else to refuse. */
export function createKnownViewers(ask: (token: string) => Promise<Viewer>, clock: Clock) {
  const known = new LRUCache<string, Known>({ max: 10_000 })
  const refused = new LRUCache<string, { error: unknown; until: number }>({ max: 10_000 })
  const pending = new Map<string, Promise<Viewer>>()
  // counts changes, so that an answer given while one happened is not trusted for longer than its own request
  let changes = 0
  const now = () => clock.now().getTime()

  async function askAnew(key: string, token: string): Promise<Viewer> {
    const changesBefore = changes
    try {
      const answered = await ask(token)
      const before = known.get(key)?.viewer
      // one object a viewer, for as long as nothing about it changes: signatures are cached by it
      const viewer = before && isDeepStrictEqual(before, answered) ? before : answered
      const until = Math.min(now() + tenMinutes, viewer.expiresAt ?? Number.POSITIVE_INFINITY)
      if (changes === changesBefore) known.set(key, { viewer, freshUntil: until })
      return viewer
    } catch (error) {
      if (codeOf(error) === 'SERVICE_UNAVAILABLE') return standing(key, error)
      known.delete(key)
      if (changes === changesBefore) refused.set(key, { error, until: now() + refusalsLast })
      throw error
    }
  }

  /** While nobody can tell, who was known stays known until the token ends. */
  function standing(key: string, error: unknown): Viewer {
    const viewer = known.get(key)?.viewer
    if (viewer && (viewer.expiresAt ?? Number.POSITIVE_INFINITY) > now()) return viewer
    throw error
  }

  /** Has all who ask for one token at the same time wait for one answer. */
  function shared(key: string, asked: Promise<Viewer>): Promise<Viewer> {
    pending.set(key, asked)
    const settled = () => void (pending.get(key) === asked && pending.delete(key))
    asked.then(settled, settled)
    return asked
  }

  return {
    /** `beforeAsking` is awaited for a token of which nothing is known; what it throws is thrown. */
    async of(token: string, beforeAsking?: () => Promise<void>): Promise<Viewer> {
      const key = createHash('sha256').update(token).digest('base64')
      const entry = known.get(key)
      if (entry && entry.freshUntil > now()) return entry.viewer
      if (!entry) await beforeAsking?.()
      const refusal = refused.get(key)
      if (refusal && refusal.until > now()) throw refusal.error
      return pending.get(key) ?? shared(key, askAnew(key, token))
    },

    /** Forgets the viewers that a change is about, and that some were refused: a user may have been let in again. */
    forget(isAbout: (viewer: Viewer) => boolean) {
      changes++
      refused.clear()
      pending.clear()
      for (const [key, { viewer }] of known.entries()) if (isAbout(viewer)) known.delete(key)
    },

    /** Has every viewer asked for again at the next use; until somebody can tell, they stay known. */
    doubt() {
      changes++
      refused.clear()
      pending.clear()
      for (const entry of known.values()) entry.freshUntil = 0
    },
  }
}
