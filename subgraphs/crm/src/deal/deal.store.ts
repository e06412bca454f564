// All SQL on deals and on the stages that they have stood in.
import { newId } from '@switchyard/runtime/ids'
import { byDay, byId, byMoment, byMoney, oneOf, searchIn } from '@switchyard/runtime/rows/filters'
import { by, byWithMissingLast, type Lists, sumOfMoney } from '@switchyard/runtime/rows/lists'
import { page, pagesByParent } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import { partsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { userIdOf } from '@switchyard/runtime/viewer/viewer'
import { and, eq, isNull } from 'drizzle-orm'
import type {
  CustomerDealsArgs,
  DealFilter,
  DealOrderField,
  DealStageDealsArgs,
  QueryDealsArgs,
} from '../generated/graphql.ts'
import { dealPolicy } from './deal.policy.ts'
import { deals, stageVisits } from './deal.table.ts'
import type { Deal } from './deal.ts'

const lists = {
  filters: {
    status: oneOf(deals.status),
    stageId: byId(deals.stageId),
    pipelineId: byId(deals.pipelineId),
    ownerId: byId(deals.ownerId),
    customerId: byId(deals.customerId),
    amount: byMoney(deals.amount, deals.currency),
    expectedCloseOn: byDay(deals.expectedCloseOn),
    createdAt: byMoment(deals.createdAt),
  },
  search: searchIn(deals.search),
  orders: {
    CREATED_AT: by(deals.createdAt),
    UPDATED_AT: by(deals.updatedAt),
    TITLE: by(deals.title),
    AMOUNT: by(deals.amount),
    EXPECTED_CLOSE_ON: byWithMissingLast(deals.expectedCloseOn),
  },
  totals: { totalAmounts: sumOfMoney(deals.amount, deals.currency) },
} satisfies Lists<DealFilter, DealOrderField>

export const dealStore = (scope: Scope) => ({
  ...rowStore(scope, dealPolicy),
  list: (args: QueryDealsArgs) => page(scope, dealPolicy, args, lists),
  ofCustomer: (customerId: string, args: CustomerDealsArgs) =>
    pagesByParent(scope, dealPolicy, deals.customerId, customerId, args, lists),
  ofStage: (stageId: string, args: DealStageDealsArgs) =>
    pagesByParent(scope, dealPolicy, deals.stageId, stageId, args, lists),

  /** Where the deal has stood, the first stage first. */
  visits: (dealId: string) =>
    partsByParent(scope, stageVisits, stageVisits.dealId, dealId, stageVisits.enteredAt, stageVisits.id),
  /** The deal enters the stage where it stands now, and leaves the one before. */
  async insertVisit(deal: Deal): Promise<void> {
    const enteredAt = deal.updatedAt
    await scope.db
      .update(stageVisits)
      .set({ leftAt: enteredAt })
      .where(and(eq(stageVisits.dealId, deal.id), isNull(stageVisits.leftAt)))
    await scope.db
      .insert(stageVisits)
      .values({ id: newId(), dealId: deal.id, stageId: deal.stageId, enteredAt, movedById: userIdOf(scope.viewer) })
  },
})

export type DealPage = ReturnType<ReturnType<typeof dealStore>['list']>
