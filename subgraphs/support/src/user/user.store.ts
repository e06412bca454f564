// The users that support knows of, mirrored from identity.
import { mirror } from '@switchyard/runtime/rows/mirror'
import { users } from './user.table.ts'

export const userStore = mirror({ entity: 'identity.user', type: 'User', list: 'users', table: users })
