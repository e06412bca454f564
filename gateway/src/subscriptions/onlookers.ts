// Through whose eyes a feed looks: those of everybody with the same rights, where these alone decide what is seen.
import type { Viewer } from '@switchyard/runtime/viewer/viewer'

export type Onlooker = {
  readonly viewer: Viewer
  /** Whether it stands for everybody with the same rights. */
  readonly isShared: boolean
  /** The same for all who may look together. */
  readonly key: string
}

export type Onlookers = ReturnType<typeof createOnlookers>

/** A person's own sessions: no other rows hang on them, and no type of the graph shows them. */
const shownNowhere = new Set(['identity.session.read'])

export function createOnlookers(subgraphs: ReadonlySet<string>) {
  const together = new WeakMap<Viewer, Onlooker>()
  const alone = new WeakMap<Viewer, Onlooker>()

  /** Whether which rows are seen may hang on who the viewer is: then it reads some of them as its own or its team's. */
  function dependsOnPerson({ permissions }: Viewer): boolean {
    const elements = Object.entries(permissions)
    const reachable = ([element]: [string, unknown]) => subgraphs.has(element.slice(0, element.indexOf('.')))
    const read = elements.filter(([element]) => element.endsWith('.read') && !shownNowhere.has(element))
    return elements.length === 0 || read.filter(reachable).some(([, scope]) => scope !== 'all')
  }

  return {
    /**
     * Everybody with the viewer's rights, as a viewer who has these and is nobody: whatever such a viewer is shown, each
     * of them may see. It is the viewer alone where what is seen depends on the person.
     */
    together(viewer: Viewer): Onlooker {
      return kept(together, viewer, () =>
        dependsOnPerson(viewer) ? this.alone(viewer) : onlooker(rightsOf(viewer), true),
      )
    },

    /** The viewer, in whichever of its sessions. */
    alone: (viewer: Viewer): Onlooker =>
      kept(alone, viewer, () => onlooker({ ...viewer, sessionId: null, expiresAt: null }, false)),
  }
}

const rightsOf = (viewer: Viewer): Viewer => ({
  ...viewer,
  id: null,
  roles: viewer.roles.toSorted(),
  permissions: Object.fromEntries(Object.entries(viewer.permissions).sort(([a], [b]) => (a < b ? -1 : 1))),
  reports: [],
  sessionId: null,
  impersonatorId: null,
  operations: null,
  expiresAt: null,
})

const onlooker = (viewer: Viewer, isShared: boolean): Onlooker => ({ viewer, isShared, key: JSON.stringify(viewer) })

function kept(known: WeakMap<Viewer, Onlooker>, viewer: Viewer, make: () => Onlooker): Onlooker {
  const before = known.get(viewer)
  if (before) return before
  const made = make()
  known.set(viewer, made)
  return made
}
