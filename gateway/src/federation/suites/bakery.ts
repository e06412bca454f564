// @requires: a field that is worked out of what other subgraphs know, plain, nested, of a union, with arguments, in chains.
import { federated, type Suite } from '../suite.ts'

type Unit = 'GRAM' | 'OUNCE'

const breads = [
  {
    id: 'rye',
    name: 'Rye',
    grams: 800,
    ingredients: [
      { name: 'flour', grams: 500 },
      { name: 'water', grams: 300 },
    ],
    crust: { colour: 'brown', baked: { minutes: 40 } },
    topping: { __typename: 'Seed', kind: 'caraway' },
  },
  {
    id: 'brioche',
    name: 'Brioche',
    grams: 400,
    ingredients: [{ name: 'butter', grams: 150 }],
    crust: null,
    topping: { __typename: 'Glaze', sugar: 20 },
  },
]

const shapes = `
  enum Unit { GRAM OUNCE }
  type Ingredient @shareable { name: String!  grams: Int! }
  type Crust @shareable { colour: String!  baked: Baked! }
  type Baked @shareable { minutes: Int! }
  union Topping = Seed | Glaze
  type Seed @shareable { kind: String! }
  type Glaze @shareable { sugar: Int! }
`

const recipes = {
  typeDefs: federated(`
    ${shapes}
    type Query { breads: [Bread!]!  bread(id: ID!): Bread }
    type Bread @key(fields: "id") {
      id: ID!
      name: String!
      weight(unit: Unit = GRAM): Int!
      ingredients: [Ingredient!]!
      crust: Crust
      topping: Topping
    }
  `),
  resolvers: {
    Query: { breads: () => breads, bread: (_: unknown, { id }: { id: string }) => breads.find((one) => one.id === id) },
    Bread: {
      __resolveReference: ({ id }: { id: string }) => breads.find((one) => one.id === id),
      weight: ({ grams }: { grams: number }, { unit }: { unit: Unit }) => (unit === 'GRAM' ? grams : grams / 40),
    },
  },
}

type Asked = {
  ingredients: { grams: number }[]
  crust: { colour: string; baked: { minutes: number } } | null
  topping: { __typename: string; kind?: string; sugar?: number }
  weight: number
  cost: number
  postage: number
}

const pricing = {
  typeDefs: federated(`
    ${shapes}
    type Bread @key(fields: "id") {
      id: ID!
      ingredients: [Ingredient!]! @external
      crust: Crust @external
      topping: Topping @external
      cost: Int @requires(fields: "ingredients { grams }")
      effort: String @requires(fields: "crust { colour baked { minutes } }")
      taste: String @requires(fields: "topping { ... on Seed { kind } ... on Glaze { sugar } }")
    }
  `),
  resolvers: {
    Bread: {
      cost: ({ ingredients }: Asked) => ingredients.reduce((sum, { grams }) => sum + grams, 0) / 10,
      effort: ({ crust }: Asked) => (crust ? `${crust.baked.minutes} minutes to ${crust.colour}` : 'none'),
      taste: ({ topping }: Asked) => topping.kind ?? `${topping.sugar} g of sugar`,
    },
  },
}

const delivery = {
  typeDefs: federated(`
    enum Unit { GRAM OUNCE }
    type Bread @key(fields: "id") {
      id: ID!
      weight(unit: Unit = GRAM): Int! @external
      postage: Int @requires(fields: "weight(unit: OUNCE)")
    }
  `),
  resolvers: { Bread: { postage: ({ weight }: Asked) => weight * 3 } },
}

const till = {
  typeDefs: federated(`
    type Query { favourite: Bread }
    type Bread @key(fields: "id") {
      id: ID!
      cost: Int @external
      postage: Int @external
      total: Int @requires(fields: "cost postage")
    }
  `),
  resolvers: {
    Query: { favourite: () => ({ id: 'brioche' }) },
    Bread: {
      __resolveReference: (bread: Asked) => bread,
      total: ({ cost, postage }: Asked) => cost + postage,
    },
  },
}

export const bakery: Suite = {
  title: 'a bakery, whose prices follow from other fields',
  subgraphs: { recipes, pricing, delivery, till },
  cases: [
    {
      title: 'sends along what a field requires, nested lists too',
      operation: '{ breads { name cost } }',
      data: {
        breads: [
          { name: 'Rye', cost: 80 },
          { name: 'Brioche', cost: 15 },
        ],
      },
      asked: ['recipes', 'pricing'],
    },
    {
      title: 'sends nested objects along, and null where there is none',
      operation: '{ breads { effort } }',
      data: { breads: [{ effort: '40 minutes to brown' }, { effort: 'none' }] },
    },
    {
      title: 'sends the member of a union along that there is',
      operation: '{ breads { taste } }',
      data: { breads: [{ taste: 'caraway' }, { taste: '20 g of sugar' }] },
    },
    {
      title: 'asks for a required field with the arguments that are required',
      operation: '{ breads { postage } }',
      data: { breads: [{ postage: 60 }, { postage: 30 }] },
    },
    {
      title: 'keeps what the client asks with other arguments apart',
      operation: '{ breads { grams: weight postage } }',
      data: {
        breads: [
          { grams: 800, postage: 60 },
          { grams: 400, postage: 30 },
        ],
      },
    },
    {
      title: 'follows a chain of requirements over three subgraphs',
      operation: '{ breads { total } }',
      data: { breads: [{ total: 140 }, { total: 45 }] },
    },
    {
      title: 'begins such a chain at the subgraph that knows nothing but the key',
      operation: '{ favourite { total cost name } }',
      data: { favourite: { total: 45, cost: 15, name: 'Brioche' } },
    },
    {
      title: 'shows nothing of what is required when the client has not asked for it',
      operation: '{ bread(id: "rye") { effort topping { __typename } } }',
      data: { bread: { effort: '40 minutes to brown', topping: { __typename: 'Seed' } } },
    },
    {
      title: 'shows what is required beside what it is required for',
      operation: '{ bread(id: "rye") { cost ingredients { name } topping { ... on Seed { kind } } taste } }',
      data: {
        bread: {
          cost: 80,
          ingredients: [{ name: 'flour' }, { name: 'water' }],
          topping: { kind: 'caraway' },
          taste: 'caraway',
        },
      },
    },
  ],
}
