// A customer is seen here as in crm: by its owner, and by those who see all.
import { owned, rowPolicy } from '@switchyard/runtime/rows/policy'
import { customers } from './customer.table.ts'

export const customerPolicy = rowPolicy('crm.customer', customers, owned('ownerId'))
