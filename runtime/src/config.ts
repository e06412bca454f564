// Every environment variable, read in this one place and checked at start: a wrong one stops the process with a sentence.
import { resolve } from 'node:path'
import { ConfigError } from './config/config-error.ts'
import { conflictsIn, suffixOf } from './config/conflicts.ts'
import { type Environment, environment } from './config/environment.ts'
import {
  keptSecret,
  madeSecret,
  missingInProduction,
  problemsOf,
  type SharedSecretName,
  sharedSecretNames,
} from './config/secrets.ts'
import type { Limits } from './limits.ts'

export { ConfigError } from './config/config-error.ts'
export type { SharedSecretName } from './config/secrets.ts'

export type Config = {
  readonly production: boolean
  readonly port: number | undefined
  /** The address to listen on; loopback unless HOST says otherwise or NODE_ENV is production. */
  readonly host: string
  /** Where a subgraph's data lives; undefined means the embedded PostgreSQL. */
  readonly databaseUrl: (subgraph: string) => string | undefined
  /** Which variable says where, for a sentence about it. */
  readonly databaseVariable: (subgraph: string) => string
  /** With which user and password the processes beside `migrate` log in, when they do not own the database. */
  readonly databaseLoginUrl: string | undefined
  readonly databasePool: number
  readonly redisUrl: string | undefined
  /** The server that takes our mails; without one, and outside production, they are caught and delivered to nobody. */
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  readonly dataDir: string
  readonly tenant: string
  /** Random in a process that does not need it, so that nobody else accepts what it would sign. */
  readonly authSecret: Uint8Array
  readonly internalSecret: Uint8Array
  readonly externalIssuer: { secret: Uint8Array; issuer?: string; audience?: string } | undefined
  readonly serviceKey: string | undefined
  readonly internalCidrs: readonly string[]
  /** Addresses of reverse proxies whose `X-Forwarded-For` is believed: CIDR ranges or names that proxy-addr knows. */
  readonly trustedProxies: readonly string[]
  /** Requests a minute: of one client address without a credential, and of one viewer. */
  readonly rateLimits: { readonly anonymous: number; readonly viewer: number }
  readonly corsAllowedOrigins: readonly string[]
  readonly graphiql: boolean
  /** The file of a graph that is not ours, which the gateway then serves instead. */
  readonly supergraph: string | undefined
  /** The client's headers, in lower case, that the subgraphs of such a graph are handed. */
  readonly forwardHeaders: readonly string[]
  readonly limits: Limits
  /** Milliseconds that one fetch may take, and all fetches of an operation. */
  readonly subgraphTimeout: number
  readonly operationTimeout: number
  /** Milliseconds that one SQL statement of a request may take: less than the gateway waits for its answer. */
  readonly statementTimeout: number
  /** How many WebSockets may be open from one address, and of one viewer. */
  readonly sockets: { readonly perAddress: number; readonly perViewer: number }
  readonly subgraphUrl: (subgraph: string) => string | undefined
  readonly logLevel: string
}

/** What a process is, as far as its configuration depends on it. */
export type ProcessNeeds = {
  /** The secrets that it cannot do without; what it is given of others is not kept. All of them, unless it says so. */
  readonly secrets?: readonly SharedSecretName[]
  /** The subgraphs of our graph, which an address may be set for; any, unless it says so. */
  readonly subgraphs?: readonly string[]
}

