import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Caught = { messageId: string; to: string[]; subject: string; html: string }

const ask = (app: TestApp, person: Person | null, accept = 'application/json', path = '/mail') =>
  fetch(app.url + path, { headers: { accept, ...(person && { authorization: `Bearer ${person.token}` }) } })

async function aMailTo(app: TestApp, owner: Person, input: Record<string, unknown>): Promise<Caught> {
  const email = `${randomUUID()}@example.com`
  const { id } = await app.aCustomer({ owner, email, name: '<b>Anna & Sons</b>' })
  const campaign = await app.aCampaign({ owner, customerIds: [id], ...input })
  await app.as(owner).ok('LaunchCampaign', { input: { id: campaign.id } })
  const admin = await app.aPerson('ADMIN')
  for (let tries = 0; tries < 200; tries++, await sleep(25)) {
    const mails = (await (await ask(app, admin)).json()) as Caught[]
    const found = mails.find(({ to }) => to.includes(email))
    if (found) return found
  }
  throw new Error(`No mail to ${email} was caught.`)
}

describe('the mail catcher', () => {
  it('keeps each mail as it was sent, its fields filled in and escaped', async () => {
    const { app, manager } = await world()
    const template = '<p>Dear {{customer.name}} of {{ campaign.name }}</p>'
    const mail = await aMailTo(app, manager, { name: 'Spring', subject: 'News for {{customer.name}}', template })
    expect(mail.subject).toBe('News for <b>Anna & Sons</b>')
    expect(mail.html.trim()).toBe('<p>Dear &lt;b&gt;Anna &amp; Sons&lt;/b&gt; of Spring</p>')
    expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@switchyard\.example>$/)
  })

  it('shows a page to a browser in which no mail is more than text', async () => {
    const { app, admin, manager } = await world()
    await aMailTo(app, manager, { template: '<script>alert(1)</script>' })
    const page = await ask(app, admin, 'text/html')
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const text = await page.text()
    expect(text).toContain('&lt;script&gt;')
    expect(text).not.toContain('<script>')
  })

  it('is for administrators only', async () => {
    const { app, manager, alice } = await world()
    const codeOf = async (response: Response) => {
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
      return [response.status, errors[0]?.extensions.code]
    }
    expect(await codeOf(await ask(app, null))).toEqual([401, 'UNAUTHENTICATED'])
    for (const person of [manager, alice]) expect(await codeOf(await ask(app, person))).toEqual([403, 'FORBIDDEN'])
  })

  it('may be read by pages of the allowed origins, and of no others', async () => {
    const { app, admin } = await world()
    const preflight = (origin: string) =>
      fetch(`${app.url}/mail`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } })
    const allowed = await preflight('https://console.example')
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://console.example',
    ])
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization')
    const foreign = await preflight('https://evil.example')
    expect([foreign.ok, foreign.headers.get('access-control-allow-origin')]).toEqual([false, null])

    const read = (origin: string) =>
      fetch(`${app.url}/mail`, { headers: { origin, authorization: `Bearer ${admin.token}` } })
    expect((await read('https://console.example')).headers.get('access-control-allow-origin')).toBe(
      'https://console.example',
    )
    expect((await read('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('has nothing below its address, nor for whoever brings something', async () => {
    const { app, admin } = await world()
    expect((await ask(app, admin, 'application/json', '/mail/1')).status).toBe(404)
    const headers = { authorization: `Bearer ${admin.token}` }
    expect((await fetch(`${app.url}/mail`, { method: 'POST', headers, body: 'x' })).status).toBe(404)
    expect((await ask(app, admin, 'application/json', '/mailbox')).status).toBe(404)
  })
})
