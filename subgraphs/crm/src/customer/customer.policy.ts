// A customer belongs to its owner; one without an owner to those who see all.
import { owned, rowPolicy } from '@switchyard/runtime/rows/policy'
import { customers } from './customer.table.ts'

export const customerPolicy = rowPolicy('crm.customer', customers, owned('ownerId'))
