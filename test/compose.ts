// docker-compose.yml as Docker Compose reads it: anchors merged, variables filled in.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export type ComposeService = {
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}
export type Compose = {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly configs: Readonly<Record<string, { readonly content: string }>>
}

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

const reference = /\$\{(?<name>\w+)(?:(?<kind>:[-?])(?<text>[^}]*))?\}/g

/** The file with these variables; throws for one that it demands and that is empty. */
export function compose(variables: Readonly<Record<string, string>>): Compose {
  const filled = read('docker-compose.yml').replace(reference, (_, name: string, kind?: string, text = '') => {
    const value = variables[name]
    if (value) return value
    if (kind === ':?') throw new Error(`${name} is not set: ${text}`)
    return text
  })
  // in Compose's own reader a number in an environment is text, too
  const parsed = parse(filled, { merge: true }) as Compose
  const services = Object.entries(parsed.services).map(([name, service]) => {
    const environment = Object.entries(service.environment ?? {}).map(([key, value]) => [key, String(value ?? '')])
    return [name, { ...service, environment: Object.fromEntries(environment) as Record<string, string> }] as const
  })
  return { ...parsed, services: Object.fromEntries(services) }
}

/** The variables that the file reads, and of them those that it demands. */
export function composeVariables(): { all: Set<string>; demanded: Set<string> } {
  const found = [...read('docker-compose.yml').matchAll(reference)].map(({ groups }) => groups ?? {})
  const names = (some: typeof found) => new Set(some.map(({ name = '' }) => name))
  return { all: names(found), demanded: names(found.filter(({ kind }) => kind === ':?')) }
}

/** The variables of .env.example with their values. */
export const exampleVariables = (): Record<string, string> =>
  Object.fromEntries(
    read('.env.example')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  )

/** A value for each variable that the file demands, and for the optional secrets. */
export const exampleSecrets = (secret: (name: string) => string): Record<string, string> =>
  Object.fromEntries([...composeVariables().demanded, 'JWT_SECRET', 'SERVICE_KEY'].map((name) => [name, secret(name)]))
