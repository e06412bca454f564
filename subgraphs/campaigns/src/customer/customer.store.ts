// The customers that campaigns knows of, mirrored from crm.
import { mirror, mirrorStore } from '@switchyard/runtime/rows/mirror'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { customerPolicy } from './customer.policy.ts'
import { customers } from './customer.table.ts'

type Answer = Omit<typeof customers.$inferInsert, 'ownerId'> & { owner: { id: string } | null }

export const customerMirror = mirror({
  entity: 'crm.customer',
  type: 'Customer',
  list: 'customers',
  table: customers,
  policy: customerPolicy,
  selection: 'id version name email owner { id }',
  row: ({ owner, ...customer }: Answer) => ({ ...customer, ownerId: owner?.id ?? null }),
})

export const customerStore = (scope: Scope) => mirrorStore(scope, customerMirror)
