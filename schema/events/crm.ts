// What crm tells others: the payload of each event, beside the envelope that every event has.
import { event } from '@switchyard/runtime/events/event'
import { z } from 'zod'

const inPipeline = { pipelineId: z.uuid() }

export const companyCreated = event('crm.company.created', {})

export const customerCreated = event('crm.customer.created', {})
export const customerUpdated = event('crm.customer.updated', {})
export const customerDeleted = event('crm.customer.deleted', {})
export const customerRestored = event('crm.customer.restored', {})

export const contactCreated = event('crm.contact.created', { customerId: z.uuid() })
export const contactUpdated = event('crm.contact.updated', { customerId: z.uuid() })
export const contactDeleted = event('crm.contact.deleted', { customerId: z.uuid() })
/** The primary contact of a customer is another; `previousId` is null when there was none. */
export const primaryContactChanged = event('crm.contact.made_primary', {
  customerId: z.uuid(),
  previousId: z.uuid().nullable(),
})

export const tagCreated = event('crm.tag.created', {})

export const pipelineCreated = event('crm.pipeline.created', {})
export const stageCreated = event('crm.stage.created', inPipeline)

export const dealCreated = event('crm.deal.created', inPipeline)
export const dealUpdated = event('crm.deal.updated', inPipeline)
export const dealMoved = event('crm.deal.moved', { ...inPipeline, fromStageId: z.uuid(), toStageId: z.uuid() })
export const dealDeleted = event('crm.deal.deleted', inPipeline)
