// What campaigns does when something happens to a customer.
import { mirrored } from '@switchyard/runtime/rows/mirror'
import type { Transaction } from '../context.ts'
import { customerMirror } from './customer.store.ts'

export const customerReactions = [mirrored(customerMirror, (tx: Transaction) => tx.customers)]
