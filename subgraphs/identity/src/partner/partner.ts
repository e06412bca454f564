// A partner: a company whose machines run the operations that were registered for it.
import type { partners } from './partner.table.ts'

export type Partner = typeof partners.$inferSelect

/** By which a key is told from a token. */
export const keyPrefix = 'swp_'
