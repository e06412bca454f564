// Who asks: the one value that every rule, store and event knows a person, a partner or a machine by.

export type PermissionScope = 'own' | 'team' | 'all'

export type Viewer = {
  readonly kind: 'ANONYMOUS' | 'USER' | 'SERVICE' | 'PARTNER'
  /** The user's or the partner's id; the task's name for a service; null for nobody. */
  readonly id: string | null
  readonly roles: readonly string[]
  /** Permission element (`crm.deal.read`) to its widest scope. */
  readonly permissions: Readonly<Record<string, PermissionScope>>
  /** Users who report to the viewer, directly or not; what the scope `team` reaches beside `own`. */
  readonly reports: readonly string[]
  readonly concessionId: string | null
  readonly sessionId: string | null
  readonly impersonatorId: string | null
  /** The names of the operations a partner's key is registered for; null for everybody else. */
  readonly operations: readonly string[] | null
  /** When the credential ends, in milliseconds since the epoch; null when it does not. */
  readonly expiresAt: number | null
}

const nobody: Viewer = {
  kind: 'ANONYMOUS',
  id: null,
  roles: [],
  permissions: {},
  reports: [],
  concessionId: null,
  sessionId: null,
  impersonatorId: null,
  operations: null,
  expiresAt: null,
}

export const anonymous = nobody

/** A machine that may do what its task names and nothing else; it never acts as a person. */
export const service = (task: string, elements: readonly string[]): Viewer => ({
  ...nobody,
  kind: 'SERVICE',
  id: task,
  roles: ['SERVICE'],
  permissions: Object.fromEntries(elements.map((element) => [element, 'all' as const])),
})

/** The id of the person who acts, for columns that name users; null for machines and nobody. */
export const userIdOf = (viewer: Viewer): string | null => (viewer.kind === 'USER' ? viewer.id : null)

export const scopeOf = (viewer: Viewer, element: string): PermissionScope | undefined =>
  Object.hasOwn(viewer.permissions, element) ? viewer.permissions[element] : undefined
