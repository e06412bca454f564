// All SQL on roles: who holds them, and what they give.
import type { Db } from '@switchyard/runtime/database/pool'
import { newId } from '@switchyard/runtime/ids'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import { partsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import { loaderOf, type Scope } from '@switchyard/runtime/rows/scope'
import { and, asc, desc, eq, notInArray, sql } from 'drizzle-orm'
import { builtInRoleNames, builtInRoles } from './built-in-roles.ts'
import { rolePolicy } from './role.policy.ts'
import { permissionSets, roleAssignments, roleSets, roles, setElements } from './role.table.ts'
import type { Grant, Role } from './role.ts'

export const roleStore = (scope: Scope) => {
  const { db, clock } = scope

  /** All roles, the built-in ones first; whoever may see the user who holds one may see it. */
  const all = (): Promise<Role[]> =>
    loaderOf(scope, 'all roles', async () => db.select().from(roles).orderBy(desc(roles.isBuiltIn), asc(roles.id)))

  const assignmentsOf = async (userId: string) => {
    const assigned = await partsByParent(scope, roleAssignments, roleAssignments.userId, userId, roleAssignments.id)
    return assigned.filter(({ expiresAt }) => expiresAt === null || expiresAt > clock.now())
  }

  const elementsOf = (setId: string) => partsByParent(scope, setElements, setElements.setId, setId, setElements.element)

  return {
    ...rowStore(scope, rolePolicy),
    all,
    /** The roles that a user holds now. */
    async ofUser(userId: string): Promise<Role[]> {
      const [held, known] = await Promise.all([assignmentsOf(userId), all()])
      return known.filter((role) => held.some(({ roleId }) => roleId === role.id))
    },
    /** When the first of a user's roles ends; null when none does. */
    async firstExpiryOf(userId: string): Promise<Date | null> {
      const ends = (await assignmentsOf(userId)).flatMap(({ expiresAt }) => expiresAt ?? [])
      return ends.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
    },
    /** What a role gives. */
    async grantsOf(roleId: string): Promise<Grant[]> {
      const sets = await partsByParent(scope, roleSets, roleSets.roleId, roleId, roleSets.setId)
      return (await Promise.all(sets.map(({ setId }) => elementsOf(setId)))).flat()
    },
    async insertAssignments(userId: string, roleIds: readonly string[]): Promise<void> {
      const assignedAt = clock.now()
      await db.insert(roleAssignments).values(roleIds.map((roleId) => ({ id: newId(), userId, roleId, assignedAt })))
    },
  }
}

/** Puts the built-in roles in place, as `built-in-roles.ts` says now. */
export async function installBuiltInRoles(db: Db): Promise<void> {
  const now = new Date()
  for (const name of builtInRoleNames) {
    const made = { id: newId(), createdAt: now, updatedAt: now, version: 1 }
    await db
      .insert(roles)
      .values({ ...made, name, isBuiltIn: true })
      .onConflictDoNothing()
    await db.insert(permissionSets).values({ id: newId(), name }).onConflictDoNothing()
    const [role] = await db
      .select()
      .from(roles)
      .where(and(eq(roles.name, name), roles.isBuiltIn))
    const [set] = await db.select().from(permissionSets).where(eq(permissionSets.name, name))
    if (!role || !set) throw new Error(`The name ${name} is taken by a role that is not built in.`)
    await db.insert(roleSets).values({ roleId: role.id, setId: set.id }).onConflictDoNothing()
    await fill(db, set.id, Object.entries(builtInRoles[name]))
  }
}

async function fill(db: Db, setId: string, permissions: [element: string, scope: Grant['scope']][]): Promise<void> {
  const elements = permissions.map(([element]) => element)
  await db.delete(setElements).where(and(eq(setElements.setId, setId), notInArray(setElements.element, elements)))
  await db
    .insert(setElements)
    .values(permissions.map(([element, scope]) => ({ setId, element, scope })))
    .onConflictDoUpdate({ target: [setElements.setId, setElements.element], set: { scope: sql`excluded.scope` } })
}
