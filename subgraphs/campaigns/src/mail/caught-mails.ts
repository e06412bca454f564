// Reads what the mail catcher has kept: files of mails, named in the order of their arrival.
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'

export type CaughtMail = {
  readonly messageId: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly html: string
  readonly receivedAt: string
}

const most = 1000

/** The newest mails first. */
export async function caughtMailsIn(folder: string): Promise<CaughtMail[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const newest = files
    .filter((file) => file.endsWith('.eml'))
    .sort()
    .reverse()
    .slice(0, most)
  return Promise.all(newest.map((file) => caught(join(folder, file))))
}

async function caught(path: string): Promise<CaughtMail> {
  const [raw, { mtime }] = await Promise.all([readFile(path), stat(path)])
  const mail: Email = await PostalMime.parse(raw)
  return {
    messageId: mail.messageId ?? '',
    from: mail.from?.address ?? '',
    to: (mail.to ?? []).flatMap(({ address }) => address ?? []),
    subject: mail.subject ?? '',
    html: mail.html ?? '',
    receivedAt: mtime.toISOString(),
  }
}
