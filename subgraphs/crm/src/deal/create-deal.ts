import { invalidInput } from '@switchyard/runtime/errors'
import { dealCreated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { CreateDealInput } from '../generated/graphql.ts'
import type { Pipeline, Stage } from '../pipeline/pipeline.ts'
import { mustBeAssignable } from '../user/user.ts'
import { newDeal } from './deal.ts'

const usualCurrency = 'EUR'

export const createDeal = (ctx: Context, input: CreateDealInput) =>
  ctx.transaction(async (tx) => {
    await tx.customers.get(input.customerId)
    await mustBeAssignable(tx, input.ownerId)
    const { pipeline, stage } = await entrance(tx, input)
    const currency = pipeline.currency ?? usualCurrency
    const deal = await tx.deals.insert(newDeal(input, stage, currency, ctx.viewer, ctx.clock.now()))
    await tx.deals.insertVisit(deal)
    tx.record(dealCreated(deal, { pipelineId: deal.pipelineId }))
    return deal
  })

/** Where a new deal begins: the given stage, or the first open one of the given or the default pipeline. */
async function entrance(
  ctx: Context,
  { pipelineId, stageId }: CreateDealInput,
): Promise<{ pipeline: Pipeline; stage: Stage }> {
  if (stageId != null) {
    const stage = await ctx.stages.get(stageId)
    if (pipelineId != null && pipelineId !== stage.pipelineId)
      throw invalidInput('stageId', 'This stage belongs to another pipeline.')
    return { pipeline: await ctx.pipelines.get(stage.pipelineId), stage }
  }
  const pipeline = pipelineId == null ? await ctx.pipelines.default() : await ctx.pipelines.get(pipelineId)
  if (!pipeline) throw invalidInput('pipelineId', 'There is no default pipeline yet: create one, or name one.')
  const stages = await ctx.stages.ofPipeline(pipeline.id)
  const stage = stages.find(({ kind }) => kind === 'OPEN')
  if (!stage) throw invalidInput('pipelineId', 'This pipeline has no open stage.')
  return { pipeline, stage }
}
