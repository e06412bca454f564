// Lets pages of the named origins, and of no others, read our answers.
import type { IncomingMessage, ServerResponse } from 'node:http'

const allowed = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Idempotency-Key, X-Request-Id, Apollo-Require-Preflight, X-Apollo-Operation-Name',
  'Access-Control-Max-Age': '600',
}

/** Credentials travel in the Authorization header, which the page sets itself: cookies are never asked for. */
export function cors(origins: readonly string[]) {
  /** Lets the page that asks read the answer, if it may; answers whether it may. */
  function admit({ headers: { origin } }: IncomingMessage, response: ServerResponse): boolean {
    response.setHeader('Vary', 'Origin')
    if (origin === undefined || !origins.includes(origin)) return false
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After, RateLimit, RateLimit-Policy')
    return true
  }

  /** Answers what a browser asks before it lets a page ask. */
  function preflight(request: IncomingMessage, response: ServerResponse): void {
    const headers = admit(request, response) ? allowed : {}
    response.writeHead(204, { ...headers, Allow: 'GET, POST, OPTIONS' }).end()
  }

  /** For what subgraphs serve beside GraphQL: a page of an allowed origin may use it as it uses GraphQL. */
  function admitToRoutes(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers
    const isAllowed = admit(request, response)
    if (isPreflight && isAllowed) preflight(request, response)
    else next()
  }
  return { admit, preflight, admitToRoutes }
}
