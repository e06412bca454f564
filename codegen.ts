// Types of each subgraph's resolvers from the contract in schema/; written to src/generated, which git ignores.
import type { CodegenConfig } from '@graphql-codegen/cli'

/** A subgraph's rows stand for its GraphQL types as they are: row, domain type and resolver parent are one thing. */
const subgraph = (name: string, mappers: Record<string, string>): CodegenConfig['generates'] => ({
  [`subgraphs/${name}/src/generated/graphql.ts`]: {
    schema: ['schema/common.graphql', `schema/${name}/*.graphql`],
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      federation: true,
      useTypeImports: true,
      enumsAsTypes: true,
      skipTypename: true,
      useIndexSignature: true,
      contextType: '../context.ts#Context',
      maybeValue: 'T | null',
      inputMaybeValue: 'T | null | undefined',
      mappers,
      scalars: {
        ID: { input: 'string', output: 'string' },
        DateTime: { input: 'Date', output: 'Date' },
        Date: { input: 'string', output: 'string' },
        EmailAddress: { input: 'string', output: 'string' },
        CurrencyCode: { input: 'string', output: 'string' },
        BigInt: { input: 'bigint', output: 'bigint' },
        JSON: { input: 'unknown', output: 'unknown' },
      },
    },
  },
})

export default {
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    ...subgraph('audit', {
      AuditChainVerification: '../chain/verify-chain.ts#Verification',
      AuditEvent: '../event/event.ts#AuditEvent as AuditEventRow',
      AuditEventConnection: '../event/event.store.ts#EventPage',
    }),
    ...subgraph('commerce', {
      Customer: '../customer/customer.ts#CustomerReference',
      Order: '../order/order.ts#Order as OrderRow',
      OrderChange: '@switchyard/runtime/events/follow#Change',
      OrderConnection: '../order/order.store.ts#OrderPage',
      OrderLine: '../order/order.ts#OrderLine as OrderLineRow',
      Product: '../product/product.ts#Product as ProductRow',
      ProductConnection: '../product/product.store.ts#ProductPage',
    }),
    ...subgraph('campaigns', {
      Campaign: '../campaign/campaign.ts#Campaign as CampaignRow',
      CampaignChange: '@switchyard/runtime/events/follow#Change',
      CampaignConnection: '../campaign/campaign.store.ts#CampaignPage',
      CampaignDelivery: '../progress/progress.ts#Counts',
      CampaignMessage: '../message/message.ts#Message as MessageRow',
      CampaignMessageConnection: '../message/message.store.ts#MessagePage',
      CustomerTotals: '../total/total.ts#Totals',
    }),
    ...subgraph('crm', {
      Company: '../company/company.ts#Company as CompanyRow',
      CompanyConnection: '../company/company.store.ts#CompanyPage',
      Contact: '../contact/contact.ts#Contact as ContactRow',
      ContactConnection: '../contact/contact.store.ts#ContactPage',
      Customer: '../customer/customer.ts#Customer as CustomerRow',
      CustomerConnection: '../customer/customer.store.ts#CustomerPage',
      Deal: '../deal/deal.ts#Deal as DealRow',
      DealChange: '@switchyard/runtime/events/follow#Change',
      DealConnection: '../deal/deal.store.ts#DealPage',
      DealStage: '../pipeline/pipeline.ts#Stage',
      DealStageVisit: '../deal/deal.ts#StageVisit',
      Pipeline: '../pipeline/pipeline.ts#Pipeline as PipelineRow',
      Tag: '../tag/tag.ts#Tag as TagRow',
    }),
    ...subgraph('identity', {
      Role: '../role/role.ts#Role as RoleRow',
      User: '../user/user.ts#User as UserRow',
      UserConnection: '../user/user.store.ts#UserPage',
      Viewer: '@switchyard/runtime/viewer/viewer#Viewer as Asker',
      ViewerChange: '@switchyard/runtime/events/follow#Change',
    }),
    ...subgraph('support', {
      Ticket: '../ticket/ticket.ts#Ticket as TicketRow',
      TicketChange: '@switchyard/runtime/events/follow#Change',
      TicketConnection: '../ticket/ticket.store.ts#TicketPage',
      TicketReply: '../reply/reply.ts#Reply as ReplyRow',
      TicketReplyConnection: '../reply/reply.store.ts#ReplyPage',
    }),
  },
} satisfies CodegenConfig
