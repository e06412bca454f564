// @skip and @include, written out and by variables: at the root, in nested fields, in fragments, and on entities.
import type { Suite } from '../suite.ts'
import { cinema } from './cinema.ts'

const yes = { yes: true }
const no = { yes: false }

export const conditions: Suite = {
  title: 'a cinema, of which parts are asked for on condition',
  subgraphs: cinema,
  cases: [
    {
      title: 'leaves out a root field, and does not ask for it',
      operation: 'query ($yes: Boolean!) { city top @include(if: $yes) { id } }',
      variables: no,
      data: { city: 'Turin' },
      asked: ['programme'],
    },
    {
      title: 'includes a root field',
      operation: 'query ($yes: Boolean!) { city @skip(if: $yes) top @include(if: $yes) { id } }',
      variables: yes,
      data: { top: { id: 'f2' } },
      asked: ['critics'],
    },
    {
      title: 'answers an empty object where everything is left out',
      operation: 'query ($yes: Boolean!) { city @include(if: $yes) }',
      variables: no,
      data: {},
      asked: [],
    },
    {
      title: 'leaves out a field of an entity, and does not ask its subgraph',
      operation: 'query ($yes: Boolean!) { films { title stars @include(if: $yes) } }',
      variables: no,
      data: { films: [{ title: 'Alba' }, { title: 'Brio' }] },
      asked: ['programme'],
    },
    {
      title: 'includes a field of an entity',
      operation: 'query ($yes: Boolean!) { films { title stars @include(if: $yes) } }',
      variables: yes,
      data: {
        films: [
          { title: 'Alba', stars: 5 },
          { title: 'Brio', stars: 2.5 },
        ],
      },
      asked: ['programme', 'critics'],
    },
    {
      title: 'asks an entity for one of two fields',
      operation:
        'query ($yes: Boolean!) { film(id: "f1") { stars @skip(if: $yes) reviews(first: 1) @include(if: $yes) { text } } }',
      variables: yes,
      data: { film: { reviews: [{ text: 'f1 is long' }] } },
    },
    {
      title: 'holds a field to both conditions at once',
      operation: `query ($yes: Boolean!, $not: Boolean!) {
        a: city @include(if: $yes) @skip(if: $not)
        film(id: "f1") { b: stars @skip(if: $yes) @include(if: $yes) c: stars @include(if: $yes) @skip(if: $not) }
      }`,
      variables: { yes: true, not: false },
      data: { a: 'Turin', film: { c: 5 } },
    },
    {
      title: 'holds an inline fragment to a condition, with and without a type',
      operation: `query ($yes: Boolean!) {
        films(first: 1) { ... @include(if: $yes) { year stars } ... on Film @skip(if: $yes) { title } }
      }`,
      variables: yes,
      data: { films: [{ year: 1970, stars: 5 }] },
    },
    {
      title: 'holds a named fragment to a condition at each of its places',
      operation: `query ($yes: Boolean!) {
        film(id: "f1") { ...Judged @skip(if: $yes) sequel { ...Judged @include(if: $yes) } }
      }
      fragment Judged on Film { title stars }`,
      variables: yes,
      data: { film: { sequel: { title: 'Brio', stars: 2.5 } } },
    },
    {
      title: 'holds conditions inside a fragment, below one, and on a nested entity',
      operation: `query ($yes: Boolean!, $deep: Boolean!) {
        films(first: 1) { ...Talk @include(if: $yes) }
      }
      fragment Talk on Film {
        reviews(first: 1) { text @skip(if: $deep) author @include(if: $deep) { name @include(if: $yes) id @skip(if: $yes) } }
      }`,
      variables: { yes: true, deep: true },
      data: { films: [{ reviews: [{ author: { name: 'Uma' } }] }] },
    },
    {
      title: 'shows a field that one place leaves out and another does not',
      operation: `query ($yes: Boolean!) {
        film(id: "f2") { stars @include(if: $yes) stars reviews(first: 1) @skip(if: $yes) { text } ... on Film { reviews(first: 1) { author { id } } } }
      }`,
      variables: no,
      data: { film: { stars: 2.5, reviews: [{ text: 'f2 is long', author: { id: 'u1' } }] } },
    },
    {
      title: 'takes the condition that is written out',
      operation:
        '{ city @include(if: false) film(id: "f1") @skip(if: false) { stars @skip(if: true) year @include(if: true) } }',
      data: { film: { year: 1970 } },
    },
    {
      title: 'takes the default of a condition that is not given',
      operation:
        'query ($yes: Boolean! = false, $not: Boolean! = true) { city @include(if: $yes) top @include(if: $not) { stars @skip(if: $yes) } }',
      data: { top: { stars: 2.5 } },
    },
    {
      title: 'leaves out the whole way to an entity of a third subgraph',
      operation: `query ($yes: Boolean!) {
        films { id reviews(first: 1) @include(if: $yes) { author { name watched { title } } } }
      }`,
      variables: no,
      data: { films: [{ id: 'f1' }, { id: 'f2' }] },
      asked: ['programme'],
    },
    {
      title: 'holds __typename to a condition as any field',
      operation: 'query ($yes: Boolean!) { __typename @skip(if: $yes) top { kind: __typename @include(if: $yes) id } }',
      variables: yes,
      data: { top: { kind: 'Film', id: 'f2' } },
    },
  ],
}
