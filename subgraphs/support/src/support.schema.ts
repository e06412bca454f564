import { pgSchema } from 'drizzle-orm/pg-core'

export const support = pgSchema('support')
