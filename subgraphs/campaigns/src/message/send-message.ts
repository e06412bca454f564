import type { Job } from '@switchyard/runtime/jobs/job'
import type { Context, Transaction } from '../context.ts'
import type { Outcome } from '../mail/mailer.ts'
import type { Sending } from './message.jobs.ts'
import { claimed, deferred, failed, type Message, mailOf, retryAt, sent, skipped, turnOf } from './message.ts'

type Again = Job<Context, Sending>

/**
 * Claims the message, sends its mail and notes the outcome. The claim is committed before the wire is touched, so that
 * no other job sends the same mail meanwhile; a process that dies in between leaves the claim to run out.
 */
export async function sendMail(ctx: Context, { messageId }: Sending, again: Again): Promise<void> {
  const { mailer } = ctx
  if (!mailer) throw new Error('SMTP_URL is not set: no mail can be sent.')
  const ready = await ctx.transaction((tx) => claimMessage(tx, messageId, again))
  if (!ready) return
  const outcome = await mailer.send(ready.mail)
  const now = ctx.clock.now()
  const next = after(ready.message, outcome, now)
  await ctx.transaction(async (tx) => {
    const isMine = await tx.messages.updateClaimed(next)
    if (isMine && next.status === 'PENDING') tx.enqueue(again, { messageId }, { dueAt: retryAt(next, now) })
  })
}

function after(message: Message, outcome: Outcome, now: Date): Message {
  if (outcome.kind === 'sent') return sent(message, now)
  return outcome.kind === 'refused' ? failed(message, outcome.reason, now) : deferred(message, outcome.reason, now)
}

/** The mail to be sent, claimed; undefined when this is not the time, or when there is nothing to send. */
async function claimMessage(
  tx: Transaction,
  messageId: string,
  again: Again,
): Promise<{ message: Message; mail: ReturnType<typeof mailOf> } | undefined> {
  const message = await tx.messages.lock(messageId)
  if (!message) return undefined
  const [campaign, customer] = await Promise.all([
    tx.campaigns.find(message.campaignId),
    tx.customers.find(message.customerId),
  ])
  const now = tx.clock.now()
  const turn = turnOf(message, campaign, customer, now)
  if (turn.kind === 'wait') tx.enqueue(again, { messageId }, { dueAt: turn.until })
  if (turn.kind === 'skip') await tx.messages.update(skipped(message, turn.reason))
  if (turn.kind !== 'send' || !campaign || !customer) return undefined
  const mine = claimed(message, now)
  await tx.messages.update(mine)
  return { message: mine, mail: mailOf(mine, campaign, customer) }
}
