// A message: what a campaign sends to one customer, and whose turn it is.
import { newId } from '@switchyard/runtime/ids'
import type { Campaign } from '../campaign/campaign.ts'
import { renderHtml, renderLine } from '../campaign/template.ts'
import type { Customer } from '../customer/customer.ts'
import type { messages } from './message.table.ts'

export type Message = typeof messages.$inferSelect
export type NewMessage = Pick<
  Message,
  'id' | 'concessionId' | 'campaignId' | 'customerId' | 'channel' | 'status' | 'recipient' | 'failureReason'
>

/** Milliseconds for which a message is its sender's; longer than any sending takes. */
const claim = 30_000
/** Over two and a half hours: a mail server may be away for a while. */
const mostAttempts = 20
const longestWait = 15 * 60_000

/** One message a customer, of the customer's concession; who has no address is skipped. */
export const newMessages = (campaign: Campaign, customers: readonly Customer[]): NewMessage[] =>
  customers.map(({ id, email, concessionId }) => ({
    id: newId(),
    concessionId,
    campaignId: campaign.id,
    customerId: id,
    channel: campaign.channel,
    status: email ? 'PENDING' : 'SKIPPED',
    recipient: email,
    failureReason: email ? null : 'The customer has no e-mail address.',
  }))

export type Turn =
  | { readonly kind: 'send' | 'leave' }
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'skip'; readonly reason: string }

/** What is to be done with a message whose turn it is: a job may come twice, late, or while somebody else sends it. */
export function turnOf(message: Message, campaign: Campaign | null, customer: Customer | null, now: Date): Turn {
  if (message.status !== 'PENDING' || campaign?.status !== 'ACTIVE') return { kind: 'leave' }
  if (message.claimedUntil && message.claimedUntil > now) return { kind: 'wait', until: message.claimedUntil }
  if (campaign.endsAt && campaign.endsAt <= now) return { kind: 'skip', reason: 'The campaign has ended.' }
  if (!customer) return { kind: 'skip', reason: 'The customer is gone.' }
  if (campaign.startsAt && campaign.startsAt > now) return { kind: 'wait', until: campaign.startsAt }
  return { kind: 'send' }
}

export const claimed = (message: Message, now: Date): Message => ({
  ...message,
  attempts: message.attempts + 1,
  claimedUntil: new Date(now.getTime() + claim),
})

const free = (message: Message): Message => ({ ...message, claimedUntil: null })

export const sent = (message: Message, now: Date): Message => ({ ...free(message), status: 'SENT', sentAt: now })

export const skipped = (message: Message, reason: string): Message => ({
  ...free(message),
  status: 'SKIPPED',
  failureReason: reason,
})

export const failed = (message: Message, reason: string, now: Date): Message => ({
  ...free(message),
  status: 'FAILED',
  failedAt: now,
  failureReason: reason.slice(0, 500),
})

/** A message that may be delivered later keeps its turn, until it has been tried too often. */
export const deferred = (message: Message, reason: string, now: Date): Message =>
  message.attempts >= mostAttempts ? failed(message, reason, now) : free(message)

/** When a deferred message is tried again: after 1 s, 2 s, 4 s, … */
export const retryAt = ({ attempts }: Message, now: Date): Date =>
  new Date(now.getTime() + Math.min(1000 * 2 ** (attempts - 1), longestWait))

/** The mail that a message is; the same however often it is made. */
export function mailOf(message: Message, campaign: Campaign, customer: Customer) {
  const values = {
    customer: { name: customer.name, email: message.recipient ?? '' },
    campaign: { name: campaign.name },
  }
  return {
    id: message.id,
    to: message.recipient ?? '',
    subject: renderLine(campaign.subject, values),
    html: renderHtml(campaign.template, values),
  }
}
