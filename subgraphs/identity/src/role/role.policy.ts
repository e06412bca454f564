// Roles belong to nobody: the role alone decides.
import { everyones } from '@switchyard/runtime/rows/policy'
import { roles } from './role.table.ts'

export const rolePolicy = everyones('identity.role', roles)
