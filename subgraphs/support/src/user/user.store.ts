// The users that support knows of, mirrored from identity.
import { mirror, mirrorStore } from '@switchyard/runtime/rows/mirror'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { users } from './user.table.ts'

export const userMirror = mirror({ entity: 'identity.user', type: 'User', list: 'users', table: users })

export const userStore = (scope: Scope) => mirrorStore(scope, userMirror)
