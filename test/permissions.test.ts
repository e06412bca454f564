import { builtInRoles } from '@switchyard/identity/built-in-roles'
import { meets, type Requirement } from '@switchyard/runtime/permissions/law'
import { anonymous, type PermissionScope, scopeOf, type Viewer } from '@switchyard/runtime/viewer/viewer'
import { describe, expect, it } from 'vitest'
import { graph } from '../graph.ts'

const roles = Object.entries(builtInRoles)
const viewerOf = (role: string, permissions: Record<string, PermissionScope>): Viewer => ({
  ...anonymous,
  kind: 'USER',
  id: 'somebody',
  roles: [role],
  permissions,
})

/** How far a role reaches: its scope for the permission, `self` for one's own row alone, `–` for nothing. */
function verdict(viewer: Viewer, requirement: Requirement): string {
  if (meets(viewer, requirement) === true)
    return ('element' in requirement && scopeOf(viewer, requirement.element)) || 'yes'
  return requirement.kind === 'element or self' && viewer.kind === 'USER' ? 'self' : '–'
}

const columns = (cells: readonly string[]) =>
  cells
    .map((cell, index) => cell.padEnd(index === 0 ? 44 : 10))
    .join('')
    .trimEnd()

describe('the law of the graph', () => {
  it('is the table that was agreed on: role by field', async () => {
    const viewers = [anonymous, ...roles.map(([role, permissions]) => viewerOf(role, permissions))]
    const lines = graph.flatMap(({ permissions }) =>
      Object.entries(permissions).flatMap(([type, fields]) =>
        Object.entries(fields).map(([field, requirement]) => [
          `${type}.${field}`,
          ...viewers.map((viewer) => verdict(viewer, requirement)),
        ]),
      ),
    )
    const table = [['field', 'nobody', ...roles.map(([role]) => role)], ...lines].map(columns).join('\n')
    await expect(`${table}\n`).toMatchFileSnapshot('golden/fields.txt')
  })

  it('is the table that was agreed on: role by permission element', async () => {
    const elements = [...new Set(roles.flatMap(([, permissions]) => Object.keys(permissions)))].sort()
    const lines = elements.map((element) => [element, ...roles.map(([, permissions]) => permissions[element] ?? '–')])
    const table = [['element', ...roles.map(([role]) => role)], ...lines].map(columns).join('\n')
    await expect(`${table}\n`).toMatchFileSnapshot('golden/elements.txt')
  })

  it('asks only for permissions that some role holds, or that are for machines', () => {
    const held = new Set(roles.flatMap(([, permissions]) => Object.keys(permissions)))
    const asked = graph.flatMap(({ permissions }) =>
      Object.values(permissions).flatMap((fields) =>
        Object.values(fields).flatMap((requirement) => ('element' in requirement ? [requirement.element] : [])),
      ),
    )
    expect([...new Set(asked)].filter((element) => !held.has(element))).toEqual(['identity.viewer.resolve'])
  })
})
