// A graph in which things are missing and go wrong: some players have left, some answers are refused, some are due.
import { failure, notFound } from '@switchyard/runtime/errors'
import { federated, reference } from '../suite.ts'

const player = (id: string) => reference('Player', { id })

const seating = {
  typeDefs: federated(`
    type Query { desks: [Desk!]  desk(number: Int!): Desk  lead: Player!  players: [Player]  soloists: [Player!] refused: Desk }
    type Desk { number: Int!  first: Player!  second: Player  reserve: [Player!]!  broken: String  due: String! }
    type Player @key(fields: "id") { id: ID! }
  `),
  resolvers: {
    Query: {
      desks: () => [
        { number: 1, first: player('ann'), second: player('ben'), reserve: [player('ann'), player('ann')] },
        { number: 2, first: player('ann'), second: null, reserve: [] },
      ],
      desk: (_: unknown, { number }: { number: number }) => ({
        number,
        first: player(number === 1 ? 'ann' : 'gone'),
        second: player('mute'),
        reserve: [player('ann'), player('gone')],
      }),
      lead: () => player('gone'),
      players: () => [player('ann'), null, player('gone'), player('mute'), player('ann'), player('gone')],
      soloists: () => [player('ann'), player('mute')],
      refused: () => {
        throw failure('FORBIDDEN', 'You may not do this.')
      },
    },
    Desk: {
      broken: ({ number }: { number: number }) => {
        throw failure('CONFLICT', `Desk ${number} is broken.`)
      },
      due: ({ number }: { number: number }) => {
        if (number === 2) throw failure('NOT_FOUND', 'Nothing is due.')
        return 'Friday'
      },
    },
  },
}

const known = ['ann', 'ben', 'mute']
const unlessMute = (id: string, value: unknown) => {
  if (id === 'mute') throw failure('FORBIDDEN', 'You may not do this.')
  return value
}
type Id = { id: string }

const music = {
  typeDefs: federated(`
    type Query { tune: String! }
    type Player @key(fields: "id") {
      id: ID!
      name: String!
      nick: String
      age: Int
      parts: [Part!]
      notes: [String!]!
      marks: [Int!]
      teacher: Player
      pupil: Player!
    }
    type Part { title: String!  bars: Int }
  `),
  resolvers: {
    Query: {
      tune: () => {
        throw new Error('out of tune at 10.0.0.7')
      },
    },
    Player: {
      __resolveReference: async ({ id }: Id) => {
        if (id === 'stolen') throw notFound('music.player', id)
        return known.includes(id) ? { id } : null
      },
      name: ({ id }: Id) => unlessMute(id, id.toUpperCase()),
      nick: ({ id }: Id) => unlessMute(id, id === 'ben' ? null : `${id}y`),
      age: () => {
        throw new Error('age is a secret of 10.0.0.7')
      },
      parts: ({ id }: Id) => unlessMute(id, [{ title: 'Solo', bars: 8 }, { title: 'Tutti' }]),
      notes: ({ id }: Id) => (id === 'ben' ? ['c', null] : ['c', 'd']),
      marks: ({ id }: Id) => (id === 'ben' ? [1, null] : [1, 2]),
      teacher: ({ id }: Id) => (id === 'ann' ? { id: 'stolen' } : null),
      pupil: ({ id }: Id) => (id === 'ann' ? { id: 'ben' } : null),
    },
    Part: {
      title: ({ title }: { title: string }) => title,
    },
  },
}

const pay = {
  typeDefs: federated(`
    type Player @key(fields: "id") { id: ID!  wage: Int!  bonus: Int }
  `),
  resolvers: {
    Player: {
      __resolveReference: async ({ id }: Id) => {
        if (id === 'ann') throw failure('UNAUTHENTICATED', 'Sign in to do this.')
        return { id }
      },
      wage: ({ id }: Id) => (id === 'ben' ? 100 : null),
      bonus: () => 7,
    },
  },
}

export const orchestra = { seating, music, pay }
