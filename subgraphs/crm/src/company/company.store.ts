// All SQL on companies.
import { byMoment, byText, searchIn } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { page } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import type { CompanyFilter, CompanyOrderField, QueryCompaniesArgs } from '../generated/graphql.ts'
import { companyPolicy } from './company.policy.ts'
import { companies } from './company.table.ts'

const lists: Lists<CompanyFilter, CompanyOrderField> = {
  filters: { name: byText(companies.name), createdAt: byMoment(companies.createdAt) },
  search: searchIn(companies.search),
  orders: { CREATED_AT: by(companies.createdAt), NAME: by(companies.name) },
}

export const companyStore = (scope: Scope) => ({
  ...rowStore(scope, companyPolicy),
  list: (args: QueryCompaniesArgs) => page(scope, companyPolicy, args, lists),
})

export type CompanyPage = ReturnType<ReturnType<typeof companyStore>['list']>
