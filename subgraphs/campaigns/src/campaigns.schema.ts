import { pgSchema } from 'drizzle-orm/pg-core'

export const campaigns = pgSchema('campaigns')
