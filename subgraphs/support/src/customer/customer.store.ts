// The customers that support knows of, mirrored from crm, each shown to whoever crm would show it to.
import { mirror, mirrorStore } from '@switchyard/runtime/rows/mirror'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { customerPolicy } from './customer.policy.ts'
import { customers } from './customer.table.ts'

type Node = { id: string; version: number; owner: { id: string } | null }

export const customerMirror = mirror({
  entity: 'crm.customer',
  type: 'Customer',
  list: 'customers',
  table: customers,
  policy: customerPolicy,
  selection: 'id version owner { id }',
  row: ({ id, version, owner }: Node) => ({ id, version, ownerId: owner?.id ?? null }),
})

export const customerStore = (scope: Scope) => mirrorStore(scope, customerMirror)
