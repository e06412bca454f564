// A company: an organisation that customers work for.
import { given, optionalText, text } from '@switchyard/runtime/input'
import type { CreateCompanyInput } from '../generated/graphql.ts'
import type { companies } from './company.table.ts'

export type Company = typeof companies.$inferSelect

export const newCompany = (input: CreateCompanyInput) => given(input, { name: text(), website: optionalText() })
