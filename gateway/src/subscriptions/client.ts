// One connected client: who it is from its first message to its last, and what it follows.

import { isDeepStrictEqual } from 'node:util'
import { codeOf } from '@switchyard/runtime/errors'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { Credential } from '../viewer/credentials.ts'
import type { Viewers } from '../viewer/viewers.ts'
import { type CloseCode, closeCodes } from './close-codes.ts'

export type Close = (code: CloseCode, reason: string) => void

export type Client = {
  /** The viewer as of now; undefined when it is nobody's any more, and the socket has been closed. */
  viewer(): Promise<Viewer | undefined>
  /** Looks again at the viewer if a change is about it, and lets those who follow something know. */
  recheck(isAbout: (viewer: Viewer) => boolean): Promise<void>
  /** Hears of each viewer that takes the place of the one before. */
  onViewer(listener: (viewer: Viewer) => void): () => void
  gone(): void
}

type Options = { credential: Credential; viewer: Viewer; viewers: Viewers; now: () => number; close: Close }

const longestTimer = 2 ** 31 - 1

export function createClient({ credential, viewer, viewers, now, close }: Options): Client {
  const listeners = new Set<(viewer: Viewer) => void>()
  let current = viewer
  let expiry: NodeJS.Timeout | undefined

  function adopt(next: Viewer) {
    const isOther = !isDeepStrictEqual(next, current)
    current = next
    clearTimeout(expiry)
    if (next.expiresAt !== null) {
      const left = Math.min(Math.max(0, next.expiresAt - now()), longestTimer)
      expiry = setTimeout(() => close(closeCodes.unauthenticated, 'The token has expired'), left).unref()
    }
    if (isOther) for (const listener of [...listeners]) listener(next)
  }
  adopt(viewer)

  async function asOfNow(): Promise<Viewer | undefined> {
    try {
      const next = await viewers.of(credential)
      if (next !== current) adopt(next)
      return next
    } catch (error) {
      close(...farewell(codeOf(error)))
      return undefined
    }
  }

  return {
    viewer: asOfNow,
    async recheck(isAbout) {
      if ('token' in credential && isAbout(current)) await asOfNow()
    },
    onViewer(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    gone() {
      clearTimeout(expiry)
      listeners.clear()
    },
  }
}

/** How to part from a client whose viewer was refused with a code. */
function farewell(code: string | undefined): Parameters<Close> {
  if (code === 'UNAUTHENTICATED') return [closeCodes.unauthenticated, 'Unauthenticated']
  if (code === 'SERVICE_UNAVAILABLE' || code === undefined) return [closeCodes.tryAgainLater, 'Try again later']
  return [closeCodes.forbidden, 'Forbidden']
}
