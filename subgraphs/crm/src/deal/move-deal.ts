import { dealMoved } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { MoveDealInput } from '../generated/graphql.ts'
import { moved } from './deal.ts'

export const moveDeal = (ctx: Context, input: MoveDealInput) =>
  ctx.transaction(async (tx) => {
    const deal = await tx.deals.lock(input)
    const [to, stages] = await Promise.all([tx.stages.get(input.stageId), tx.stages.ofPipeline(deal.pipelineId)])
    const next = await tx.deals.update(moved(deal, to, stages, ctx.clock.now(), input.lostReason))
    await tx.deals.insertVisit(next)
    tx.record(dealMoved(next, { pipelineId: next.pipelineId, fromStageId: deal.stageId, toStageId: next.stageId }))
    return next
  })
