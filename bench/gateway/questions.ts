// What is asked of every contestant; no two connections ever ask for the same page, so that nothing can be answered twice.

export type Question = { readonly name: string; readonly query: string; readonly rows: number }

const wide = `query Wide($first: Int!, $after: Int!) {
  products(first: $first, after: $after) { id name price stock supplier { id name city } }
}`

const narrow = `query Narrow($first: Int!, $after: Int!) {
  products(first: $first, after: $after) { id name price }
}`

export const questions: readonly Question[] = [
  { name: '3 hops, 10 rows', query: wide, rows: 10 },
  { name: '3 hops, 100 rows', query: wide, rows: 100 },
  { name: '1 subgraph, 10 rows', query: narrow, rows: 10 },
]

const pagesEach = 4

/** The bodies that one connection sends in turn. */
export const bodiesOf = ({ query, rows }: Question, connection: number): string[] =>
  Array.from({ length: pagesEach }, (_, page) =>
    JSON.stringify({ query, variables: { first: rows, after: (connection * pagesEach + page) * rows } }),
  )
