// Unions and interfaces that span subgraphs: who is in them, what they have in common, and what only some can say.
import { failure } from '@switchyard/runtime/errors'
import { federated, reference, type Suite } from '../suite.ts'

const lion = { __typename: 'Lion', id: 'l1', name: 'Leo', roars: true, mane: 'dark' }
const penguin = { __typename: 'Penguin', id: 'g1', name: 'Gwen', swims: 12 }
const aquarium = { __typename: 'Aquarium', litres: 5000, inside: [penguin, null] }
const animalOf = ({ id }: { id: string }) => ({ ...[lion, penguin].find((animal) => animal.id === id) })

const animals = {
  typeDefs: federated(`
    type Query { animals: [Animal]!  exhibits: [Exhibit!]!  loudest: Lion }
    interface Animal { id: ID!  name: String! }
    type Lion implements Animal @key(fields: "id") { id: ID!  name: String!  roars: Boolean!  mane: String }
    type Penguin implements Animal @key(fields: "id") { id: ID!  name: String!  swims: Int! }
    type Aquarium { litres: Int!  inside: [Animal]! }
    union Exhibit = Lion | Penguin | Aquarium
  `),
  resolvers: {
    Query: { animals: () => [lion, null, penguin], exhibits: () => [aquarium, lion], loudest: () => lion },
    Lion: { __resolveReference: animalOf },
    Penguin: { __resolveReference: animalOf },
  },
}

const kira = reference('Keeper', { id: 'k1', name: 'Kira' })

const keepers = {
  typeDefs: federated(`
    type Query { keepers: [Keeper!]! }
    interface Animal { id: ID! }
    interface Kept { keeper: Keeper }
    type Lion implements Animal & Kept @key(fields: "id") { id: ID!  keeper: Keeper }
    type Penguin implements Animal & Kept @key(fields: "id") { id: ID!  keeper: Keeper }
    type Keeper @key(fields: "id") { id: ID!  name: String!  favourite: Animal  inbox: [Mail!]! }
    union Mail = Letter | Lion
    type Letter { subject: String!  about: Animal }
  `),
  resolvers: {
    Query: { keepers: () => [kira] },
    Lion: { keeper: () => kira },
    Penguin: { keeper: () => null },
    Keeper: {
      favourite: () => reference('Penguin', { id: 'g1' }),
      inbox: () => [
        { __typename: 'Letter', subject: 'Fish', about: reference('Penguin', { id: 'g1' }) },
        reference('Lion', { id: 'l1' }),
        { __typename: 'Letter', subject: 'Pay', about: null },
      ],
    },
  },
}

const training = {
  typeDefs: federated(`
    interface Animal { id: ID! }
    interface Trained { tricks: [String!]!  trainer: Keeper }
    type Lion implements Animal & Trained @key(fields: "id") { id: ID!  tricks: [String!]!  trainer: Keeper }
    type Penguin implements Animal @key(fields: "id") { id: ID!  pool: Int!  fish: Int }
    type Keeper @key(fields: "id") { id: ID!  certificates: Int! }
  `),
  resolvers: {
    Lion: { tricks: () => ['sit'], trainer: () => ({ id: 'k1' }) },
    Penguin: {
      pool: () => 3,
      fish: () => {
        throw failure('NOT_FOUND', 'There is no fish.')
      },
    },
    Keeper: { certificates: () => 2 },
  },
}

export const zoo: Suite = {
  title: 'a zoo, of animals that have little in common',
  subgraphs: { animals, keepers, training },
  cases: [
    {
      title: 'tells the members of a union apart',
      operation: '{ exhibits { __typename ... on Aquarium { litres } ... on Lion { mane } } }',
      data: {
        exhibits: [
          { __typename: 'Aquarium', litres: 5000 },
          { __typename: 'Lion', mane: 'dark' },
        ],
      },
      asked: ['animals'],
    },
    {
      title: 'asks for a member of a union where another subgraph knows more of it',
      operation: '{ exhibits { ... on Lion { name keeper { name } } ... on Penguin { keeper { name } } } }',
      data: { exhibits: [{}, { name: 'Leo', keeper: { name: 'Kira' } }] },
      asked: ['animals', 'keepers'],
    },
    {
      title: 'passes over the nulls in a list of an interface',
      operation: '{ animals { name ... on Penguin { pool } } }',
      data: { animals: [{ name: 'Leo' }, null, { name: 'Gwen', pool: 3 }] },
    },
    {
      title: 'narrows an interface by one that another subgraph has',
      operation: '{ animals { id ... on Kept { keeper { name certificates } } ... on Trained { tricks } } }',
      data: {
        animals: [
          { id: 'l1', keeper: { name: 'Kira', certificates: 2 }, tricks: ['sit'] },
          null,
          { id: 'g1', keeper: null },
        ],
      },
    },
    {
      title: 'widens an object to its interfaces',
      operation: '{ loudest { ... on Animal { name ... on Kept { keeper { id } } } ... on Trained { tricks } } }',
      data: { loudest: { name: 'Leo', keeper: { id: 'k1' }, tricks: ['sit'] } },
    },
    {
      title: 'asks the owner for what an interface has beyond this subgraph',
      operation: '{ keepers { favourite { __typename id name } } }',
      data: { keepers: [{ favourite: { __typename: 'Penguin', id: 'g1', name: 'Gwen' } }] },
      asked: ['keepers', 'animals'],
    },
    {
      title: 'finds entities below some members of a union, and as members themselves',
      operation: '{ keepers { inbox { ... on Letter { subject about { name } } ... on Animal { name } } } }',
      data: {
        keepers: [
          { inbox: [{ subject: 'Fish', about: { name: 'Gwen' } }, { name: 'Leo' }, { subject: 'Pay', about: null }] },
        ],
      },
    },
    {
      title: 'merges what is asked of an animal by its name, its interface and its kind',
      operation: `{
        animals { keeper: name ... on Lion { by: keeper { id } } ... on Kept { by: keeper { name } } }
      }`,
      data: {
        animals: [{ keeper: 'Leo', by: { id: 'k1', name: 'Kira' } }, null, { keeper: 'Gwen', by: null }],
      },
    },
    {
      title: 'goes on from an entity inside a nested list with nulls',
      operation: '{ exhibits { ... on Aquarium { inside { name ... on Penguin { pool } } } } }',
      data: { exhibits: [{ inside: [{ name: 'Gwen', pool: 3 }, null] }, {}] },
    },
    {
      title: 'shows an empty object where no condition holds',
      operation: '{ keepers { favourite { ... on Lion { mane tricks } } } }',
      data: { keepers: [{ favourite: {} }] },
    },
    {
      title: 'tells of the one that an error is about, though nothing was asked about those before it',
      operation: '{ animals { name ... on Penguin { fish } } }',
      data: { animals: [{ name: 'Leo' }, null, { name: 'Gwen', fish: null }] },
      errors: ['animals.2.fish NOT_FOUND'],
    },
  ],
}
