// Where the subgraphs of a supergraph are: at the addresses in it, unless the environment knows better.
import { type Config, ConfigError } from '@switchyard/runtime/config'

export type Address = { readonly name: string; readonly url: string }

export const addressesIn = (subgraphs: readonly Address[], known: Config['subgraphUrl']): Address[] =>
  subgraphs.map(({ name, url }) => ({ name, url: usable(name, known(name) ?? url) }))

function usable(name: string, url: string): string {
  const variable = `SUBGRAPH_URL_${name.toUpperCase().replace(/\W/g, '_')}`
  if (url === '') throw new ConfigError(`${variable}: must be set, for the supergraph has no address of ${name}`)
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw new ConfigError(`${variable}: must be set, for ${JSON.stringify(url)} is no address of ${name}`)
}
