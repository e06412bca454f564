// What single variables cannot show: settings without the one that they belong to, and names that are not ours.
import { variableNames } from './environment.ts'
import { httpUrl, postgresUrl } from './values.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Each of these is without effect unless the other is set. */
const companions: Readonly<Record<string, string>> = {
  DB_PORT: 'DB_HOST',
  DB_NAME: 'DB_HOST',
  DB_USER: 'DB_HOST',
  DB_PASSWORD: 'DB_HOST',
  DB_SSLMODE: 'DB_HOST',
  JWT_ISSUER: 'JWT_SECRET',
  JWT_AUDIENCE: 'JWT_SECRET',
  FORWARD_HEADERS: 'SUPERGRAPH',
}

/** An unknown name that begins so is a misspelt one; prefixes that Kubernetes may give to a service's variables are not here. */
const ourPrefixes = /^(LIMIT|RATE_LIMIT|SOCKETS_PER)_/

const addresses = { SUBGRAPH_URL_: httpUrl, DATABASE_URL_: postgresUrl } as const

export const suffixOf = (subgraph: string) => subgraph.toUpperCase().replace(/\W/g, '_')

/** A sentence for each variable that is in conflict; `subgraphs` are those that an address may be set for, if known. */
export function conflictsIn(variables: Variables, subgraphs: readonly string[] | undefined): string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    const companion = companions[name]
    if (companion && variables[companion] === undefined) {
      return [`${name}: has no effect without ${companion}: set that, too, or remove ${name}`]
    }
    const prefix = (['SUBGRAPH_URL_', 'DATABASE_URL_'] as const).find((one) => name.startsWith(one))
    if (prefix) return addressProblem(name, prefix, { value, subgraphs })
    return ourPrefixes.test(name) && !variableNames.includes(name) ? [unknownName(name)] : []
  })
}

type Address = { readonly value: string | undefined; readonly subgraphs: readonly string[] | undefined }

function addressProblem(name: string, prefix: keyof typeof addresses, { value, subgraphs }: Address): string[] {
  const known = subgraphs && (prefix === 'DATABASE_URL_' ? [...subgraphs, 'jobs'] : subgraphs)
  if (known && !known.some((subgraph) => name === `${prefix}${suffixOf(subgraph)}`)) {
    return [`${name}: names no subgraph: use ${known.map((subgraph) => `${prefix}${suffixOf(subgraph)}`).join(', ')}`]
  }
  const { error } = addresses[prefix].safeParse(value)
  return error ? error.issues.map(({ message }) => `${name}: ${message}`) : []
}

function unknownName(name: string): string {
  const alike = variableNames.filter((known) => known.slice(0, 8) === name.slice(0, 8))
  return `${name}: is no variable of ours: ${alike.length > 0 ? `did you mean ${alike.join(' or ')}?` : 'remove it'}`
}
