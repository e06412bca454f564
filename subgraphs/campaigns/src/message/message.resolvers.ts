import type { Resolvers } from '../generated/graphql.ts'

export const messageResolvers = {
  CampaignMessage: {
    __resolveReference: ({ id }, ctx) => ctx.messages.find(id),
    campaign: (message, _, ctx) => ctx.campaigns.find(message.campaignId),
    customer: (message, _, ctx) => ctx.customers.find(message.customerId),
  },
  Customer: {
    messages: (customer, args, ctx) => ctx.messages.ofCustomer(customer.id, args),
  },
} satisfies Resolvers
