// Lets pages of the named origins, and of no others, read our answers.
import type { RequestHandler } from 'express'

const allowed = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Idempotency-Key, X-Request-Id, Apollo-Require-Preflight, X-Apollo-Operation-Name',
  'Access-Control-Max-Age': '600',
}

/** Credentials travel in the Authorization header, which the page sets itself: cookies are never asked for. */
export function cors(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    const isAllowed = origin !== undefined && origins.includes(origin)
    if (isAllowed) {
      response.setHeader('Access-Control-Allow-Origin', origin)
      response.setHeader('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After')
    }
    if (request.method !== 'OPTIONS') return next()
    if (isAllowed) for (const [name, value] of Object.entries(allowed)) response.setHeader(name, value)
    response.setHeader('Allow', 'GET, POST, OPTIONS').status(204).end()
  }
}
