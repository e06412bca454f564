// @provides and @external: what a subgraph can say of another's entity on some paths only; @shareable, which all may say.
import { federated, reference, type Suite } from '../suite.ts'

const artists = [{ id: 'a1', name: 'Ada', born: 1870 }]
const paintings = [
  { __typename: 'Painting', id: 'p1', title: 'Dawn', year: 1899, artist: reference('Artist', { id: 'a1' }) },
  { __typename: 'Painting', id: 'p2', title: 'Dusk', year: 1901, artist: reference('Artist', { id: 'a1' }) },
]
const statue = { __typename: 'Statue', id: 's1', title: 'Torso', kilos: 300 }

const collection = {
  typeDefs: federated(`
    type Query { paintings: [Painting!]! }
    interface Exhibit { id: ID!  title: String! }
    type Painting implements Exhibit @key(fields: "id") {
      id: ID!
      title: String! @shareable
      year: Int!
      artist: Artist! @shareable
      size: Size!
    }
    type Statue implements Exhibit @key(fields: "id") { id: ID!  title: String!  kilos: Int! }
    type Artist @key(fields: "id") { id: ID!  name: String! @shareable  born: Int }
    type Size @shareable { height: Int!  width: Int! }
  `),
  resolvers: {
    Query: { paintings: () => paintings },
    Painting: {
      __resolveReference: ({ id }: { id: string }) => ({ ...paintings.find((one) => one.id === id) }),
      artist: () => artists[0],
      size: () => ({ height: 60, width: 80 }),
    },
    Statue: { __resolveReference: () => ({ ...statue }) },
    Artist: { __resolveReference: ({ id }: { id: string }) => ({ ...artists.find((one) => one.id === id) }) },
  },
}

const exhibitions = {
  typeDefs: federated(`
    type Query {
      highlights: [Painting!]! @provides(fields: "title artist { name }")
      archive: [Painting!]!
      hall: [Shown!]! @provides(fields: "... on Painting { title }")
      rooms: [Room!]!
    }
    type Room { number: Int!  exhibits: [Exhibit!]!  frame: Size! }
    union Shown = Painting | Statue
    interface Exhibit { id: ID! }
    type Painting implements Exhibit @key(fields: "id") { id: ID!  title: String! @external  artist: Artist! @external  loaned: Boolean! }
    type Statue implements Exhibit @key(fields: "id") { id: ID! }
    type Artist @key(fields: "id") { id: ID!  name: String! @external }
    type Size @shareable { height: Int!  width: Int! }
  `),
  resolvers: {
    Query: {
      highlights: () => [{ id: 'p1', title: 'Dawn', artist: { id: 'a1', name: 'Ada' } }],
      archive: () => [{ id: 'p2' }, { id: 'p1' }],
      hall: () => [
        { __typename: 'Painting', id: 'p2', title: 'Dusk' },
        { __typename: 'Statue', id: 's1' },
      ],
      rooms: () => [{ number: 1, exhibits: [reference('Statue', { id: 's1' }), reference('Painting', { id: 'p1' })] }],
    },
    Room: { frame: () => ({ height: 70, width: 90 }) },
    Painting: { loaned: ({ id }: { id: string }) => id === 'p1' },
  },
}

export const gallery: Suite = {
  title: 'a gallery, which knows some words of what it shows',
  subgraphs: { collection, exhibitions },
  cases: [
    {
      title: 'takes what is provided from where it is provided',
      operation: '{ highlights { title artist { name } loaned } }',
      data: { highlights: [{ title: 'Dawn', artist: { name: 'Ada' }, loaned: true }] },
      asked: ['exhibitions'],
    },
    {
      title: 'asks the owner on a path that provides nothing',
      operation: '{ archive { title loaned } }',
      data: {
        archive: [
          { title: 'Dusk', loaned: false },
          { title: 'Dawn', loaned: true },
        ],
      },
      asked: ['exhibitions', 'collection'],
    },
    {
      title: 'asks the owner for what is beyond the provided fields',
      operation: '{ highlights { title year artist { name born } } }',
      data: { highlights: [{ title: 'Dawn', year: 1899, artist: { name: 'Ada', born: 1870 } }] },
    },
    {
      title: 'takes what is provided of one member of a union',
      operation: '{ hall { ... on Painting { title } } }',
      data: { hall: [{ title: 'Dusk' }, {}] },
      asked: ['exhibitions'],
    },
    {
      title: 'asks the owner for the other member only',
      operation: '{ hall { __typename ... on Painting { title } ... on Statue { title kilos } } }',
      data: {
        hall: [
          { __typename: 'Painting', title: 'Dusk' },
          { __typename: 'Statue', title: 'Torso', kilos: 300 },
        ],
      },
      asked: ['exhibitions', 'collection'],
    },
    {
      title: 'asks for a field of an interface that only its owner knows',
      operation: '{ rooms { number exhibits { id title } } }',
      data: {
        rooms: [
          {
            number: 1,
            exhibits: [
              { id: 's1', title: 'Torso' },
              { id: 'p1', title: 'Dawn' },
            ],
          },
        ],
      },
    },
    {
      title: 'takes a shared type from whoever holds it',
      operation: '{ rooms { frame { height width } } paintings { size { width } } }',
      data: {
        rooms: [{ frame: { height: 70, width: 90 } }],
        paintings: [{ size: { width: 80 } }, { size: { width: 80 } }],
      },
    },
  ],
}
