import { pgSchema } from 'drizzle-orm/pg-core'

export const audit = pgSchema('audit')
