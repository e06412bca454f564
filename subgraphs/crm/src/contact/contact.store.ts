// All SQL on contacts.
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { pagesByParent } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, desc, eq } from 'drizzle-orm'
import type { CustomerContactsArgs } from '../generated/graphql.ts'
import { contactPolicy } from './contact.policy.ts'
import { contacts } from './contact.table.ts'

const lists: Lists<object, 'CREATED_AT'> = { filters: {}, orders: { CREATED_AT: by(contacts.createdAt) } }

export const contactStore = (scope: Scope) => ({
  ...rowStore(scope, contactPolicy),
  ofCustomer: (customerId: string, args: CustomerContactsArgs) =>
    pagesByParent(scope, contactPolicy, contacts.customerId, customerId, args, lists),
  /** Whether the customer has a contact at all, and the id of its primary one. */
  async standing(customerId: string): Promise<{ hasAny: boolean; primaryId: string | null }> {
    const [first] = await scope.db
      .select({ id: contacts.id, isPrimary: contacts.isPrimary })
      .from(contacts)
      .where(and(eq(contacts.customerId, customerId)))
      .orderBy(desc(contacts.isPrimary))
      .limit(1)
    return { hasAny: first !== undefined, primaryId: first?.isPrimary ? first.id : null }
  },
})

export type ContactPage = ReturnType<ReturnType<typeof contactStore>['ofCustomer']>
