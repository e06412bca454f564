// The identity of the gateway's test graph: people with tokens, whose standing a test can change.
import { forbidden, unauthenticated } from '@switchyard/runtime/errors'
import type { SubgraphRequest } from '@switchyard/runtime/subgraph/executor'
import { anonymous, type Viewer } from '@switchyard/runtime/viewer/viewer'
import { parse } from 'graphql'
import { testSubgraph } from './graph.ts'
import { topic } from './topic.ts'

export const identityTypeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible", "@tag"])
  scalar JSON
  type Query {
    me: Me
    users(first: Int): [User]
    viewerByToken(token: String!): JSON @inaccessible
  }
  type Mutation {
    signIn(name: String!): String @tag(name: "once-per-operation")
    renew(name: String!): String @tag(name: "once-per-operation")
    greet(name: String!): String @tag(name: "public")
  }
  type Subscription { viewersChanged: ViewersChanged @inaccessible }
  type ViewersChanged @inaccessible { userId: ID sessionId: ID }
  type Me { id: ID roles: [String!]! }
  type User @key(fields: "id") { id: ID! name: String! }
`)

type Asking = Pick<SubgraphRequest, 'viewer'>

export const user = (id: string, ...roles: string[]): Viewer => ({
  ...anonymous,
  kind: 'USER',
  id,
  roles,
  sessionId: `session-of-${id}`,
})

export function testIdentity() {
  const viewers = new Map<string, Viewer>()
  const changes = topic<{ userId: string | null; sessionId: string | null }>()

  const subgraph = testSubgraph('identity', identityTypeDefs, {
    Query: {
      me: (_: unknown, __: unknown, { viewer }: Asking) => (viewer.kind === 'ANONYMOUS' ? null : viewer),
      users: (_: unknown, __: unknown, { viewer }: Asking) => {
        if (!viewer.roles.includes('ADMIN')) throw forbidden()
        return [{ id: 'alice' }, { id: 'bob' }]
      },
      viewerByToken: (_: unknown, { token }: { token: string }, { viewer: asker }: Asking) => {
        if (asker.id !== 'gateway') throw forbidden()
        const viewer = viewers.get(token)
        if (!viewer) throw unauthenticated('The token is not valid.')
        return viewer
      },
    },
    Mutation: {
      signIn: (_: unknown, { name }: { name: string }) => name,
      renew: (_: unknown, { name }: { name: string }) => name,
      greet: (_: unknown, { name }: { name: string }) => name,
    },
    Subscription: {
      viewersChanged: { subscribe: () => changes.stream(), resolve: (change: unknown) => change },
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id }: { id: string }) => id.toUpperCase(),
    },
  })

  return {
    subgraph,
    changes,
    /** Lets a viewer in by a token. */
    admit: (token: string, viewer: Viewer) => void viewers.set(token, viewer),
    revoke: (token: string) => void viewers.delete(token),
    /** How often the gateway has asked whose token it is. */
    timesAsked: () => subgraph.received.filter(({ query }) => query.includes('viewerByToken')).length,
  }
}
