// What campaigns tells others: the payload of each event, beside the envelope that every event has.
import { event } from '@switchyard/runtime/events/event'
import { z } from 'zod'

export const campaignCreated = event('campaigns.campaign.created', {})
export const campaignUpdated = event('campaigns.campaign.updated', {})
export const campaignLaunched = event('campaigns.campaign.launched', { audienceSize: z.int() })
export const campaignPaused = event('campaigns.campaign.paused', {})
export const campaignResumed = event('campaigns.campaign.resumed', {})
export const campaignCompleted = event('campaigns.campaign.completed', {})
export const campaignDeleted = event('campaigns.campaign.deleted', {})

/** How far a campaign has come, told a few times a second while it is sent: its messages are not told one by one. */
export const campaignProgressed = event('campaigns.progress.counted', { campaignId: z.uuid() })
