// All SQL on customers.
import {
  byId,
  byMoment,
  byText,
  everyWord,
  holdsWord,
  isEqual,
  oneOf,
  overlaps,
} from '@switchyard/runtime/rows/filters'
import { by, byWithMissingLast, type Lists } from '@switchyard/runtime/rows/lists'
import { page } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, eq, exists, or } from 'drizzle-orm'
import { QueryBuilder } from 'drizzle-orm/pg-core'
import { companies } from '../company/company.table.ts'
import type { CustomerFilter, CustomerOrderField, QueryCustomersArgs } from '../generated/graphql.ts'
import { customerPolicy } from './customer.policy.ts'
import { customers } from './customer.table.ts'

const companyHolds = (word: string) => {
  const itsCompany = and(eq(companies.id, customers.companyId), holdsWord(companies.search, word))
  return exists(new QueryBuilder().select({ id: companies.id }).from(companies).where(itsCompany))
}

const lists: Lists<CustomerFilter, CustomerOrderField> = {
  filters: {
    status: oneOf(customers.status),
    ownerId: byId(customers.ownerId),
    companyId: byId(customers.companyId),
    tagIds: overlaps(customers.tagIds),
    email: byText(customers.email),
    contacted: isEqual(customers.contacted),
    createdAt: byMoment(customers.createdAt),
    nextFollowUpAt: byMoment(customers.nextFollowUpAt),
  },
  search: everyWord((word) => or(holdsWord(customers.search, word), companyHolds(word))),
  orders: {
    CREATED_AT: by(customers.createdAt),
    UPDATED_AT: by(customers.updatedAt),
    NAME: by(customers.name),
    NEXT_FOLLOW_UP_AT: byWithMissingLast(customers.nextFollowUpAt),
  },
}

export const customerStore = (scope: Scope) => ({
  ...rowStore(scope, customerPolicy),
  list: (args: QueryCustomersArgs) => page(scope, customerPolicy, args, lists),
})

export type CustomerPage = ReturnType<ReturnType<typeof customerStore>['list']>
