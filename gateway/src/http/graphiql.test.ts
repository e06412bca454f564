import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dealChange } from '../testing/crm.ts'
import { eventually } from '../testing/eventually.ts'
import { type World, world } from '../testing/world.ts'

const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

let app: World
beforeAll(async () => {
  app = await world({ config: { graphiql: true } })
})
afterAll(() => app.gateway.drain())

describe('GraphiQL', () => {
  it('is shown to browsers, and to nobody who asks for JSON', async () => {
    const page = await fetch(app.address, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await app.get('?query={__typename}')).body).toEqual({ data: { __typename: 'Query' } })
  })

  it('loads nothing from elsewhere', async () => {
    const html = await (await fetch(app.address, { headers: { accept: 'text/html' } })).text()
    expect(html).not.toMatch(/https?:\/\//)
    const asset = await fetch(`${app.gateway.url}/graphiql/ruru.js`)
    expect([asset.status, asset.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  })

  it('leaves preflights of pages to CORS, which admits the allowed origins only', async () => {
    const preflight = (origin: string) =>
      fetch(app.address, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    const allowed = await preflight('https://console.example')
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://console.example',
    ])
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization')
    const foreign = await preflight('https://evil.example')
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([204, null])
    expect(foreign.headers.get('access-control-allow-methods')).toBeNull()
  })

  it('is not there where it is switched off', async () => {
    const closed = await world()
    const page = await fetch(closed.address, { headers: { accept: 'text/html' } })
    const asset = await fetch(`${closed.gateway.url}/graphiql/ruru.js`)
    await closed.gateway.drain()
    expect([page.status, asset.status]).toEqual([400, 404])
  })

  it.runIf(existsSync(browserPath))('runs queries and subscriptions with the token of its Headers tab', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'graphiql-'))
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: browserPath,
      args: flags.split(' '),
    })
    const page = await browser.newPage()
    page.setDefaultTimeout(8000)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    const write = async (editor: string, text: string) => {
      await page.click(`.monaco-editor[data-uri$="${editor}"]`)
      await page.keyboard.press('Control+A')
      // pasted, for the editor completes brackets that are typed
      await page.evaluate(`{
        const data = new DataTransfer()
        data.setData('text/plain', ${JSON.stringify(text)})
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
      }`)
    }
    const shown = async () => ((await page.textContent('.result-window')) ?? '').replaceAll('\u00a0', ' ')
    try {
      await page.goto(app.address)
      await page.click('button:has-text("Headers")')
      await write('headers.json', '{ "Authorization": "Bearer alice" }')
      await write('operation.graphql', '{ me { id } }')
      await page.click('.graphiql-execute-button')
      await expect.poll(shown).toContain('"id": "alice"')
      await write('operation.graphql', 'subscription { dealChanged { deal { title owner { name } } } }')
      // the page sees a moment later that it has become a subscription
      await page.waitForTimeout(1000)
      await page.click('.graphiql-execute-button')
      await eventually(() => app.crm.subgraph.openSubscriptions() === 1)
      app.crm.changes.publish(dealChange('7'))
      await expect.poll(shown).toContain('"title": "Deal 7"')
      expect(app.crm.subgraph.received.at(-1)?.viewer.id).toBe('alice')
      expect(complaints).toEqual([])
    } finally {
      if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT })
      await browser.close()
      await rm(profile, { recursive: true })
    }
  })
})
