// A session belongs to the user who signed in.
import { owned, rowPolicy } from '@switchyard/runtime/rows/policy'
import { sessions } from './session.table.ts'

export const sessionPolicy = rowPolicy('identity.session', sessions, owned('userId'))
