// The customers that commerce knows of, mirrored from crm, each shown to whoever crm would show it to.
import { mirror } from '@switchyard/runtime/rows/mirror'
import { customerPolicy } from './customer.policy.ts'
import { customers } from './customer.table.ts'

export const customerStore = mirror({
  entity: 'crm.customer',
  type: 'Customer',
  list: 'customers',
  table: customers,
  policy: customerPolicy,
})
