// An order is its customer's: whoever may see the customer sees it.
import { rowPolicy, through } from '@switchyard/runtime/rows/policy'
import { customerPolicy } from '../customer/customer.policy.ts'
import { orders } from './order.table.ts'

export const orderPolicy = rowPolicy('commerce.order', orders, through(orders.customerId, customerPolicy))
