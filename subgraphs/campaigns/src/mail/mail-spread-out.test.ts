// Caught mails where the worker that sends, the subgraph that lists and the gateway that is asked are three processes.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Shape, spreadOut } from '@switchyard/test/processes'
import { openSession } from '@switchyard/test/session'
import { afterAll, beforeAll, expect, it } from 'vitest'

type Mail = { to: string[]; subject: string }

let shape: Shape
beforeAll(async () => {
  shape = await spreadOut()
}, 150_000)
afterAll(() => shape?.end(), 60_000)

async function mailsAsked(login: string): Promise<Response> {
  const input = { email: `${login}@demo.example`, password: 'switchyard-demo' }
  const nobody = openSession(shape.url, undefined, () => undefined)
  const { login: tokens } = await nobody.ok<{ login: { accessToken: string } }>('Login', { input })
  return fetch(`${shape.url}/mail`, { headers: { authorization: `Bearer ${tokens.accessToken}` } })
}

it('shows the administrator what the worker has sent to the demo customers, and nobody else', async () => {
  let mails: Mail[] = []
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && mails.length < 60; await sleep(500)) {
    mails = (await (await mailsAsked('admin')).json()) as Mail[]
  }
  expect(mails).toHaveLength(60)
  expect(mails.filter(({ to }) => to.includes('anna@northwind.example'))).toMatchObject([
    { subject: 'What is new this spring, Anna Northwind' },
  ])
  expect((await mailsAsked('manager')).status).toBe(403)
}, 120_000)
