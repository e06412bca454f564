// Turns credentials into viewers, and tells who listens when a viewer's standing may have changed.
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import { codeOf } from '@switchyard/runtime/errors'
import type { Log } from '@switchyard/runtime/log'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { Credential } from './credentials.ts'
import { type Change, viewerByToken, viewersChanged } from './identity.ts'
import { createKnownViewers } from './known-viewers.ts'

export type Viewers = ReturnType<typeof createViewers>

/** Told which viewers a change is about. */
export type Invalidation = (isAbout: (viewer: Viewer) => boolean) => void

type Options = { identity: SubgraphExecutor; config: Pick<Config, 'subgraphTimeout'>; clock: Clock; log: Log }

export function createViewers({ identity, config, clock, log }: Options) {
  const known = createKnownViewers((token) => viewerByToken(identity, token, config.subgraphTimeout), clock)
  const listeners = new Set<Invalidation>()
  const stopped = new AbortController()
  let open: AsyncIterableIterator<Change> | undefined

  function apply(change: Change) {
    const isAbout = (viewer: Viewer) => concerns(change, viewer)
    known.forget(isAbout)
    for (const listener of listeners) listener(isAbout)
  }

  /** What changed while nobody listened is unknown, so everybody is looked at again. */
  function resume() {
    known.doubt()
    for (const listener of listeners) listener(() => true)
  }

  async function follow() {
    for (let failures = 0; !stopped.signal.aborted; failures++) {
      try {
        open = await viewersChanged(identity)
        if (stopped.signal.aborted) break
        resume()
        failures = 0
        for await (const change of open) apply(change)
      } catch (error) {
        log.warn({ code: codeOf(error), err: error }, 'The stream of changed viewers was lost.')
      }
      await wait(Math.min(50 * 2 ** failures, 2000), undefined, { signal: stopped.signal, ref: false }).catch(() => {})
    }
  }
  void follow().finally(() => open?.return?.())

  return {
    /** `beforeAsking` is awaited for a token of which nothing is known; what it throws is thrown. */
    of: async (credential: Credential, beforeAsking?: () => Promise<void>): Promise<Viewer> =>
      'viewer' in credential ? credential.viewer : known.of(credential.token, beforeAsking),

    onInvalidated(listener: Invalidation): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    async close() {
      stopped.abort()
      await open?.return?.()
    },
  }
}

/** Null on both sides of a change means that it may be about anybody. */
function concerns({ userId, sessionId }: Change, viewer: Viewer): boolean {
  if (userId === null && sessionId === null) return true
  if (userId !== null && (viewer.id === userId || viewer.impersonatorId === userId)) return true
  return sessionId !== null && viewer.sessionId === sessionId
}
