import { entity, moment, recoverable, searchable } from '@switchyard/runtime/database/columns'
import { isNull, sql } from 'drizzle-orm'
import { boolean, index, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { companies } from '../company/company.table.ts'
import { crm } from '../crm.schema.ts'

export const customerStatus = crm.enum('customer_status', ['LEAD', 'PROSPECT', 'ACTIVE', 'INACTIVE', 'CHURNED'])
export const contactChannel = crm.enum('contact_channel', ['EMAIL', 'PHONE', 'SMS', 'POST'])

export const customers = crm.table(
  'customers',
  {
    ...entity(),
    ...recoverable(),
    name: text().notNull(),
    email: text(),
    phone: text(),
    status: customerStatus().notNull(),
    contacted: boolean().notNull().default(false),
    contactPreferences: contactChannel().array().notNull().default([]),
    nextFollowUpAt: moment(),
    companyId: uuid().references(() => companies.id),
    ownerId: uuid(),
    tagIds: uuid().array().notNull().default([]),
    search: searchable('crm', 'name', 'email', 'phone'),
  },
  (t) => [
    uniqueIndex('customers_email_unique').on(sql`lower(${t.email})`).where(isNull(t.deletedAt)),
    index('customers_newest').on(t.createdAt, t.id),
    index('customers_last_changed').on(t.updatedAt, t.id),
    index('customers_by_name').on(t.name, t.id),
    index('customers_by_follow_up').on(sql`coalesce(${t.nextFollowUpAt}, 'infinity')`, t.id),
    index('customers_of_owner').on(t.ownerId, t.createdAt, t.id),
    index('customers_of_company').on(t.companyId),
    index('customers_tags').using('gin', t.tagIds),
    index('customers_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)
