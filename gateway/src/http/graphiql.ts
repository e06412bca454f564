// GraphiQL at GET /graphql for browsers, with assets of its own: the page asks nobody but this gateway.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RequestHandler, Router } from 'express'
import { type RuruConfig, ruruHTML } from 'ruru/server'
import { serveStatic } from 'ruru/static'

const assets = '/graphiql/'

const welcome = `# Sign in with the mutation "login", then put its access token in the Headers tab:
#   { "Authorization": "Bearer …" }
# Subscriptions take it from there, too.
{
  __typename
}
`

const page: RuruConfig = {
  staticPath: assets,
  endpoint: '/graphql',
  subscriptionEndpoint: '/graphql',
  // its types come from a package that is not installed, for the page brings its own copy
  clientConfig: { defaultQuery: welcome } as NonNullable<RuruConfig['clientConfig']>,
  htmlParts: {
    titleTag: '<title>Switchyard</title><link rel="icon" href="data:,">',
  },
}

const policy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    // the editor writes its own styles
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** `admit` counts what is asked of it, and throws RATE_LIMITED. */
export function graphiql(admit: (request: IncomingMessage, response: ServerResponse) => Promise<void>): RequestHandler {
  const router = Router()
  const html = ruruHTML(page)
  router.get('/graphql', async (request, response, next) => {
    if (request.accepts(['json', 'html']) !== 'html') return next()
    await admit(request, response)
    const nonce = randomBytes(16).toString('base64')
    response
      .set({ 'Content-Security-Policy': policy(nonce), 'Referrer-Policy': 'no-referrer' })
      .type('html')
      .send(html.replaceAll('<script', `<script nonce="${nonce}"`))
  })
  const asset = serveStatic(assets)
  router.use(async (request, response, next) => {
    if (!request.url.startsWith(assets)) return next()
    await admit(request, response)
    response.setHeader('Cache-Control', 'public, max-age=3600')
    asset(request, response, next)
  })
  return router
}
