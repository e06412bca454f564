// Refuses what is too large before anything is validated, planned or fetched.
import { GraphQLError } from 'graphql'
import { bounds } from './bounds.ts'
import type { Measure } from './measure.ts'

const sentences: { [Bound in keyof Measure & keyof typeof bounds]: string } = {
  depth: 'The operation nests fields too deeply',
  aliases: 'The operation has too many aliases',
  directives: 'The operation has too many directives',
  rootFields: 'The operation has too many fields at its root',
  selections: 'The operation selects too many fields',
  repeatedSpreads: 'The operation spreads its fragments too often',
}

/** The first bound that an operation passes, as an error. */
export function oversize(measured: Measure): GraphQLError | undefined {
  for (const [bound, sentence] of Object.entries(sentences) as [keyof typeof sentences, string][]) {
    if (measured[bound] > bounds[bound]) return tooLarge('GRAPHQL_VALIDATION_FAILED', sentence, bounds[bound])
  }
  return undefined
}

/** A refusal that is HTTP 400 whatever the client accepts: it is a bound of ours, not a finding of GraphQL's. */
export const tooLarge = (code: string, sentence: string, limit: number) =>
  new GraphQLError(`${sentence}: at most ${limit} are accepted.`, {
    extensions: { code, data: { limit }, http: { status: 400 } },
  })
