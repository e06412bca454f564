// Nulls: where they may stand they stay, and where a value is due they take what is around it with them.
import type { Suite } from '../suite.ts'
import { orchestra } from './orchestra.ts'

const internal = 'INTERNAL_SERVER_ERROR'

export const nulls: Suite = {
  title: 'an orchestra, of which some have left',
  subgraphs: orchestra,
  cases: [
    {
      title: 'keeps the nulls of a list, and of an entity that is no more',
      operation: '{ players { id nick } }',
      data: {
        players: [
          { id: 'ann', nick: 'anny' },
          null,
          { id: 'gone', nick: null },
          { id: 'mute', nick: null },
          { id: 'ann', nick: 'anny' },
          { id: 'gone', nick: null },
        ],
      },
      errors: ['players.3.nick FORBIDDEN'],
    },
    {
      title: 'shows null for an entity of which a name is due, each time that it appears',
      operation: '{ players { name } }',
      data: { players: [{ name: 'ANN' }, null, null, null, { name: 'ANN' }, null] },
      errors: ['players.3.name FORBIDDEN'],
    },
    {
      title: 'shows null for a whole list whose items are due',
      operation: '{ soloists { name } desks { number } }',
      data: { soloists: null, desks: [{ number: 1 }, { number: 2 }] },
      errors: ['soloists.1.name FORBIDDEN'],
    },
    {
      title: 'shows null for an object of which an entity is due',
      operation: '{ desk(number: 2) { number first { name } } }',
      data: { desk: null },
    },
    {
      title: 'shows null for an object of which a list of entities is due',
      operation: '{ desk(number: 1) { number reserve { name } } }',
      data: { desk: null },
    },
    {
      title: 'stops at the first place that may be null',
      operation: '{ desk(number: 1) { number first { name } second { name } } }',
      data: { desk: { number: 1, first: { name: 'ANN' }, second: null } },
      errors: ['desk.second.name FORBIDDEN'],
    },
    {
      title: 'has no data at all where nothing up to the root may be null',
      operation: '{ lead { name } players { id } }',
      data: null,
    },
    {
      title: 'keeps an entity that is no more, as long as only its key is asked for',
      operation: '{ lead { id } }',
      data: { lead: { id: 'gone' } },
    },
    {
      title: 'has no data where a root field is due that went wrong, but tells of it',
      operation: '{ tune }',
      data: null,
      errors: [`tune ${internal}`],
    },
    {
      title: 'loses the entity with a list in which an item is due',
      operation: '{ desk: desks { second { nick notes } } }',
      data: { desk: [{ second: null }, { second: null }] },
      errors: [`desk.0.second.notes.1 ${internal}`],
    },
    {
      title: 'loses only the list where the list may be null',
      operation: '{ desks { second { marks } } }',
      data: { desks: [{ second: { marks: null } }, { second: null }] },
      errors: [`desks.0.second.marks.1 ${internal}`],
    },
    {
      title: 'shows null inside nested objects of an entity',
      operation: '{ desk(number: 1) { first { parts { title bars } } } }',
      data: {
        desk: {
          first: {
            parts: [
              { title: 'Solo', bars: 8 },
              { title: 'Tutti', bars: null },
            ],
          },
        },
      },
    },
    {
      title: 'loses an entity of which one subgraph owes a value, with what the other knows',
      operation: '{ desks { second { nick wage bonus } } soloists { nick bonus } }',
      data: {
        desks: [{ second: { nick: null, wage: 100, bonus: 7 } }, { second: null }],
        soloists: [
          { nick: 'anny', bonus: null },
          { nick: null, bonus: 7 },
        ],
      },
      errors: ['soloists.0 UNAUTHENTICATED', 'soloists.1.nick FORBIDDEN'],
    },
  ],
}
