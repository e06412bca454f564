// All SQL on orders and their lines.
import { byId, byMoment, byMoney, byText, oneOf, searchIn } from '@switchyard/runtime/rows/filters'
import { by, type Lists, sumOfMoney } from '@switchyard/runtime/rows/lists'
import { page, pagesByParent } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import { partsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import type { CustomerOrdersArgs, OrderFilter, OrderOrderField, QueryOrdersArgs } from '../generated/graphql.ts'
import { orderPolicy } from './order.policy.ts'
import { orderLines, orders } from './order.table.ts'
import type { NewLine, Order } from './order.ts'

const lists = {
  filters: {
    status: oneOf(orders.status),
    customerId: byId(orders.customerId),
    number: byText(orders.number),
    total: byMoney(orders.total, orders.currency),
    placedAt: byMoment(orders.placedAt),
    createdAt: byMoment(orders.createdAt),
  },
  search: searchIn(orders.search),
  orders: {
    CREATED_AT: by(orders.createdAt),
    UPDATED_AT: by(orders.updatedAt),
    PLACED_AT: by(orders.placedAt),
    TOTAL: by(orders.total),
  },
  totals: { totalAmounts: sumOfMoney(orders.total, orders.currency) },
} satisfies Lists<OrderFilter, OrderOrderField>

export const orderStore = (scope: Scope) => ({
  ...rowStore(scope, orderPolicy),
  list: (args: QueryOrdersArgs) => page(scope, orderPolicy, args, lists),
  ofCustomer: (customerId: string, args: CustomerOrdersArgs) =>
    pagesByParent(scope, orderPolicy, orders.customerId, customerId, args, lists),

  /** The lines of an order, in the order in which they were asked for. */
  lines: (orderId: string) => partsByParent(scope, orderLines, orderLines.orderId, orderId, orderLines.position),
  async insertLines({ id }: Order, lines: readonly NewLine[]): Promise<void> {
    await scope.db.insert(orderLines).values(lines.map((line) => ({ ...line, orderId: id })))
  },
})

export type OrderPage = ReturnType<ReturnType<typeof orderStore>['list']>
