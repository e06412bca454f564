// How much the mail catcher keeps, and for how long.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@switchyard/runtime/ids'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mailCatcher } from './catcher.ts'
import { caughtMailsIn } from './caught-mails.ts'
import { mailerTo } from './mailer.ts'

const hour = 60 * 60_000
const week = 7 * 24 * hour

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-mail-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A file as the catcher would have named it so long ago. */
async function caughtBefore(milliseconds: number, ending = 'eml'): Promise<string> {
  const moment = (Date.now() - milliseconds).toString(16).padStart(12, '0')
  const name = `${moment.slice(0, 8)}-${moment.slice(8)}-7000-8000-${randomUUID().slice(24)}.${ending}`
  await writeFile(join(folder, name), 'Subject: Old\r\n\r\nDear customer')
  return name
}

async function send(count: number): Promise<void> {
  const catcher = mailCatcher(folder)
  const mailer = mailerTo(
    () => catcher.open(),
    'us@example.com',
    () => catcher.close(),
  )
  const mails = Array.from({ length: count }, () => ({ id: newId(), to: 'you@example.com', subject: 'New', html: 'x' }))
  const outcomes = await Promise.all(mails.map((mail) => mailer.send(mail)))
  await mailer[Symbol.asyncDispose]()
  for (const outcome of outcomes) expect(outcome.kind).toBe('sent')
}

it('keeps the newest thousand', async () => {
  const old = await Promise.all(Array.from({ length: 1100 }, (_, index) => caughtBefore(hour + index)))
  await send(150)
  const files = await readdir(folder)
  expect(files.length).toBeLessThan(1100)
  expect(files).toContain(old[0])
  expect(files).not.toContain(old.at(-1))
  const mails = await caughtMailsIn(folder)
  expect(mails).toHaveLength(1000)
  expect(mails.slice(0, 151).map(({ subject }) => subject)).toEqual([...Array(150).fill('New'), 'Old'])
})

it('forgets after a week, and what was never finished, too', async () => {
  const [older, draft, younger] = [
    await caughtBefore(week + hour),
    await caughtBefore(week + hour, 'draft'),
    await caughtBefore(week - hour),
  ]
  expect((await caughtMailsIn(folder)).map(({ subject }) => subject)).toEqual(['Old'])
  await send(1)
  const files = await readdir(folder)
  expect(files).toContain(younger)
  expect(files).not.toContain(older)
  expect(files).not.toContain(draft)
})

it('lists nothing where nothing was ever caught', async () => {
  expect(await caughtMailsIn(join(folder, 'none'))).toEqual([])
})
