import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'
import { builtInRoleNames, builtInRoles } from './built-in-roles.ts'
import { written } from './role.ts'

describe('the built-in roles', () => {
  it('are installed as their table says', async () => {
    const { app, admin } = await world()
    const { roles } = await app
      .as(admin)
      .ok<{ roles: { name: string; permissions: string[] }[] }>('{ roles { name permissions } }')
    const expected = builtInRoleNames.map((name) => ({ name, permissions: written(builtInRoles[name]) }))
    expect(roles).toEqual(expected)
  })

  it('name each element once, with a scope for every role', () => {
    for (const permissions of Object.values(builtInRoles)) {
      for (const [element, scope] of Object.entries(permissions)) {
        expect(element).toMatch(/^[a-z]+\.[a-z_]+\.[a-z_]+$/)
        expect(['own', 'team', 'all']).toContain(scope)
      }
    }
  })

  it('let an administrator do whatever anybody may', () => {
    const elements = Object.values(builtInRoles).flatMap((permissions) => Object.keys(permissions))
    for (const element of elements) expect([element, builtInRoles.ADMIN[element]]).toEqual([element, 'all'])
  })

  it('are for administrators to read', async () => {
    const { app, manager } = await world()
    expect((await app.as(manager).refused('{ roles { id } }')).code).toBe('FORBIDDEN')
  })
})
