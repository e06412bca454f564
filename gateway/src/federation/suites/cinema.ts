// A small graph of three subgraphs on which operations are written in every way that the language allows.
import { federated, reference } from '../suite.ts'

const films = [
  { id: 'f1', title: 'Alba', year: 1970 },
  { id: 'f2', title: 'Brio', year: 2001 },
]

const programme = {
  typeDefs: federated(`
    type Query { film(id: ID!): Film  films(first: Int = 10): [Film!]!  city: String!  hall(number: Int!): Hall }
    type Film @key(fields: "id") { id: ID!  title(case: Case = LOWER): String!  year: Int!  sequel: Film }
    enum Case { LOWER UPPER }
    type Hall { number: Int!  showing: Film }
  `),
  resolvers: {
    Query: {
      film: (_: unknown, { id }: { id: string }) => films.find((film) => film.id === id) ?? null,
      films: (_: unknown, { first }: { first: number }) => films.slice(0, first),
      city: () => 'Turin',
      hall: (_: unknown, { number }: { number: number }) => ({ number, showing: films[number - 1] }),
    },
    Film: {
      __resolveReference: ({ id }: { id: string }) => ({ ...films.find((film) => film.id === id) }),
      title: ({ title }: { title: string }, args: { case: string }) =>
        args.case === 'UPPER' ? title.toUpperCase() : title,
      sequel: ({ id }: { id: string }) => (id === 'f1' ? films[1] : null),
    },
  },
}

const critics = {
  typeDefs: federated(`
    type Query { top: Film! }
    type Film @key(fields: "id") { id: ID!  stars(of: Int = 5): Float  reviews(first: Int = 2): [Review!]! }
    type Review { text: String!  author: Person! }
    type Person @key(fields: "id", resolvable: false) { id: ID! }
  `),
  resolvers: {
    Query: { top: () => ({ id: 'f2' }) },
    Film: {
      stars: ({ id }: { id: string }, args: { of: number }) => (id === 'f1' ? args.of : args.of / 2),
      reviews: ({ id }: { id: string }, { first }: { first: number }) =>
        [
          { text: `${id} is long`, author: reference('Person', { id: 'u1' }) },
          { text: `${id} is short`, author: reference('Person', { id: 'u2' }) },
        ].slice(0, first),
    },
  },
}

const people = {
  typeDefs: federated(`
    type Query { person(id: ID!): Person }
    type Person @key(fields: "id") { id: ID!  name: String!  watched: [Film!]! }
    type Film @key(fields: "id", resolvable: false) { id: ID! }
  `),
  resolvers: {
    Query: { person: (_: unknown, { id }: { id: string }) => ({ id }) },
    Person: {
      name: ({ id }: { id: string }) => (id === 'u1' ? 'Uma' : 'Ugo'),
      watched: ({ id }: { id: string }) => (id === 'u1' ? [{ id: 'f1' }, { id: 'f2' }] : [{ id: 'f2' }]),
    },
  },
}

export const cinema = { programme, critics, people }
