// A campaign: one message to many customers, and what may become of it.
import { invalidInput, refused } from '@switchyard/runtime/errors'
import { clearable, given, text } from '@switchyard/runtime/input'
import { type Money, positiveMoney } from '@switchyard/runtime/money'
import { userIdOf, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { CreateCampaignInput, UpdateCampaignInput } from '../generated/graphql.ts'
import type { campaigns } from './campaign.table.ts'
import { maxTemplateLength, validTemplate } from './template.ts'

export type Campaign = typeof campaigns.$inferSelect
type Status = Campaign['status']

const largestAudience = 5000

const next: Readonly<Record<Status, readonly Status[]>> = {
  DRAFT: ['ACTIVE'],
  ACTIVE: ['PAUSED', 'COMPLETED'],
  PAUSED: ['ACTIVE'],
  COMPLETED: [],
}

/** What ends up in the head of a mail must not begin another line there. */
function line(value: string | null | undefined, path: string): string {
  const kept = text()(value, path)
  if (/\p{Cc}/u.test(kept)) throw invalidInput(path, `${path} is one line.`)
  return kept
}

const fields = {
  name: line,
  subject: (value: string | null | undefined, path: string) => validTemplate(line(value, path), path),
  template: (value: string | null | undefined, path: string) =>
    validTemplate(text(maxTemplateLength)(value, path), path),
  startsAt: clearable<Date>,
  endsAt: clearable<Date>,
}

/** A draft of its maker's; its subject is its name, unless the input says otherwise. */
export const newCampaign = (input: CreateCampaignInput, maker: Viewer, at: Date) =>
  consistent({
    channel: input.channel,
    status: 'DRAFT' as const,
    createdById: userIdOf(maker),
    audienceSetAt: at,
    audienceSize: audienceOf(input).length,
    ...given({ ...input, subject: input.subject ?? input.name }, fields),
    ...budget(input.budget),
  })

export function changedCampaign(campaign: Campaign, input: UpdateCampaignInput, at: Date): Campaign {
  mustBe(campaign, 'DRAFT', 'Only a draft may be changed.')
  return consistent({
    ...campaign,
    ...given(input, fields),
    ...(input.budget === undefined ? {} : budget(input.budget)),
    ...(input.customerIds === undefined ? {} : { audienceSize: audienceOf(input).length, audienceSetAt: at }),
  })
}

/** Each customer once. */
export function audienceOf({ customerIds }: Pick<UpdateCampaignInput, 'customerIds'>): string[] {
  const ids = [...new Set((customerIds ?? []).map((id) => id.toLowerCase()))]
  if (ids.length > largestAudience)
    throw invalidInput('customerIds', `A campaign is for at most ${largestAudience} customers.`)
  return ids
}

const budget = (input: Money | null | undefined) =>
  input ? positiveMoney(input, 'budget') : { amount: null, currency: null }

function consistent<Times extends { startsAt?: Date | null; endsAt?: Date | null }>(times: Times): Times {
  if (times.startsAt && times.endsAt && times.endsAt <= times.startsAt)
    throw invalidInput('endsAt', 'A campaign ends after it starts.')
  return times
}

export function launched(campaign: Campaign, at: Date): Campaign {
  const active = moved(campaign, 'ACTIVE')
  mustBe(campaign, 'DRAFT', 'Only a draft can be launched.')
  if (campaign.audienceSize === 0) throw invalidInput('customerIds', 'This campaign is for nobody yet.')
  if (campaign.endsAt && campaign.endsAt <= at) throw invalidInput('endsAt', 'The end of this campaign has passed.')
  // A draft may be older than what is refused today.
  validTemplate(campaign.subject, 'subject')
  validTemplate(campaign.template, 'template')
  return { ...active, launchedAt: at }
}

export const paused = (campaign: Campaign): Campaign => moved(campaign, 'PAUSED')

export function resumed(campaign: Campaign): Campaign {
  mustBe(campaign, 'PAUSED', 'Only a paused campaign can be resumed.')
  return moved(campaign, 'ACTIVE')
}

export const completed = (campaign: Campaign, at: Date): Campaign => ({
  ...moved(campaign, 'COMPLETED'),
  completedAt: at,
})

/** Refused unless it is a draft: what customers have received is not forgotten. */
export const deletable = (campaign: Campaign): Campaign => mustBe(campaign, 'DRAFT', 'Only a draft may be deleted.')

function moved(campaign: Campaign, to: Status): Campaign {
  if (!next[campaign.status].includes(to)) throw transition(campaign, `A campaign may not become ${to} now.`, to)
  return { ...campaign, status: to }
}

function mustBe(campaign: Campaign, status: Status, sentence: string): Campaign {
  if (campaign.status !== status) throw transition(campaign, sentence, null)
  return campaign
}

const transition = ({ status }: Campaign, sentence: string, to: Status | null) =>
  refused('INVALID_TRANSITION', sentence, { from: status, to, allowed: next[status] })

/** When its mails may leave: at once, or when it starts. */
export const dueAt = ({ startsAt }: Campaign, now: Date): Date | undefined =>
  startsAt && startsAt > now ? startsAt : undefined
