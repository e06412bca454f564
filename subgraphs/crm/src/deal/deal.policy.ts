// A deal belongs to its owner, and is seen by whoever may see its customer.
import { any, owned, rowPolicy, through } from '@switchyard/runtime/rows/policy'
import { customerPolicy } from '../customer/customer.policy.ts'
import { deals } from './deal.table.ts'

export const dealPolicy = rowPolicy('crm.deal', deals, any(owned('ownerId'), through(deals.customerId, customerPolicy)))
