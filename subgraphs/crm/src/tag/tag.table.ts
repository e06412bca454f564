import { entity } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { text, uniqueIndex } from 'drizzle-orm/pg-core'
import { crm } from '../crm.schema.ts'

export const tags = crm.table('tags', { ...entity(), name: text().notNull(), color: text() }, (t) => [
  uniqueIndex('tags_name_unique').on(sql`lower(${t.name})`),
])
