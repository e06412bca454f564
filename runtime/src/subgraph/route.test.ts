// Routes of a subgraph in another process: a real server, asked as the gateway asks.
import { describe, expect, it } from 'vitest'
import { forbidden } from '../errors.ts'
import { CounterExecutor } from '../testing/counter-executor.ts'
import { ana, reach, serve } from '../testing/counter-link.ts'
import { testLog } from '../testing/log.ts'
import type { Viewer } from '../viewer/viewer.ts'
import { route, visitsTo } from './route.ts'

type Context = { viewer: Viewer }

const echo = route<Context>({
  prefix: '/echo',
  async handle({ viewer }, request) {
    const { pathname, search } = new URL(request.url)
    if (pathname === '/echo/forbidden') throw forbidden()
    if (pathname === '/echo/broken') throw new Error('a secret')
    const said = [viewer.id, request.method, pathname + search, await request.text()].join(' ')
    return new Response(said, { status: 201, headers: { 'content-type': 'text/x-echo' } })
  },
})

async function remote() {
  const visit = visitsTo([echo], { open: ({ viewer }) => ({ viewer }), log: testLog() })
  const { url } = await serve(Object.assign(new CounterExecutor(), { visit }))
  const executor = reach(url)
  const ask = async (path: string, init?: RequestInit) => {
    const request = new Request(new URL(path, 'http://gateway.internal'), init)
    const answer = await executor.visit?.({ request, viewer: ana, requestId: 'r1' })
    if (!answer) throw new Error('There is nobody to visit.')
    return answer
  }
  return { ask, origin: new URL(url).origin }
}

describe('a route', () => {
  it('is handed the request and who asks, and its answer arrives as it is', async () => {
    const { ask } = await remote()
    const answer = await ask('/echo/a?b=c', { method: 'POST', body: 'hello' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'text/x-echo'])
    expect(await answer.text()).toBe(`${ana.id} POST /echo/a?b=c hello`)
  })

  it.each([
    ['/echo/forbidden', 403, 'FORBIDDEN'],
    ['/echo/broken', 500, 'INTERNAL_SERVER_ERROR'],
    ['/echoes', 404, 'NOT_FOUND'],
  ])('answers %s with %i and says %s, no more', async (path, status, code) => {
    const { ask } = await remote()
    const answer = await ask(path)
    expect(answer.status).toBe(status)
    const text = await answer.text()
    expect(JSON.parse(text).errors[0].extensions.code).toBe(code)
    expect(text).not.toContain('secret')
  })

  it('is closed to whoever does not come from the gateway', async () => {
    const { origin } = await remote()
    expect((await fetch(`${origin}/echo`)).status).toBe(401)
  })
})
