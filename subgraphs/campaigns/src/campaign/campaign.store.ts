// All SQL on campaigns and on whom they are for.
import { byId, byMoment, byMoney, oneOf, searchIn } from '@switchyard/runtime/rows/filters'
import { by, byWithMissingLast, type Lists } from '@switchyard/runtime/rows/lists'
import { page } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { eq, sql } from 'drizzle-orm'
import type { CampaignFilter, CampaignOrderField, QueryCampaignsArgs } from '../generated/graphql.ts'
import { campaignPolicy } from './campaign.policy.ts'
import { audience, campaigns } from './campaign.table.ts'

const lists: Lists<CampaignFilter, CampaignOrderField> = {
  filters: {
    status: oneOf(campaigns.status),
    channel: oneOf(campaigns.channel),
    createdById: byId(campaigns.createdById),
    budget: byMoney(campaigns.amount, campaigns.currency),
    startsAt: byMoment(campaigns.startsAt),
    endsAt: byMoment(campaigns.endsAt),
    createdAt: byMoment(campaigns.createdAt),
  },
  search: searchIn(campaigns.search),
  orders: {
    CREATED_AT: by(campaigns.createdAt),
    UPDATED_AT: by(campaigns.updatedAt),
    NAME: by(campaigns.name),
    STARTS_AT: byWithMissingLast(campaigns.startsAt),
  },
}

export const campaignStore = (scope: Scope) => ({
  ...rowStore(scope, campaignPolicy),
  list: (args: QueryCampaignsArgs) => page(scope, campaignPolicy, args, lists),

  /** Those whom the campaign is for. */
  async audience(campaignId: string): Promise<string[]> {
    const rows = await scope.db
      .select({ id: audience.customerId })
      .from(audience)
      .where(eq(audience.campaignId, campaignId))
    return rows.map(({ id }) => id)
  },
  /** These, and nobody else, are whom the campaign is for. */
  async updateAudience(campaignId: string, customerIds: readonly string[]): Promise<void> {
    await scope.db.delete(audience).where(eq(audience.campaignId, campaignId))
    await scope.db.execute(
      sql`insert into ${audience} (campaign_id, customer_id)
          select ${campaignId}::uuid, unnest(${sql.param(customerIds)}::uuid[])`,
    )
  },
})

export type CampaignPage = ReturnType<ReturnType<typeof campaignStore>['list']>
