// A role: a name for what its holders may do.
import type { PermissionScope } from '@switchyard/runtime/viewer/viewer'
import type { roles } from './role.table.ts'

export type Role = typeof roles.$inferSelect

/** What a role gives: a permission element, and how far it reaches. */
export type Grant = { readonly element: string; readonly scope: PermissionScope }

const width: Record<PermissionScope, number> = { own: 1, team: 2, all: 3 }

/** Each element of the grants with its widest scope. */
export function widest(grants: readonly Grant[]): Record<string, PermissionScope> {
  const byWidth = [...grants].sort((a, b) => width[a.scope] - width[b.scope])
  return Object.fromEntries(byWidth.map(({ element, scope }) => [element, scope]))
}

/** Permissions as the API writes them: `crm.deal.read`, and `crm.deal.read:own` where they do not reach all rows. */
export const written = (permissions: Readonly<Record<string, PermissionScope>>): string[] =>
  Object.entries(permissions)
    .map(([element, scope]) => (scope === 'all' ? element : `${element}:${scope}`))
    .sort()
