// Aliases, arguments and fragments on entities, and __typename wherever it may stand.
import type { Suite } from '../suite.ts'
import { cinema } from './cinema.ts'

export const names: Suite = {
  title: 'a cinema, asked for under other names',
  subgraphs: cinema,
  cases: [
    {
      title: 'asks one field of an entity several times, under several names and arguments',
      operation: '{ film(id: "f1") { five: stars ten: stars(of: 10) stars(of: 20) } }',
      data: { film: { five: 5, ten: 10, stars: 20 } },
    },
    {
      title: 'keeps two root fields of one name apart',
      operation: '{ one: film(id: "f1") { stars } two: film(id: "f2") { stars } none: film(id: "f3") { stars } }',
      data: { one: { stars: 5 }, two: { stars: 2.5 }, none: null },
    },
    {
      title: 'bears names that swap fields with one another',
      operation: '{ films { stars: year year: stars title: id } }',
      data: {
        films: [
          { stars: 1970, year: 5, title: 'f1' },
          { stars: 2001, year: 2.5, title: 'f2' },
        ],
      },
    },
    {
      title: 'bears the name of the key that another subgraph needs',
      operation: '{ films { id: title stars reviews(first: 1) { name: text } } }',
      data: {
        films: [
          { id: 'Alba', stars: 5, reviews: [{ name: 'f1 is long' }] },
          { id: 'Brio', stars: 2.5, reviews: [{ name: 'f2 is long' }] },
        ],
      },
    },
    {
      title: 'bears the name of the type that a subgraph needs, at the root, too',
      operation:
        '{ __typename: films(first: 1) { __typename: title id: __typename stars reviews(first: 1) { author { __typename: name name: __typename } } } }',
      data: {
        __typename: [
          { __typename: 'Alba', id: 'Film', stars: 5, reviews: [{ author: { __typename: 'Uma', name: 'Person' } }] },
        ],
      },
    },
    {
      title: 'bears names of keys in fragments, spread over the border of a subgraph',
      operation: `{ films(first: 1) { ...Film sequel { ...Film } } }
      fragment Film on Film { id: year ...Talk }
      fragment Talk on Film { stars __typename: stars(of: 10) reviews(first: 1) { author { ... on Person { id: name watched { id } } } } }`,
      data: {
        films: [
          {
            id: 1970,
            stars: 5,
            __typename: 10,
            reviews: [{ author: { id: 'Uma', watched: [{ id: 'f1' }, { id: 'f2' }] } }],
            sequel: {
              id: 2001,
              stars: 2.5,
              __typename: 5,
              reviews: [{ author: { id: 'Uma', watched: [{ id: 'f1' }, { id: 'f2' }] } }],
            },
          },
        ],
      },
    },
    {
      title: 'takes variables whose names it needs for itself',
      operation: `query ($representations: Int = 1, $renamed_representations: Int) {
        films(first: $representations) { stars(of: $renamed_representations) id: reviews(first: $representations) { id: text } }
        city: hall(number: 1) { showing { stars } }
      }`,
      variables: { renamed_representations: 10 },
      data: { films: [{ stars: 10, id: [{ id: 'f1 is long' }] }], city: { showing: { stars: 5 } } },
    },
    {
      title: 'decides what is selected by a variable whose name it needs for itself',
      operation: `query ($representations: Boolean = true) {
        films(first: 1) { title ... @include(if: $representations) { stars } reviews(first: 1) @skip(if: $representations) { text } }
      }`,
      data: { films: [{ title: 'Alba', stars: 5 }] },
    },
    {
      title: 'tells an error at the name that the client gave a field, also where that is the name of a key',
      operation: '{ film(id: "f1") { __typename: title id: stars } }',
      down: ['critics'],
      data: { film: { __typename: 'Alba', id: null } },
      errors: ['film.id SERVICE_UNAVAILABLE'],
    },
    {
      title: 'takes arguments from variables, in every subgraph',
      operation: `query ($id: ID!, $of: Int, $first: Int = 1, $case: Case) {
        film(id: $id) { title(case: $case) stars(of: $of) reviews(first: $first) { text } }
      }`,
      variables: { id: 'f1', of: 3, case: 'UPPER' },
      data: { film: { title: 'ALBA', stars: 3, reviews: [{ text: 'f1 is long' }] } },
    },
    {
      title: 'leaves an argument to its default when the variable is not given',
      operation: 'query ($of: Int, $case: Case) { films(first: 1) { title(case: $case) stars(of: $of) } }',
      data: { films: [{ title: 'Alba', stars: 5 }] },
    },
    {
      title: 'follows fragments in fragments, over the border of a subgraph',
      operation: `{ films(first: 1) { ...Film } }
      fragment Film on Film { ...Base sequel { ...Base ...Talk } }
      fragment Base on Film { title stars }
      fragment Talk on Film { reviews(first: 1) { ... { author { ...Who } } } }
      fragment Who on Person { name }`,
      data: {
        films: [
          { title: 'Alba', stars: 5, sequel: { title: 'Brio', stars: 2.5, reviews: [{ author: { name: 'Uma' } }] } },
        ],
      },
    },
    {
      title: 'merges what several fragments select below one field',
      operation: `{
        top { reviews(first: 1) { text } ...A ... on Film { reviews(first: 1) { author { name } } } }
      }
      fragment A on Film { reviews(first: 1) { author { id } } }`,
      data: { top: { reviews: [{ text: 'f2 is long', author: { id: 'u1', name: 'Uma' } }] } },
    },
    {
      title: 'tells the type of everything, under any name',
      operation: `{
        __typename root: __typename
        hall(number: 1) { __typename showing { kind: __typename stars reviews(first: 1) { __typename author { __typename } } } }
      }`,
      data: {
        __typename: 'Query',
        root: 'Query',
        hall: {
          __typename: 'Hall',
          showing: {
            kind: 'Film',
            stars: 5,
            reviews: [{ __typename: 'Review', author: { __typename: 'Person' } }],
          },
        },
      },
    },
    {
      title: 'asks nobody for the type of the root',
      operation: '{ __typename }',
      data: { __typename: 'Query' },
      asked: [],
    },
    {
      title: 'comes back to a subgraph that it has already asked',
      operation: '{ person(id: "u2") { name watched { title stars reviews { author { name watched { year } } } } } }',
      data: {
        person: {
          name: 'Ugo',
          watched: [
            {
              title: 'Brio',
              stars: 2.5,
              reviews: [
                { author: { name: 'Uma', watched: [{ year: 1970 }, { year: 2001 }] } },
                { author: { name: 'Ugo', watched: [{ year: 2001 }] } },
              ],
            },
          ],
        },
      },
    },
    {
      title: 'runs the operation that is the only one, whatever its name',
      operation: 'query Evening { city }',
      data: { city: 'Turin' },
    },
    {
      title: 'answers a question about the schema beside one about the data',
      operation: '{ __type(name: "Case") { kind values: enumValues { name } } city }',
      data: { __type: { kind: 'ENUM', values: [{ name: 'LOWER' }, { name: 'UPPER' }] }, city: 'Turin' },
      asked: ['programme'],
    },
  ],
}
