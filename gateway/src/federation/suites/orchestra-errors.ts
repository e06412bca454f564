// Errors: each is told where it stands in the answer, for every place that shares it, with the code of whoever refused.
import type { Suite } from '../suite.ts'
import { orchestra } from './orchestra.ts'

const internal = 'INTERNAL_SERVER_ERROR'

export const errors: Suite = {
  title: 'an orchestra, in which things go wrong',
  subgraphs: orchestra,
  cases: [
    {
      title: 'tells of a root field',
      operation: '{ refused { number } desks { number } }',
      data: { refused: null, desks: [{ number: 1 }, { number: 2 }] },
      errors: ['refused FORBIDDEN'],
    },
    {
      title: 'tells of it under the name that the client gave',
      operation: '{ no: refused { number } }',
      data: { no: null },
      errors: ['no FORBIDDEN'],
    },
    {
      title: 'tells of every item of a list',
      operation: '{ desks { broken } }',
      data: { desks: [{ broken: null }, { broken: null }] },
      errors: ['desks.0.broken CONFLICT', 'desks.1.broken CONFLICT'],
    },
    {
      title: 'tells of the field that took the whole list with it',
      operation: '{ desks { number due } }',
      data: { desks: null },
      errors: ['desks.1.due NOT_FOUND'],
    },
    {
      title: 'tells of a field of an entity',
      operation: '{ desk(number: 1) { second { nick } } }',
      data: { desk: { second: { nick: null } } },
      errors: ['desk.second.nick FORBIDDEN'],
    },
    {
      title: 'tells of every place that shares an entity',
      operation: '{ desks { first { age } reserve { age } } }',
      data: {
        desks: [
          { first: { age: null }, reserve: [{ age: null }, { age: null }] },
          { first: { age: null }, reserve: [] },
        ],
      },
      errors: [
        `desks.0.first.age ${internal}`,
        `desks.0.reserve.0.age ${internal}`,
        `desks.0.reserve.1.age ${internal}`,
        `desks.1.first.age ${internal}`,
      ],
    },
    {
      title: 'tells of an entity that could not be found, and of nothing below it',
      operation: '{ desks { first { bonus } } }',
      data: { desks: [{ first: { bonus: null } }, { first: { bonus: null } }] },
      errors: ['desks.0.first UNAUTHENTICATED', 'desks.1.first UNAUTHENTICATED'],
    },
    {
      title: 'tells of an entity below an entity, passing over the nulls before it',
      operation: '{ players { teacher { nick } } }',
      data: {
        players: [
          { teacher: { nick: 'stoleny' } },
          null,
          { teacher: null },
          { teacher: null },
          { teacher: { nick: 'stoleny' } },
          { teacher: null },
        ],
      },
    },
    {
      title: 'counts the places of a list as the client sees them, nulls among them',
      operation: '{ people: players { called: nick } }',
      data: {
        people: [{ called: 'anny' }, null, { called: null }, { called: null }, { called: 'anny' }, { called: null }],
      },
      errors: ['people.3.called FORBIDDEN'],
    },
    {
      title: 'tells of what two subgraphs refuse of one entity',
      operation: '{ players { age bonus } }',
      data: {
        players: [
          { age: null, bonus: null },
          null,
          { age: null, bonus: 7 },
          { age: null, bonus: 7 },
          { age: null, bonus: null },
          { age: null, bonus: 7 },
        ],
      },
      errors: [
        `players.0.age ${internal}`,
        'players.0 UNAUTHENTICATED',
        `players.3.age ${internal}`,
        `players.4.age ${internal}`,
        'players.4 UNAUTHENTICATED',
      ],
    },
    {
      title: 'tells of a field that an alias asks twice',
      operation: '{ desk(number: 1) { second { a: nick b: nick } } }',
      data: { desk: { second: { a: null, b: null } } },
      errors: ['desk.second.a FORBIDDEN', 'desk.second.b FORBIDDEN'],
    },
    {
      title: 'tells of an outage at every field that it costs',
      operation: '{ desks { number first { nick age bonus } } }',
      down: ['music'],
      data: {
        desks: [
          { number: 1, first: { nick: null, age: null, bonus: null } },
          { number: 2, first: { nick: null, age: null, bonus: null } },
        ],
      },
      errors: [
        'desks.0.first.nick SERVICE_UNAVAILABLE',
        'desks.0.first.age SERVICE_UNAVAILABLE',
        'desks.1.first.nick SERVICE_UNAVAILABLE',
        'desks.1.first.age SERVICE_UNAVAILABLE',
        'desks.0.first UNAUTHENTICATED',
        'desks.1.first UNAUTHENTICATED',
      ],
    },
    {
      title: 'loses with an outage what is due, and no more',
      operation: '{ soloists { name } players { id } }',
      down: ['music'],
      data: {
        soloists: null,
        players: [{ id: 'ann' }, null, { id: 'gone' }, { id: 'mute' }, { id: 'ann' }, { id: 'gone' }],
      },
      errors: ['soloists.0.name SERVICE_UNAVAILABLE', 'soloists.1.name SERVICE_UNAVAILABLE'],
    },
    {
      title: 'has no data where an outage costs a root field that is due',
      operation: '{ lead { id } desks { number } }',
      down: ['seating'],
      data: null,
      errors: ['lead SERVICE_UNAVAILABLE', 'desks SERVICE_UNAVAILABLE'],
    },
    {
      title: 'asks nobody about entities that an outage keeps from it',
      operation: '{ desks { first { name } } }',
      down: ['seating'],
      data: { desks: null },
      errors: ['desks SERVICE_UNAVAILABLE'],
      asked: ['seating'],
    },
  ],
}
