// Which credentials are accepted, read without a context: asked before the process serves anybody.
import { verify } from '@node-rs/argon2'
import type { Db } from '@switchyard/runtime/database/pool'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { partnerKeys } from '../partner/partner.table.ts'
import { passwords, users } from '../user/user.table.ts'
import { digestOf } from './secret.ts'

/** Those of these e-mail addresses, in lower case, with which an active user signs in by this password. */
export async function addressesAccepted(db: Db, emails: readonly string[], password: string): Promise<string[]> {
  const address = sql<string>`lower(${users.email})`
  const found = await db
    .select({ address, hash: passwords.hash })
    .from(users)
    .innerJoin(passwords, eq(passwords.userId, users.id))
    .where(and(eq(users.status, 'ACTIVE'), inArray(address, [...emails])))
  const accepted = new Set<string>()
  for (const { address, hash } of found) if (await verify(hash, password)) accepted.add(address)
  return emails.filter((email) => accepted.has(email))
}

/** The digest that is kept of this key, if a partner is let in by it. */
export async function digestAccepted(db: Db, key: string): Promise<string | undefined> {
  const [found] = await db
    .select({ digest: partnerKeys.hash })
    .from(partnerKeys)
    .where(and(eq(partnerKeys.hash, digestOf(key)), isNull(partnerKeys.revokedAt)))
  return found?.digest
}
