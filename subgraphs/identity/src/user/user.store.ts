// All SQL on users and their passwords.
import type { Db } from '@switchyard/runtime/database/pool'
import { normalAddress } from '@switchyard/runtime/email-address'
import { forbidden } from '@switchyard/runtime/errors'
import { isId } from '@switchyard/runtime/ids'
import { byMoment, byText, everyWord, holdsWord, oneOf } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { page } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { scopeOf } from '@switchyard/runtime/viewer/viewer'
import { and, eq, exists, gt, isNotNull, isNull, notExists, or, sql } from 'drizzle-orm'
import { alias, QueryBuilder } from 'drizzle-orm/pg-core'
import type { QueryUsersArgs, UserFilter, UserOrderField } from '../generated/graphql.ts'
import { roleAssignments } from '../role/role.table.ts'
import { knownClients } from '../session/session.table.ts'
import { knownClientMs } from '../session/sign-in-limits.ts'
import { userPolicy } from './user.policy.ts'
import { passwords, users } from './user.table.ts'
import { addressOf, type User } from './user.ts'

const mostReports = 200

type Credentials = { readonly user: User | null; readonly hash: string | null; readonly isKnown: boolean }

/** What a viewer may not read they may not filter by either: the answer would give it away. */
const listsFor = ({ viewer, clock }: Scope): Lists<UserFilter, UserOrderField> => {
  const readsDetails = scopeOf(viewer, 'identity.user.read_details') !== undefined
  const detail = <Value, Result>(filter: (value: Value) => Result) => {
    return (value: Value): Result => {
      if (!readsDetails) throw forbidden('You may not filter users by this.')
      return filter(value)
    }
  }
  const emailHolds = (word: string) => (readsDetails ? byText(users.email)({ contains: word }) : undefined)
  const holdsRole = (roleId: string) => {
    const isHeld = or(isNull(roleAssignments.expiresAt), gt(roleAssignments.expiresAt, clock.now()))
    const itsAssignment = and(eq(roleAssignments.userId, users.id), eq(roleAssignments.roleId, roleId), isHeld)
    return exists(new QueryBuilder().select({ id: roleAssignments.id }).from(roleAssignments).where(itsAssignment))
  }
  return {
    filters: {
      status: oneOf(users.status),
      name: byText(users.name),
      email: detail(byText(users.email)),
      roleId: detail((id: string) => (isId(id) ? holdsRole(id) : sql`false`)),
      createdAt: byMoment(users.createdAt),
    },
    search: everyWord((word) => or(holdsWord(users.search, word), emailHolds(word))),
    orders: { CREATED_AT: by(users.createdAt), NAME: by(users.name) },
  }
}

export const userStore = (scope: Scope) => {
  const { db, clock } = scope
  const one = async (where: ReturnType<typeof eq> | undefined): Promise<User | null> => {
    const [found] = where ? await db.select().from(users).where(where) : []
    return found ?? null
  }

  return {
    ...rowStore(scope, userPolicy),
    list: (args: QueryUsersArgs) => page(scope, userPolicy, args, listsFor(scope)),

    // For signing in and for tokens, when it is not known yet who asks: whatever the viewer may see.

    /** A user known by other means than by asking for one: the viewer, or whoever acts as the viewer. */
    known: (id: string) => one(eq(users.id, id)),
    bySubject: (issuer: string, subject: string) => one(and(eq(users.issuer, issuer), eq(users.subject, subject))),
    isAddressTaken: async (email: string) => (await one(eq(users.email, email))) !== null,
    /** Who has this address, the hash of their password if they have one, and whether this client is known to be theirs. */
    async credentials(email: string, client: string): Promise<Credentials> {
      const knownSince = new Date(clock.now().getTime() - knownClientMs)
      const [row] = await db
        .select({ user: users, hash: passwords.hash, isKnown: isNotNull(knownClients.client).mapWith(Boolean) })
        .from(users)
        .leftJoin(passwords, eq(passwords.userId, users.id))
        .leftJoin(
          knownClients,
          and(
            eq(knownClients.userId, users.id),
            eq(knownClients.client, client),
            gt(knownClients.lastSeenAt, knownSince),
          ),
        )
        .where(eq(users.email, email))
      return row ?? { user: null, hash: null, isKnown: false }
    },
    /** Who reports to a user, directly or not. */
    async reportsOf(id: string): Promise<string[]> {
      const found = await db.execute<{ id: string }>(sql`
        with recursive reports (id) as (
          select ${users.id} from ${users} where ${eq(users.managerId, id)}
          union
          select ${users.id} from ${users} join reports on ${users.managerId} = reports.id
        )
        select id from reports where id <> ${id} limit ${mostReports}`)
      return found.map((row) => row.id)
    },

    /** Has those who meet a user for the first time wait for one another. */
    async lockNewcomers(): Promise<void> {
      await db.execute(sql`select pg_advisory_xact_lock(hashtext('identity.newcomers'))`)
    },
    /** Whether the user may come in; while this transaction lasts, that stays so. */
    async lockActive(id: string): Promise<boolean> {
      const [found] = await db.select({ status: users.status }).from(users).where(eq(users.id, id)).for('no key update')
      return found?.status === 'ACTIVE'
    },
    async insertPassword(userId: string, hash: string): Promise<void> {
      await db.insert(passwords).values({ userId, hash, changedAt: clock.now() })
    },
    /** Not a change that anybody must hear of: no version, no event. */
    async updateLastSeen(id: string): Promise<void> {
      await db.update(users).set({ lastSeenAt: clock.now() }).where(eq(users.id, id))
    },
  }
}

export type UserPage = ReturnType<ReturnType<typeof userStore>['list']>

/**
 * Brings addresses that were kept before there was a normal spelling into it. Where that is another user's
 * already, the address stays as it is: both users keep their accounts.
 */
export async function normalizeAddresses(db: Db): Promise<void> {
  const outsideAscii = sql`octet_length(${users.email}) <> char_length(${users.email})`
  const found = await db.select({ id: users.id, email: users.email }).from(users).where(outsideAscii)
  const other = alias(users, 'other')
  for (const { id, email } of found) {
    const normal = addressOf(normalAddress(email ?? '') ?? email ?? '')
    const holder = db
      .select({ id: other.id })
      .from(other)
      .where(eq(sql`lower(${other.email})`, normal))
    await db
      .update(users)
      .set({ email: normal })
      .where(and(eq(users.id, id), notExists(holder)))
  }
}
