import { entity, searchable } from '@switchyard/runtime/database/columns'
import { index, text } from 'drizzle-orm/pg-core'
import { crm } from '../crm.schema.ts'

export const companies = crm.table(
  'companies',
  {
    ...entity(),
    name: text().notNull(),
    website: text(),
    search: searchable('crm', 'name'),
  },
  (t) => [
    index('companies_newest').on(t.createdAt, t.id),
    index('companies_by_name').on(t.name, t.id),
    index('companies_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)
