// All SQL on tags.
import { allowedSql } from '@switchyard/runtime/rows/policy-sql'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { sql } from 'drizzle-orm'
import { tagPolicy } from './tag.policy.ts'
import { tags } from './tag.table.ts'
import type { Tag } from './tag.ts'

export const tagStore = (scope: Scope) => {
  const rows = rowStore(scope, tagPolicy)
  return {
    ...rows,
    /** All tags that the viewer may see, by name. */
    all: (): Promise<Tag[]> =>
      scope.db
        .select()
        .from(tags)
        .where(allowedSql(tagPolicy, scope.viewer, 'read'))
        .orderBy(sql`lower(${tags.name})`),
    /** A customer's tags, by name. */
    async ofCustomer(ids: readonly string[]): Promise<Tag[]> {
      const found = await rows.byIds(ids)
      return found.filter((tag) => tag !== null).sort((a, b) => a.name.localeCompare(b.name, 'en'))
    },
  }
}
