// commerce: what it is made of.
import { subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { stores } from './context.ts'
import { orderResolvers } from './order/order.resolvers.ts'
import { permissions } from './permissions.ts'
import { productResolvers } from './product/product.resolvers.ts'

export const commerce = subgraph('commerce', {
  stores,
  resolvers: [orderResolvers, productResolvers],
  permissions,
})
