// The first filling of the mirror of customers.
import { filled } from '@switchyard/runtime/rows/mirror'
import type { Context } from '../context.ts'
import { customerMirror } from './customer.store.ts'

export const customerJobs = [filled(customerMirror, (ctx: Context) => ctx.customers)]
