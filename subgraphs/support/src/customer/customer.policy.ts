// A customer is whose crm says it is.
import { owned, rowPolicy } from '@switchyard/runtime/rows/policy'
import { customers } from './customer.table.ts'

export const customerPolicy = rowPolicy('crm.customer', customers, owned('ownerId'))
