// Fields that move, are shared, hidden, or belong to a type of another subgraph: @override @shareable @inaccessible @extends.
import { federated, type Suite } from '../suite.ts'

const stations = [
  { id: 'n', name: 'North', serial: 'N-1', altitude: -1, place: { lat: 60, lon: 25 } },
  { id: 's', name: 'South', serial: 'S-2', altitude: -1, place: { lat: 40, lon: 20 } },
]
const stationOf = ({ id }: { id: string }) => ({ ...stations.find((station) => station.id === id) })

const old = {
  typeDefs: federated(`
    type Query { stations: [Station!]!  version: String! @shareable  secret: String @inaccessible }
    type Station @key(fields: "id") {
      id: ID!
      name: String! @shareable
      altitude: Int
      serial: String! @inaccessible
      place: Place! @shareable
    }
    type Place @shareable { lat: Int!  lon: Int! }
    enum Sky { CLEAR CLOUDY MOCKED @inaccessible }
  `),
  resolvers: {
    Query: { stations: () => stations, version: () => 'one', secret: () => 'hidden' },
    Station: { __resolveReference: stationOf },
  },
}

const measuring = {
  typeDefs: federated(`
    type Query { highest: Station  version: String! @shareable }
    type Station @key(fields: "id") {
      id: ID!
      name: String! @shareable
      altitude: Int @override(from: "old")
      place: Place! @shareable
      serial: String! @external
      checked: String @requires(fields: "serial")
      sky: Sky
    }
    type Place @shareable { lat: Int!  lon: Int! }
    enum Sky { CLEAR CLOUDY MOCKED @inaccessible }
  `),
  resolvers: {
    Query: { highest: () => stationOf({ id: 'n' }), version: () => 'one' },
    Station: {
      __resolveReference: (known: { id: string; serial?: string }) => ({ ...stationOf(known), ...known }),
      altitude: ({ id }: { id: string }) => (id === 'n' ? 700 : 12),
      checked: ({ serial }: { serial: string }) => `checked ${serial}`,
      sky: ({ id }: { id: string }) => (id === 'n' ? 'CLOUDY' : 'MOCKED'),
    },
  },
}

const wind = {
  typeDefs: federated(`
    type Query @extends { windiest: Station }
    type Station @extends @key(fields: "id") { id: ID! @external  knots: Int }
  `),
  resolvers: {
    Query: { windiest: () => ({ id: 's' }) },
    Station: { knots: ({ id }: { id: string }) => (id === 'n' ? 8 : 31) },
  },
}

export const weather: Suite = {
  title: 'a weather service, whose fields have moved',
  subgraphs: { old, measuring, wind },
  cases: [
    {
      title: 'asks the subgraph that has taken a field over',
      operation: '{ stations { name altitude } }',
      data: {
        stations: [
          { name: 'North', altitude: 700 },
          { name: 'South', altitude: 12 },
        ],
      },
      asked: ['old', 'measuring'],
    },
    {
      title: 'takes shared fields from where it already is',
      operation: '{ highest { name altitude place { lat } } version }',
      data: { highest: { name: 'North', altitude: 700, place: { lat: 60 } }, version: 'one' },
      asked: ['measuring'],
    },
    {
      title: 'uses a hidden field for what requires it',
      operation: '{ stations { checked } }',
      data: { stations: [{ checked: 'checked N-1' }, { checked: 'checked S-2' }] },
    },
    {
      title: 'does not tell of what is hidden',
      operation: '{ __type(name: "Station") { fields { name } } }',
      data: {
        __type: {
          fields: ['id', 'name', 'altitude', 'place', 'checked', 'sky', 'knots'].map((name) => ({ name })),
        },
      },
      asked: [],
    },
    {
      title: 'extends a type of another subgraph, and finds its owner from there',
      operation: '{ windiest { knots name altitude } stations { knots } }',
      data: {
        windiest: { knots: 31, name: 'South', altitude: 12 },
        stations: [{ knots: 8 }, { knots: 31 }],
      },
    },
    {
      title: 'shows null for a value that clients may not see',
      operation: '{ stations { sky } }',
      data: { stations: [{ sky: 'CLOUDY' }, { sky: null }] },
    },
  ],
}
