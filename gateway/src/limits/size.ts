// Refuses what is too large before anything is validated, planned or fetched.
import type { Limits } from '@switchyard/runtime/limits'
import { GraphQLError } from 'graphql'
import type { Measure } from './measure.ts'

const sentences: { [Limit in keyof Measure & keyof Limits]: string } = {
  depth: 'The operation nests fields too deeply',
  aliases: 'The operation has too many aliases',
  directives: 'The operation has too many directives',
  rootFields: 'The operation has too many fields at its root',
  selections: 'The operation selects too many fields',
  repeatedSpreads: 'The operation spreads its fragments too often',
}

/** The first limit that an operation passes, as an error. */
export function oversize(measured: Measure, limits: Limits): GraphQLError | undefined {
  for (const [limit, sentence] of Object.entries(sentences) as [keyof typeof sentences, string][]) {
    if (measured[limit] > limits[limit]) return tooLarge('GRAPHQL_VALIDATION_FAILED', sentence, limits[limit])
  }
  return undefined
}

/** A refusal that is HTTP 400 whatever the client accepts: it is a limit of ours, not a finding of GraphQL's. */
export const tooLarge = (code: string, sentence: string, limit: number) =>
  new GraphQLError(`${sentence}: at most ${limit} are accepted.`, {
    extensions: { code, data: { limit }, http: { status: 400 } },
  })
