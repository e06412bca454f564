// Companies belong to nobody: the role alone decides.
import { everyones } from '@switchyard/runtime/rows/policy'
import { companies } from './company.table.ts'

export const companyPolicy = everyones('crm.company', companies)
