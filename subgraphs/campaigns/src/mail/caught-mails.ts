// What the mail catcher has kept: files of mails, named in the order of their arrival; the newest thousand of a week.
import { readdir, readFile, rm } from 'node:fs/promises'
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
const longest = 7 * 24 * 60 * 60_000

/** The newest mails first. */
export async function caughtMailsIn(folder: string): Promise<CaughtMail[]> {
  const newest = (await namesIn(folder)).filter((file) => file.endsWith('.eml') && !isOld(file)).slice(0, most)
  const mails = await Promise.all(newest.map((file) => caught(folder, file)))
  return mails.filter((mail) => mail !== undefined)
}

/** Deletes what is more than a thousand, or older than a week; what was never finished, too. */
export async function forgetMailsIn(folder: string): Promise<void> {
  const files = await namesIn(folder)
  const forgotten = files.filter((file, index) => index >= most || isOld(file))
  await Promise.all(forgotten.map((file) => rm(join(folder, file), { force: true })))
}

/** An id begins with the milliseconds of its making, so that names, too, are in the order of time. */
const momentOf = (file: string): number => Number.parseInt(file.slice(0, 13).replace('-', ''), 16)

const isOld = (file: string): boolean => momentOf(file) < Date.now() - longest

/** The newest first. */
const namesIn = async (folder: string): Promise<string[]> => (await unlessGone(readdir(folder)))?.sort().reverse() ?? []

async function caught(folder: string, file: string): Promise<CaughtMail | undefined> {
  const raw = await unlessGone(readFile(join(folder, file)))
  if (!raw) return undefined
  const mail: Email = await PostalMime.parse(raw)
  return {
    messageId: mail.messageId ?? '',
    from: mail.from?.address ?? '',
    to: (mail.to ?? []).flatMap(({ address }) => address ?? []),
    subject: mail.subject ?? '',
    html: mail.html ?? '',
    receivedAt: new Date(momentOf(file)).toISOString(),
  }
}

/** Another process may forget what this one reads. */
const unlessGone = <Read>(reading: Promise<Read>): Promise<Read | undefined> =>
  reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
