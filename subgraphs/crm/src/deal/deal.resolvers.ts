import { money } from '@switchyard/runtime/money'
import { reference } from '@switchyard/runtime/subgraph/reference'
import type { Resolvers } from '../generated/graphql.ts'
import { createDeal } from './create-deal.ts'
import { dealPolicy } from './deal.policy.ts'
import { durationSeconds } from './deal.ts'
import { moveDeal } from './move-deal.ts'
import { deleteDeal, updateDeal } from './update-deal.ts'

export const dealResolvers = {
  Query: {
    deal: (_, { id }, ctx) => ctx.deals.find(id),
    deals: (_, args, ctx) => ctx.deals.list(args),
  },
  Mutation: {
    createDeal: (_, { input }, ctx) => createDeal(ctx, input),
    updateDeal: (_, { input }, ctx) => updateDeal(ctx, input),
    moveDeal: (_, { input }, ctx) => moveDeal(ctx, input),
    deleteDeal: (_, { input }, ctx) => deleteDeal(ctx, input),
  },
  Subscription: {
    dealChanged: {
      subscribe: (_, { pipelineId, after }, ctx) => ctx.follow(dealPolicy, 'dealChanged', after, { pipelineId }),
    },
  },
  Deal: {
    __resolveReference: ({ id }, ctx) => ctx.deals.find(id),
    amount: (deal) => money(deal.amount, deal.currency),
    stage: (deal, _, ctx) => ctx.stages.find(deal.stageId),
    pipeline: (deal, _, ctx) => ctx.pipelines.find(deal.pipelineId),
    customer: (deal, _, ctx) => ctx.customers.find(deal.customerId),
    owner: (deal) => reference('User', deal.ownerId),
    probability: async (deal, _, ctx) => deal.probability ?? (await ctx.stages.get(deal.stageId)).probability,
    stageHistory: (deal, _, ctx) => ctx.deals.visits(deal.id),
  },
  DealStageVisit: {
    stage: (visit, _, ctx) => ctx.stages.find(visit.stageId),
    movedBy: (visit) => reference('User', visit.movedById),
    durationSeconds: (visit, _, ctx) => durationSeconds(visit, ctx.clock.now()),
  },
  DealChange: {
    dealId: (change) => change.id,
    deal: (change, _, ctx) => ctx.deals.find(change.id),
  },
  Customer: {
    deals: (customer, args, ctx) => ctx.deals.ofCustomer(customer.id, args),
  },
  DealStage: {
    deals: (stage, args, ctx) => ctx.deals.ofStage(stage.id, args),
  },
} satisfies Resolvers
