import { entity, moment } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { boolean, index, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { identity } from '../identity.schema.ts'
import { users } from '../user/user.table.ts'

export const permissionScope = identity.enum('permission_scope', ['own', 'team', 'all'])

export const permissionSets = identity.table(
  'permission_sets',
  { id: uuid().primaryKey(), name: text().notNull() },
  (t) => [uniqueIndex('permission_sets_name_unique').on(sql`lower(${t.name})`)],
)

/** Permission elements, such as `crm.deal.read`, and how far each reaches in this set. */
export const setElements = identity.table(
  'permission_set_elements',
  {
    setId: uuid()
      .notNull()
      .references(() => permissionSets.id),
    element: text().notNull(),
    scope: permissionScope().notNull(),
  },
  (t) => [primaryKey({ columns: [t.setId, t.element] })],
)

export const roles = identity.table(
  'roles',
  { ...entity(), name: text().notNull(), isBuiltIn: boolean().notNull().default(false) },
  (t) => [uniqueIndex('roles_name_unique').on(sql`lower(${t.name})`)],
)

export const roleSets = identity.table(
  'role_permission_sets',
  {
    roleId: uuid()
      .notNull()
      .references(() => roles.id),
    setId: uuid()
      .notNull()
      .references(() => permissionSets.id),
  },
  (t) => [primaryKey({ columns: [t.roleId, t.setId] })],
)

export const roleAssignments = identity.table(
  'role_assignments',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    roleId: uuid()
      .notNull()
      .references(() => roles.id),
    assignedAt: moment().notNull(),
    /** Null for as long as nobody takes it back. */
    expiresAt: moment(),
  },
  (t) => [
    uniqueIndex('role_assignments_unique').on(t.userId, t.roleId),
    index('role_assignments_of_role').on(t.roleId),
  ],
)
