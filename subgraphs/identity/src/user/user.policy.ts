// Users belong to nobody: the role alone decides, and permissions.ts which of their fields it shows.
import { everyones } from '@switchyard/runtime/rows/policy'
import { users } from './user.table.ts'

export const userPolicy = everyones('identity.user', users)
