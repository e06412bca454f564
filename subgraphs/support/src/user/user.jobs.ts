// The first filling of the mirror of users.
import { filled } from '@switchyard/runtime/rows/mirror'
import type { Context } from '../context.ts'
import { userMirror } from './user.store.ts'

export const userJobs = [filled(userMirror, (ctx: Context) => ctx.users)]
