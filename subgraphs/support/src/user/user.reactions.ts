// What support does when something happens to a user.
import { mirrored } from '@switchyard/runtime/rows/mirror'
import type { Transaction } from '../context.ts'
import { userMirror } from './user.store.ts'

export const userReactions = [mirrored(userMirror, (tx: Transaction) => tx.users)]
