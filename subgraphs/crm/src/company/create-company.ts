import { companyCreated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { CreateCompanyInput } from '../generated/graphql.ts'
import { newCompany } from './company.ts'

export const createCompany = (ctx: Context, input: CreateCompanyInput) =>
  ctx.transaction(async (tx) => {
    const company = await tx.companies.insert(newCompany(input))
    tx.record(companyCreated(company, {}))
    return company
  })
