// How far a campaign has come: how many of its messages are in which status.
import type { Message } from '../message/message.ts'
import type { progress } from './progress.table.ts'

export type Progress = typeof progress.$inferSelect
export type Counts = Pick<Progress, 'pending' | 'sent' | 'delivered' | 'failed' | 'skipped'>

export const none: Counts = { pending: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 }

export const countsOf = (messages: readonly Pick<Message, 'status'>[]): Counts =>
  messages.reduce<Counts>((counts, { status }) => counted(counts, status, 1), none)

export function counted(counts: Counts, status: Message['status'], some: number): Counts {
  const name = names[status]
  return { ...counts, [name]: counts[name] + some }
}

const names = {
  PENDING: 'pending',
  SENT: 'sent',
  DELIVERED: 'delivered',
  FAILED: 'failed',
  SKIPPED: 'skipped',
} as const

const mostOften = 250
const leastOften = 15_000

/** When to count again, after so many counts that found nothing new. */
export const nextCount = (quiet: number, now: Date): Date =>
  new Date(now.getTime() + Math.min(mostOften * 2 ** Math.min(quiet, 10), leastOften))
