// The mail catcher: an SMTP server on loopback that takes every mail and delivers none; they are kept as files.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { newId } from '@switchyard/runtime/ids'
import { SMTPServer } from 'smtp-server'
import { forgetMailsIn } from './caught-mails.ts'

const largest = 1_000_000
/** How many mails it takes between two looks at what is to be forgotten. */
const round = 100

/** Takes mails from its first opening on; each becomes a file in the folder, named in the order of arrival. */
export function mailCatcher(folder: string) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: largest,
    onData: (stream, _, done) => {
      keep(stream).then(
        () => done(),
        (error: Error) => done(error),
      )
    },
  })
  let taken = 0
  async function keep(stream: NodeJS.ReadableStream): Promise<void> {
    const mail = await buffer(stream)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (taken++ % round === 0) await forgetMailsIn(folder)
    const name = join(folder, newId())
    await writeFile(`${name}.draft`, mail, { mode: 0o600 })
    await rename(`${name}.draft`, `${name}.eml`)
  }
  let opened: Promise<{ url: string }> | undefined
  const open = () =>
    new Promise<{ url: string }>((resolve, reject) => {
      server.on('error', reject)
      server.listen(0, '127.0.0.1', () => {
        resolve({ url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` })
      })
    })
  return {
    open(): Promise<{ url: string }> {
      opened ??= open()
      return opened
    },
    async close(): Promise<void> {
      if (opened) await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
