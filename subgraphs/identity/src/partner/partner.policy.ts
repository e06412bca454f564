// Partners belong to nobody: the role alone decides.
import { everyones } from '@switchyard/runtime/rows/policy'
import { partners } from './partner.table.ts'

export const partnerPolicy = everyones('identity.partner', partners)
