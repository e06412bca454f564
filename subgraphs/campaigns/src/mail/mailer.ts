// Mails on their way out: over SMTP, to the server that SMTP_URL names or else to the catcher in this process.
import { join } from 'node:path'
import type { Host } from '@switchyard/runtime/subgraph/subgraph'
import { createTransport, type Transporter } from 'nodemailer'
import { mailCatcher } from './catcher.ts'

export type Mail = { readonly id: string; readonly to: string; readonly subject: string; readonly html: string }

/** `refused` is for good; `deferred` may succeed later. */
export type Outcome = { readonly kind: 'sent' } | { readonly kind: 'refused' | 'deferred'; readonly reason: string }

export type Mailer = { send(mail: Mail): Promise<Outcome>; [Symbol.asyncDispose](): Promise<void> }

/** As many as a worker's jobs at once, so that no claimed message waits for a connection. */
const connections = 10
const patience = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 }

/** Where caught mails are kept: all processes on this machine share it. */
export const mailFolder = ({ dataDir }: Pick<Host['config'], 'dataDir'>): string => join(dataDir, 'mail')

/** What sends this process's mails; undefined in production without SMTP_URL. */
export function openMailer({ config, log }: Pick<Host, 'config' | 'log'>): Mailer | undefined {
  if (config.smtpUrl) return mailerTo(async () => ({ url: config.smtpUrl ?? '' }), config.mailFrom)
  if (config.production) {
    log.warn('SMTP_URL is not set: no campaign can be launched')
    return undefined
  }
  const catcher = mailCatcher(mailFolder(config))
  return mailerTo(
    () => catcher.open(),
    config.mailFrom,
    () => catcher.close(),
  )
}

export function mailerTo(
  open: () => Promise<{ readonly url: string }>,
  from: string,
  close: () => Promise<void> = async () => undefined,
): Mailer {
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'switchyard.example'
  let transport: Promise<Transporter> | undefined
  const opened = async () => {
    const { url } = await open()
    const { hostname, port, protocol, username, password } = new URL(url)
    const secure = protocol === 'smtps:'
    return createTransport({
      ...patience,
      pool: true,
      maxConnections: connections,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (secure ? 465 : 587),
      secure,
      ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    })
  }
  return {
    async send({ id, to, subject, html }) {
      try {
        transport ??= opened()
        await (await transport).sendMail({
          from,
          // An address is one address, whatever it looks like.
          to: { name: '', address: to },
          subject,
          html,
          messageId: `<${id}@${domain}>`,
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return { kind: 'sent' }
      } catch (error) {
        return outcomeOf(error)
      }
    },
    async [Symbol.asyncDispose]() {
      ;(await transport?.catch(() => undefined))?.close()
      await close()
    },
  }
}

/** A server that says no to this mail says so in the five hundreds; whatever else goes wrong may go right later. */
function outcomeOf(error: unknown): Outcome {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string }
  const isFinal = code !== 'EAUTH' && (responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500)
  return { kind: isFinal ? 'refused' : 'deferred', reason: message ?? 'The mail server did not take it.' }
}
