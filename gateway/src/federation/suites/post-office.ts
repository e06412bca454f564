// Mutations: in the order in which they are written, over the borders of subgraphs, and whatever the one before it did.
import { failure } from '@switchyard/runtime/errors'
import { federated, reference, type Suite } from '../suite.ts'

const counter = {
  typeDefs: federated(`
    type Query { letter(id: ID!): Letter }
    type Mutation { send(to: String!): Letter!  burn(id: ID!): Boolean  recall(id: ID!): Letter!  lose: Letter }
    type Letter @key(fields: "id") { id: ID!  to: String! }
  `),
  resolvers: {
    Query: { letter: (_: unknown, { id }: { id: string }) => ({ id, to: 'Mo' }) },
    Mutation: {
      send: (_: unknown, { to }: { to: string }) => ({ id: `letter-${to}`, to }),
      burn: () => true,
      recall: () => {
        throw failure('INVALID_TRANSITION', 'A letter that has gone stays gone.')
      },
      lose: () => {
        throw failure('NOT_FOUND', 'It is lost already.')
      },
    },
    Letter: {
      __resolveReference: ({ id }: { id: string }) => ({ id, to: id.replace('letter-', '') }),
    },
  },
}

const ledger = {
  typeDefs: federated(`
    type Mutation { charge(cents: Int!): Receipt }
    type Receipt { cents: Int!  for: Letter  books: Query! }
    type Query { balance: Int! }
    type Letter @key(fields: "id") { id: ID!  postage: Int }
  `),
  resolvers: {
    Query: { balance: () => 500 },
    Mutation: {
      charge: (_: unknown, { cents }: { cents: number }) => ({ cents, for: reference('Letter', { id: 'letter-Jo' }) }),
    },
    Receipt: { books: () => ({}) },
    Letter: { postage: ({ id }: { id: string }) => id.length },
  },
}

export const postOffice: Suite = {
  title: 'a post office, where one thing is done after the other',
  subgraphs: { counter, ledger },
  cases: [
    {
      title: 'does in one fetch what one subgraph does in a row',
      operation: 'mutation { a: send(to: "Al") { to } b: send(to: "Bo") { to } }',
      data: { a: { to: 'Al' }, b: { to: 'Bo' } },
      asked: ['counter'],
    },
    {
      title: 'goes from one subgraph to the other and back, in the order that is written',
      operation: 'mutation { a: send(to: "Al") { to } charge(cents: 5) { cents } b: send(to: "Bo") { to } }',
      data: { a: { to: 'Al' }, charge: { cents: 5 }, b: { to: 'Bo' } },
      asked: ['counter', 'ledger', 'counter'],
    },
    {
      title: 'completes what a mutation returns with what another subgraph knows of it',
      operation: 'mutation ($to: String!) { send(to: $to) { to postage } charge(cents: 1) { for { id to postage } } }',
      variables: { to: 'Al' },
      data: {
        send: { to: 'Al', postage: 9 },
        charge: { for: { id: 'letter-Jo', to: 'Jo', postage: 9 } },
      },
    },
    {
      title: 'goes on after a mutation that was refused',
      operation: 'mutation { lose { to } charge(cents: 2) { cents } burn(id: "1") }',
      data: { lose: null, charge: { cents: 2 }, burn: true },
      errors: ['lose NOT_FOUND'],
      asked: ['counter', 'ledger', 'counter'],
    },
    {
      title: 'has no data where a mutation was refused that must return something',
      operation: 'mutation { burn(id: "1") recall(id: "2") { to } }',
      data: null,
      errors: ['recall INVALID_TRANSITION'],
    },
    {
      title: 'does not do what is left out',
      operation:
        'mutation ($yes: Boolean!) { burn(id: "1") @include(if: $yes) charge(cents: 3) @skip(if: $yes) { cents } }',
      variables: { yes: true },
      data: { burn: true },
      asked: ['counter'],
    },
    {
      title: 'answers a question that a mutation returns, from all subgraphs',
      operation: 'mutation { charge(cents: 4) { cents books { __typename balance letter(id: "7") { to postage } } } }',
      data: { charge: { cents: 4, books: { __typename: 'Query', balance: 500, letter: { to: 'Mo', postage: 1 } } } },
    },
    {
      title: 'tells the type of the root',
      operation: 'mutation { __typename burn(id: "1") }',
      data: { __typename: 'Mutation', burn: true },
    },
  ],
}
