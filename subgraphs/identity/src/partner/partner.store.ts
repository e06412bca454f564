// All SQL on partners and their keys.
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, eq, getTableColumns, isNull } from 'drizzle-orm'
import { partnerPolicy } from './partner.policy.ts'
import { partnerKeys, partners } from './partner.table.ts'
import type { Partner } from './partner.ts'

export const partnerStore = (scope: Scope) => ({
  ...rowStore(scope, partnerPolicy),
  /** Whose key has this hash: asked when it is not known yet who asks. */
  async byKey(hash: string): Promise<Partner | null> {
    const [found] = await scope.db
      .select(getTableColumns(partners))
      .from(partners)
      .innerJoin(partnerKeys, eq(partnerKeys.partnerId, partners.id))
      .where(and(eq(partnerKeys.hash, hash), isNull(partnerKeys.revokedAt)))
    return found ?? null
  },
  async insertKey(partnerId: string, hash: string): Promise<void> {
    await scope.db.insert(partnerKeys).values({ partnerId, hash, createdAt: scope.clock.now() })
  },
})
