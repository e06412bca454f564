// Entity interfaces, and @interfaceObject: subgraphs that add to every work without knowing which kinds there are.
import { federated, type Suite } from '../suite.ts'

const known = [
  { __typename: 'Film', id: 'w1', title: 'Rain', minutes: 90 },
  { __typename: 'Album', id: 'w2', title: 'Salt', tracks: ['Sea', 'Sand'] },
]
const workOf = ({ id }: { id: string }) => {
  const work = known.find((one) => one.id === id)
  return work ? { ...work } : null
}

const catalogue = {
  typeDefs: federated(`
    type Query { works: [Work!]!  work(id: ID!): Work  film: Film }
    interface Work @key(fields: "id") { id: ID!  title: String! }
    type Film implements Work @key(fields: "id") { id: ID!  title: String!  minutes: Int! }
    type Album implements Work @key(fields: "id") { id: ID!  title: String!  tracks: [String!]! }
  `),
  resolvers: {
    Query: { works: () => known, work: (_: unknown, key: { id: string }) => workOf(key), film: () => known[0] },
    Work: { __resolveReference: workOf },
    Film: { __resolveReference: workOf },
    Album: { __resolveReference: workOf },
  },
}

const ratings = {
  typeDefs: federated(`
    type Query { best: [Work!]!  review: Review }
    type Work @key(fields: "id") @interfaceObject { id: ID!  stars: Int  reviews: [Review!]! }
    type Review { text: String!  of: Work! }
  `),
  resolvers: {
    Query: { best: () => [{ id: 'w2' }, { id: 'w1' }], review: () => ({ text: 'Wet.', of: { id: 'w1' } }) },
    Work: {
      stars: ({ id }: { id: string }) => (id === 'w1' ? 5 : 4),
      reviews: ({ id }: { id: string }) => (id === 'w1' ? [{ text: 'Wet.', of: { id } }] : []),
    },
  },
}

const shelf = {
  typeDefs: federated(`
    type Query { lost: Work }
    type Work @key(fields: "id") @interfaceObject {
      id: ID!
      title: String! @external
      label: String! @requires(fields: "title")
    }
  `),
  resolvers: {
    Query: { lost: () => ({ id: 'w9' }) },
    Work: { label: ({ title }: { title: string }) => title.toUpperCase() },
  },
}

export const works: Suite = {
  title: 'works of many kinds, to which others add',
  subgraphs: { catalogue, ratings, shelf },
  cases: [
    {
      title: 'adds a field to whatever kind there is',
      operation: '{ works { __typename title stars } }',
      data: {
        works: [
          { __typename: 'Film', title: 'Rain', stars: 5 },
          { __typename: 'Album', title: 'Salt', stars: 4 },
        ],
      },
      asked: ['catalogue', 'ratings'],
    },
    {
      title: 'adds it to one kind when only that is asked for',
      operation: '{ works { ... on Film { minutes stars } ... on Album { tracks } } film { stars reviews { text } } }',
      data: {
        works: [{ minutes: 90, stars: 5 }, { tracks: ['Sea', 'Sand'] }],
        film: { stars: 5, reviews: [{ text: 'Wet.' }] },
      },
    },
    {
      title: 'need not know the kind for what has the same answer for all',
      operation: '{ best { id stars } }',
      data: {
        best: [
          { id: 'w2', stars: 4 },
          { id: 'w1', stars: 5 },
        ],
      },
      asked: ['ratings'],
    },
    {
      title: 'asks for the kind when a client wants to know it',
      operation: '{ best { __typename stars } }',
      data: {
        best: [
          { __typename: 'Album', stars: 4 },
          { __typename: 'Film', stars: 5 },
        ],
      },
      asked: ['ratings', 'catalogue'],
    },
    {
      title: 'asks for the kind when a fragment depends on it',
      operation: '{ best { stars ... on Album { tracks title } ... on Film { minutes } } }',
      data: {
        best: [
          { stars: 4, tracks: ['Sea', 'Sand'], title: 'Salt' },
          { stars: 5, minutes: 90 },
        ],
      },
    },
    {
      title: 'sends along what a field of the interface requires',
      operation: '{ best { label } works { label } }',
      data: { best: [{ label: 'SALT' }, { label: 'RAIN' }], works: [{ label: 'RAIN' }, { label: 'SALT' }] },
    },
    {
      title: 'goes from a review to its work and back',
      operation: '{ review { of { title reviews { text of { __typename id } } } } }',
      data: { review: { of: { title: 'Rain', reviews: [{ text: 'Wet.', of: { __typename: 'Film', id: 'w1' } }] } } },
    },
    {
      title: 'shows null for one whose kind nobody knows, since its title is due',
      operation: '{ lost { title } }',
      data: { lost: null },
    },
    {
      title: 'asks by the interface for an entity that it has by its id',
      operation: 'query ($id: ID!) { work(id: $id) { id stars ... on Work { label } } }',
      variables: { id: 'w2' },
      data: { work: { id: 'w2', stars: 4, label: 'SALT' } },
    },
    {
      title: 'remembers the kind, whatever a subgraph that does not know the kinds calls it',
      operation: '{ film { __typename ... on Work { stars reviews { of { title } } } minutes } }',
      data: { film: { __typename: 'Film', stars: 5, reviews: [{ of: { title: 'Rain' } }], minutes: 90 } },
    },
  ],
}
