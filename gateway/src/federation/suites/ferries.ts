// Keys of every shape: single, several of one entity, composite, nested in another entity, and reached over two hops.
import { federated, reference, type Suite } from '../suite.ts'

const ships = [
  { imo: '901', callSign: 'LUPO', name: 'Lupine' },
  { imo: '902', callSign: 'MIRA', name: 'Mirabelle' },
]

const fleet = {
  typeDefs: federated(`
    type Query { ships: [Ship!]!  ship(imo: ID!): Ship }
    type Ship @key(fields: "imo") @key(fields: "callSign") { imo: ID!  callSign: String!  name: String! }
  `),
  resolvers: {
    Query: {
      ships: () => ships,
      ship: (_: unknown, { imo }: { imo: string }) => ships.find((each) => each.imo === imo),
    },
    Ship: {
      __resolveReference: (key: { imo?: string; callSign?: string }) =>
        ships.find(({ imo, callSign }) => imo === key.imo || callSign === key.callSign) ?? null,
    },
  },
}

const harbour = {
  typeDefs: federated(`
    type Query { ports: [Port!]! }
    type Ship @key(fields: "callSign") { callSign: String!  berth: Berth }
    type Port @key(fields: "code") { code: ID!  town: String! }
    type Berth @key(fields: "port { code } number") { port: Port!  number: Int!  depth: Float! }
  `),
  resolvers: {
    Query: { ports: () => [{ code: 'HEL', town: 'Helsinki' }] },
    Ship: {
      __resolveReference: ({ callSign }: { callSign: string }) => ({ callSign }),
      berth: ({ callSign }: { callSign: string }) =>
        callSign === 'LUPO' ? { port: { code: 'HEL', town: 'Helsinki' }, number: 4, depth: 9.5 } : null,
    },
  },
}

const sailings = [
  { route: 'north', day: 'MON', departs: '08:15', ship: reference('Ship', { imo: '901' }) },
  { route: 'north', day: 'TUE', departs: '09:00', ship: reference('Ship', { imo: '902' }) },
  { route: 'south', day: 'MON', departs: '10:45', ship: reference('Ship', { imo: '999' }) },
]

const timetable = {
  typeDefs: federated(`
    type Query { sailings: [Sailing!]! }
    type Sailing @key(fields: "route day") { route: ID!  day: String!  departs: String!  ship: Ship }
    type Ship @key(fields: "imo", resolvable: false) { imo: ID! }
  `),
  resolvers: {
    Query: { sailings: () => sailings },
    Sailing: {
      __resolveReference: (key: { route: string; day: string }) =>
        sailings.find(({ route, day }) => route === key.route && day === key.day) ?? null,
    },
  },
}

const tickets = {
  typeDefs: federated(`
    type Query { cheapest: Sailing }
    type Sailing @key(fields: "route day") { route: ID!  day: String!  price: Int }
    type Berth @key(fields: "port { code } number") { port: Port!  number: Int!  fee: String! }
    type Port @key(fields: "code") { code: ID!  passengers: Int! }
  `),
  resolvers: {
    Query: { cheapest: () => ({ route: 'north', day: 'TUE', price: 12 }) },
    Sailing: {
      __resolveReference: ({ route, day }: { route: string; day: string }) =>
        route === 'north' ? { route, day, price: day === 'MON' ? 20 : 12 } : null,
    },
    Berth: {
      __resolveReference: ({ port, number }: { port: { code: string }; number: number }) => ({ port, number }),
      fee: ({ port, number }: { port: { code: string }; number: number }) => `${port.code}-${number * 100}`,
    },
    Port: { __resolveReference: ({ code }: { code: string }) => ({ code }), passengers: () => 4000 },
  },
}

export const ferries: Suite = {
  title: 'ferries, whose keys have every shape',
  subgraphs: { fleet, harbour, timetable, tickets },
  cases: [
    {
      title: 'follows a single key',
      operation: '{ ports { town passengers } }',
      data: { ports: [{ town: 'Helsinki', passengers: 4000 }] },
      asked: ['harbour', 'tickets'],
    },
    {
      title: 'follows the second key of an entity',
      operation: '{ ships { name berth { number } } }',
      data: {
        ships: [
          { name: 'Lupine', berth: { number: 4 } },
          { name: 'Mirabelle', berth: null },
        ],
      },
      asked: ['fleet', 'harbour'],
    },
    {
      title: 'asks a third subgraph for the key that the second one needs',
      operation: '{ sailings { departs ship { berth { depth } } } }',
      data: {
        sailings: [
          { departs: '08:15', ship: { berth: { depth: 9.5 } } },
          { departs: '09:00', ship: { berth: null } },
          { departs: '10:45', ship: { berth: null } },
        ],
      },
      asked: ['timetable', 'fleet', 'harbour'],
    },
    {
      title: 'follows a composite key, and shows null where the other side knows nothing',
      operation: '{ sailings { day price } }',
      data: {
        sailings: [
          { day: 'MON', price: 20 },
          { day: 'TUE', price: 12 },
          { day: 'MON', price: null },
        ],
      },
      asked: ['timetable', 'tickets'],
    },
    {
      title: 'follows a composite key back to the other owner',
      operation: '{ cheapest { price departs ship { name } } }',
      data: { cheapest: { price: 12, departs: '09:00', ship: { name: 'Mirabelle' } } },
    },
    {
      title: 'follows a key that is nested in another entity',
      operation: '{ ship(imo: "901") { berth { fee port { town passengers } } } }',
      data: { ship: { berth: { fee: 'HEL-400', port: { town: 'Helsinki', passengers: 4000 } } } },
    },
    {
      title: 'lets a client ask for the keys themselves, under other names',
      operation: '{ ships { id: imo sign: callSign berth { at: port { id: code } fee } } }',
      data: {
        ships: [
          { id: '901', sign: 'LUPO', berth: { at: { id: 'HEL' }, fee: 'HEL-400' } },
          { id: '902', sign: 'MIRA', berth: null },
        ],
      },
    },
    {
      title: 'asks for nothing further where the entity itself is null',
      operation: '{ ship(imo: "903") { name berth { fee } } }',
      data: { ship: null },
      asked: ['fleet'],
    },
  ],
}
