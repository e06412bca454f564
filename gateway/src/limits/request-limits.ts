// How many requests a client may make in a minute, and the headers that tell it.
import type { ServerResponse } from 'node:http'
import type { Config } from '@switchyard/runtime/config'
import { rateLimited } from '@switchyard/runtime/errors'
import type { RateLimiter, RateLimitRule, RateLimitState } from '@switchyard/runtime/rate-limit/rate-limiter'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import { addressKey, clientKey } from './client-key.ts'

const windowSeconds = 60

type Policy = { readonly name: 'anonymous' | 'viewer'; readonly rule: RateLimitRule }

export type RequestLimits = ReturnType<typeof createRequestLimits>

export function createRequestLimits(limiter: RateLimiter, limits: Config['rateLimits']) {
  const anonymous: Policy = { name: 'anonymous', rule: { max: limits.anonymous, windowSeconds } }
  const viewers: Policy = { name: 'viewer', rule: { max: limits.viewer, windowSeconds } }

  async function count(key: string, policy: Policy, response?: ServerResponse): Promise<void> {
    const state = await limiter.rateLimit(`requests:${key}`, policy.rule)
    // a header costs every request more than counting it: who is far from the limit need not know
    const isNear = state.remaining < policy.rule.max / 2
    if (isNear && response && !response.headersSent) setHeaders(response, policy, state)
    if (!state.isAllowed) throw rateLimited(state.resetSeconds)
  }

  return {
    /** Counts a request of a viewer, or of the address of an anonymous one; rejects with RATE_LIMITED. */
    countRequest(viewer: Viewer, address: string, response?: ServerResponse): Promise<void> {
      // the service key is the operator's own
      if (viewer.kind === 'SERVICE') return Promise.resolve()
      return count(clientKey(viewer, address), viewer.id === null ? anonymous : viewers, response)
    },

    /** Counts what is done before the viewer is known. */
    countAddress: (address: string, response?: ServerResponse) => count(addressKey(address), anonymous, response),

    /** Takes back what was counted for an address. */
    refundAddress: (address: string) => limiter.refund(`requests:${addressKey(address)}`, anonymous.rule),
  }
}

/** As in the IETF's draft "RateLimit header fields for HTTP". */
function setHeaders(response: ServerResponse, { name, rule }: Policy, { remaining, resetSeconds }: RateLimitState) {
  response.setHeader('RateLimit-Policy', `"${name}";q=${rule.max};w=${rule.windowSeconds}`)
  response.setHeader('RateLimit', `"${name}";r=${remaining};t=${resetSeconds}`)
}
