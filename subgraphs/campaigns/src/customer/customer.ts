// Customers as campaigns needs them: somebody to write to.
import type { customers } from './customer.table.ts'

export type Customer = typeof customers.$inferSelect
