// What audit does when anything happens anywhere. It has no events of its own, so it never hears itself.
import { everything, reaction } from '@switchyard/runtime/events/reaction'
import type { Transaction } from '../context.ts'
import { logEvent } from './log-event.ts'

export const eventReactions = [
  reaction({ name: 'log', to: everything, may: [], run: (tx: Transaction, event) => logEvent(tx, event) }),
]