/** The configuration in `env`; throws a ConfigError whose message names every wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv = process.env, needs: ProcessNeeds = {}): Config {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(filled)
  const wrong = parsed.error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ?? []
  const problems = [...wrong, ...conflictsIn(filled, filled.SUPERGRAPH ? undefined : needs.subgraphs)]
  if (!parsed.success || problems.length > 0) throw configError(problems)
  const e = parsed.data
  const production = e.NODE_ENV === 'production'
  const dataDir = resolve(e.DATA_DIR)
  const secrets = sharedSecrets(e, dataDir, needs.secrets ?? sharedSecretNames)
  return {
    production,
    port: e.PORT,
    host: e.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    databaseUrl: (subgraph) => filled[`DATABASE_URL_${suffixOf(subgraph)}`] ?? e.DATABASE_URL ?? urlFromParts(e),
    databaseVariable: (subgraph) => {
      const own = `DATABASE_URL_${suffixOf(subgraph)}`
      return filled[own] ? own : e.DATABASE_URL === undefined && e.DB_HOST ? 'DB_HOST' : 'DATABASE_URL'
    },
    databaseLoginUrl: e.DATABASE_LOGIN_URL,
    databasePool: e.DB_POOL,
    redisUrl: e.REDIS_URL,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM,
    dataDir,
    tenant: e.TENANT_ID,
    authSecret: bytes(secrets.AUTH_SECRET),
    internalSecret: bytes(secrets.INTERNAL_SECRET),
    externalIssuer: e.JWT_SECRET
      ? {
          secret: bytes(e.JWT_SECRET),
          ...(e.JWT_ISSUER && { issuer: e.JWT_ISSUER }),
          ...(e.JWT_AUDIENCE && { audience: e.JWT_AUDIENCE }),
        }
      : undefined,
    serviceKey: e.SERVICE_KEY,
    internalCidrs: e.INTERNAL_CIDRS,
    trustedProxies: e.TRUSTED_PROXIES,
    rateLimits: { anonymous: e.RATE_LIMIT_ANONYMOUS, viewer: e.RATE_LIMIT_VIEWER },
    corsAllowedOrigins: e.CORS_ALLOWED_ORIGINS,
    graphiql: e.GRAPHIQL ?? !production,
    supergraph: e.SUPERGRAPH,
    forwardHeaders: e.FORWARD_HEADERS,
    limits: limitsIn(e),
    subgraphTimeout: e.SUBGRAPH_TIMEOUT_MS,
    operationTimeout: e.OPERATION_TIMEOUT_MS,
    statementTimeout: Math.floor(e.SUBGRAPH_TIMEOUT_MS * 0.8),
    sockets: { perAddress: e.SOCKETS_PER_ADDRESS, perViewer: e.SOCKETS_PER_VIEWER },
    subgraphUrl: (subgraph) => filled[`SUBGRAPH_URL_${suffixOf(subgraph)}`],
    logLevel: e.LOG_LEVEL,
  }
}

const limitsIn = (e: Environment): Limits => ({
  bodyBytes: e.LIMIT_BODY_BYTES,
  tokens: e.LIMIT_TOKENS,
  depth: e.LIMIT_DEPTH,
  aliases: e.LIMIT_ALIASES,
  directives: e.LIMIT_DIRECTIVES,
  rootFields: e.LIMIT_ROOT_FIELDS,
  selections: e.LIMIT_SELECTIONS,
  repeatedSpreads: e.LIMIT_REPEATED_SPREADS,
  objects: e.LIMIT_OBJECTS,
  planningMs: e.LIMIT_PLANNING_MS,
  responseBytes: e.LIMIT_RESPONSE_BYTES,
})

function urlFromParts(e: Environment): string | undefined {
  if (!e.DB_HOST) return undefined
  const host = e.DB_HOST.includes(':') ? `[${e.DB_HOST}]` : e.DB_HOST
  const url = new URL(`postgres://${host}:${e.DB_PORT}/${encodeURIComponent(e.DB_NAME)}`)
  url.username = e.DB_USER
  url.password = e.DB_PASSWORD
  url.searchParams.set('sslmode', e.DB_SSLMODE)
  return url.href
}

/** Secrets that the process needs, given or kept; in place of one that it does not need, random bytes. */
function sharedSecrets(e: Environment, dataDir: string, needed: readonly SharedSecretName[]) {
  const production = e.NODE_ENV === 'production'
  // the gateway of a graph that is not ours signs nothing for its subgraphs, and keeps no files
  const used = e.SUPERGRAPH === undefined ? needed : []
  const missing = production ? used.filter((name) => e[name] === undefined) : []
  if (missing.length > 0) throw configError(missing.map(missingInProduction))
  const resolved = (name: SharedSecretName) =>
    used.includes(name) ? (e[name] ?? keptSecret(dataDir, name)) : madeSecret()
  const secrets = { AUTH_SECRET: resolved('AUTH_SECRET'), INTERNAL_SECRET: resolved('INTERNAL_SECRET') }
  const { AUTH_SECRET = secrets.AUTH_SECRET, INTERNAL_SECRET = secrets.INTERNAL_SECRET, JWT_SECRET, SERVICE_KEY } = e
  const problems = problemsOf({ AUTH_SECRET, INTERNAL_SECRET, JWT_SECRET, SERVICE_KEY }, production)
  if (problems.length > 0) throw configError(problems)
  return secrets
}

const configError = (problems: readonly string[]) => new ConfigError([...new Set(problems)].join('\n'))

const bytes = (text: string) => new TextEncoder().encode(text)
