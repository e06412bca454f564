import { dealDeleted, dealUpdated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { DeleteDealInput, UpdateDealInput } from '../generated/graphql.ts'
import { mustBeAssignable } from '../user/user.ts'
import { changedDeal } from './deal.ts'

export const updateDeal = (ctx: Context, input: UpdateDealInput) =>
  ctx.transaction(async (tx) => {
    const deal = await tx.deals.lock(input)
    await mustBeAssignable(tx, input.ownerId)
    const next = await tx.deals.update(changedDeal(deal, input))
    if (next.version !== deal.version) tx.record(dealUpdated(next, { pipelineId: next.pipelineId }))
    return next
  })

export const deleteDeal = (ctx: Context, input: DeleteDealInput) =>
  ctx.transaction(async (tx) => {
    const deal = await tx.deals.remove(await tx.deals.lock(input, 'delete'))
    tx.record(dealDeleted(deal, { pipelineId: deal.pipelineId }))
    return deal
  })
