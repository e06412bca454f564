// What the mail catcher has caught, as a page or as JSON: for administrators, and nowhere in production.
import { forbidden, notFound, unauthenticated } from '@switchyard/runtime/errors'
import { route } from '@switchyard/runtime/subgraph/route'
import { escaped } from '../campaign/template.ts'
import type { Context } from '../context.ts'
import type { CaughtMail } from './caught-mails.ts'

export const mailRoute = route<Context>({
  prefix: '/mail',
  async handle({ viewer, caughtMails }, { method, url, headers }) {
    const { pathname } = new URL(url)
    if (!caughtMails || pathname !== '/mail' || (method !== 'GET' && method !== 'HEAD'))
      throw notFound('page', pathname)
    if (viewer.kind === 'ANONYMOUS') throw unauthenticated()
    if (!viewer.roles.includes('ADMIN')) throw forbidden()
    const mails = await caughtMails()
    if (!headers.get('accept')?.includes('text/html')) return Response.json(mails)
    return new Response(page(mails), {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      },
    })
  },
})

const page = (mails: readonly CaughtMail[]) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Caught mails</title>
<style>body { font: 16px system-ui; margin: 2rem } pre { white-space: pre-wrap; background: #f4f4f4; padding: 1rem }</style>
<h1>Caught mails</h1>
${mails.map(article).join('\n') || '<p>No mail has been sent yet.</p>'}
</html>
`

const article = ({ to, subject, receivedAt, messageId, html }: CaughtMail) => `<details>
<summary>${escaped(receivedAt)} to <b>${escaped(to.join(', '))}</b>: ${escaped(subject)}</summary>
<p>${escaped(messageId)}</p>
<pre>${escaped(html)}</pre>
</details>`
