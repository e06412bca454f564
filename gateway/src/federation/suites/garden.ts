// Values that are more than a name: enums, input objects, custom scalars, and lists of lists, also of entities.
import { federated, reference, type Suite } from '../suite.ts'

type Filter = { season?: string; minimum?: { width: number; tags: string[] }; any?: Filter[] }

const plots = [
  {
    id: 'p1',
    season: 'SPRING',
    width: 4,
    grid: [[1, null], [], [3]],
    sown: '2026-03-01',
    notes: { soil: ['clay', 7], dry: false },
    beds: [[reference('Bed', { id: 'b1' })], [reference('Bed', { id: 'b2' }), reference('Bed', { id: 'b1' })]],
    stakes: [[null, { id: 'b2' }], null],
  },
  { id: 'p2', season: 'AUTUMN', width: 9, grid: [], sown: null, notes: null, beds: [[]], stakes: null },
]

const fits = (plot: { season: string; width: number }, { season, minimum, any }: Filter): boolean =>
  (season === undefined || plot.season === season) &&
  (minimum === undefined || (plot.width >= minimum.width && minimum.tags.includes('new'))) &&
  (any === undefined || any.some((each) => fits(plot, each)))

const planting = {
  typeDefs: federated(`
    scalar Day
    scalar Notes
    enum Season { SPRING AUTUMN }
    input Size { width: Int!  tags: [String!]! = ["new"] }
    input PlotFilter { season: Season  minimum: Size  any: [PlotFilter!] }
    type Query { plots(where: PlotFilter, seasons: [Season!]): [Plot!]!  echo(value: Notes, rows: [[Int!]!]): Notes }
    type Plot @key(fields: "id") {
      id: ID!
      season: Season!
      grid: [[Int]!]!
      sown: Day
      notes: Notes
      beds: [[Bed!]!]!
      stakes: [[Bed]]
    }
    type Bed @key(fields: "id", resolvable: false) { id: ID! }
  `),
  resolvers: {
    Query: {
      plots: (_: unknown, { where, seasons }: { where?: Filter; seasons?: string[] }) =>
        plots.filter((plot) => fits(plot, where ?? {}) && (seasons?.includes(plot.season) ?? true)),
      echo: (_: unknown, { value, rows }: { value: unknown; rows?: number[][] }) => ({ value, rows: rows?.flat() }),
    },
    Plot: { __resolveReference: ({ id }: { id: string }) => ({ ...plots.find((plot) => plot.id === id) }) },
  },
}

const sensors = {
  typeDefs: federated(`
    scalar Day
    enum Unit { MM INCH }
    input Span { from: Day!  to: Day = "2026-12-31" }
    type Plot @key(fields: "id") { id: ID!  rain(during: Span!, units: [Unit!]! = [MM]): [String!]! }
    type Bed @key(fields: "id") { id: ID!  moisture(on: [Day!]): [[Float!]!]! }
  `),
  resolvers: {
    Plot: {
      rain: ({ id }: { id: string }, args: { during: { from: string; to: string }; units: string[] }) =>
        args.units.map((unit) => `${id} ${args.during.from} ${args.during.to} ${unit}`),
    },
    Bed: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      moisture: ({ id }: { id: string }, { on }: { on?: string[] }) => [[id === 'b1' ? 0.5 : 0.25], [on?.length ?? 0]],
    },
  },
}

export const garden: Suite = {
  title: 'a garden, of values with an inside',
  subgraphs: { planting, sensors },
  cases: [
    {
      title: 'passes enums and input objects on, written out',
      operation: '{ plots(where: { minimum: { width: 5 } }, seasons: [SPRING, AUTUMN]) { id season } }',
      data: { plots: [{ id: 'p2', season: 'AUTUMN' }] },
    },
    {
      title: 'passes input objects on that nest in themselves, by variable',
      operation: 'query ($where: PlotFilter) { plots(where: $where) { id } }',
      variables: { where: { any: [{ season: 'SPRING' }, { any: [{ minimum: { width: 99, tags: ['new'] } }] }] } },
      data: { plots: [{ id: 'p1' }] },
    },
    {
      title: 'passes variables on that are a part of an input object',
      operation:
        'query ($season: Season, $width: Int!) { plots(where: { season: $season, minimum: { width: $width } }) { id } }',
      variables: { season: 'SPRING', width: 4 },
      data: { plots: [{ id: 'p1' }] },
    },
    {
      title: 'passes variables on to entities, with the defaults inside an input object',
      operation: `query ($from: Day!, $units: [Unit!]!) {
        plots(seasons: SPRING) { rain(during: { from: $from }, units: $units) usual: rain(during: { from: $from, to: null }) }
      }`,
      variables: { from: '2026-01-01', units: ['MM', 'INCH'] },
      data: {
        plots: [
          { rain: ['p1 2026-01-01 2026-12-31 MM', 'p1 2026-01-01 2026-12-31 INCH'], usual: ['p1 2026-01-01 null MM'] },
        ],
      },
    },
    {
      title: 'passes any value of a custom scalar, both ways',
      operation: 'query ($value: Notes, $rows: [[Int!]!]) { echo(value: $value, rows: $rows) plots { sown notes } }',
      variables: { value: { deep: [{ list: [] }, null, 1.5] }, rows: [[1], [2, 3]] },
      data: {
        echo: { value: { deep: [{ list: [] }, null, 1.5] }, rows: [1, 2, 3] },
        plots: [
          { sown: '2026-03-01', notes: { soil: ['clay', 7], dry: false } },
          { sown: null, notes: null },
        ],
      },
    },
    {
      title: 'keeps lists of lists as they are',
      operation: '{ plots { grid } }',
      data: { plots: [{ grid: [[1, null], [], [3]] }, { grid: [] }] },
    },
    {
      title: 'asks for entities in lists of lists, one that appears twice too',
      operation: '{ plots { beds { id moisture(on: ["2026-01-01", "2026-01-02"]) } } }',
      data: {
        plots: [
          {
            beds: [
              [{ id: 'b1', moisture: [[0.5], [2]] }],
              [
                { id: 'b2', moisture: [[0.25], [2]] },
                { id: 'b1', moisture: [[0.5], [2]] },
              ],
            ],
          },
          { beds: [[]] },
        ],
      },
    },
    {
      title: 'passes over nulls at every level of a list of lists',
      operation: '{ plots { stakes { moisture } } }',
      data: { plots: [{ stakes: [[null, { moisture: [[0.25], [0]] }], null] }, { stakes: null }] },
    },
  ],
}
