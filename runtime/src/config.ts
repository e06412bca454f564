// Every environment variable, read in this one place and checked at start: a wrong one stops the process with a sentence.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type Limits, usualLimits } from './limits.ts'

const port = z.coerce.number().int().min(0).max(65535)
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
const range = z.string().refine(isRange, 'must be ranges such as 10.0.0.0/8, separated by commas')
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const trustedProxy = z
  .string()
  .refine(
    (text) => isRange(text) || ['loopback', 'linklocal', 'uniquelocal'].includes(text),
    'must be ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas',
  )
const limit = z.coerce.number().int().min(1).max(100_000_000)
const secret = z.string().refine((text) => Buffer.byteLength(text) >= 32, 'must be 32 bytes or more')
// what belongs to one connection, or is said of the body that the gateway writes anew
const unforwardable =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-.*|accept.*|expect)$/
const header = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9-]+$/, 'must be names of headers, separated by commas')
  .refine((name) => !unforwardable.test(name), 'must not be a header of the connection or of the body')

const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: port.optional(),
  HOST: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DB_HOST: z.string().optional(),
  DB_PORT: port.default(5432),
  DB_NAME: z.string().default('switchyard'),
  DB_USER: z.string().default('postgres'),
  DB_PASSWORD: z.string().default(''),
  DB_SSLMODE: z.enum(['disable', 'prefer', 'require', 'verify-full']).default('disable'),
  DB_POOL: z.coerce.number().int().min(2).max(100).default(10),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\p{Cc}]*@[^\p{Cc}\s]+$/u, 'must be an e-mail address')
    .default('Switchyard <campaigns@switchyard.example>'),
  DATA_DIR: z.string().default('.data'),
  TENANT_ID: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'may hold a-z, 0-9 and -')
    .default('demo'),
  AUTH_SECRET: secret.optional(),
  INTERNAL_SECRET: secret.optional(),
  JWT_SECRET: secret.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  SERVICE_KEY: secret.optional(),
  INTERNAL_CIDRS: list
    .pipe(z.array(range))
    .default(['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7']),
  TRUSTED_PROXIES: list.pipe(z.array(trustedProxy)).default([]),
  RATE_LIMIT_ANONYMOUS: limit.default(600),
  RATE_LIMIT_VIEWER: limit.default(6000),
  CORS_ALLOWED_ORIGINS: list.default([]),
  GRAPHIQL: flag.optional(),
  SUPERGRAPH: z.string().optional(),
  FORWARD_HEADERS: list.pipe(z.array(header)).default([]),
  LIMIT_BODY_BYTES: limit.default(usualLimits.bodyBytes),
  LIMIT_TOKENS: limit.default(usualLimits.tokens),
  LIMIT_DEPTH: limit.default(usualLimits.depth),
  LIMIT_ALIASES: limit.default(usualLimits.aliases),
  LIMIT_DIRECTIVES: limit.default(usualLimits.directives),
  LIMIT_ROOT_FIELDS: limit.default(usualLimits.rootFields),
  LIMIT_SELECTIONS: limit.default(usualLimits.selections),
  LIMIT_REPEATED_SPREADS: limit.default(usualLimits.repeatedSpreads),
  LIMIT_OBJECTS: limit.default(usualLimits.objects),
  LIMIT_RESPONSE_BYTES: limit.default(usualLimits.responseBytes),
  SUBGRAPH_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(3000),
  OPERATION_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(10_000),
  SOCKETS_PER_ADDRESS: z.coerce.number().int().min(1).default(200),
  SOCKETS_PER_VIEWER: z.coerce.number().int().min(1).default(20),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

export type Config = {
  readonly production: boolean
  readonly port: number | undefined
  /** The address to listen on; loopback unless HOST says otherwise or NODE_ENV is production. */
  readonly host: string
  /** Where a subgraph's data lives; undefined means the embedded PostgreSQL. */
  readonly databaseUrl: (subgraph: string) => string | undefined
  readonly databasePool: number
  readonly redisUrl: string | undefined
  /** The server that takes our mails; without one, and outside production, they are caught and delivered to nobody. */
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  readonly dataDir: string
  readonly tenant: string
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
  /** How many WebSockets may be open from one address, and of one viewer. */
  readonly sockets: { readonly perAddress: number; readonly perViewer: number }
  readonly subgraphUrl: (subgraph: string) => string | undefined
  readonly logLevel: string
}

export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** The configuration in `env`; throws a ConfigError whose message names every wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(filled)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const e = parsed.data
  const production = e.NODE_ENV === 'production'
  const dataDir = resolve(e.DATA_DIR)
  const kept = (name: 'AUTH_SECRET' | 'INTERNAL_SECRET') =>
    // a graph that is not ours has nobody to sign for, and its gateway leaves no files
    bytes(e[name] ?? (e.SUPERGRAPH === undefined ? keptSecret(dataDir, name, production) : madeSecret()))
  return {
    production,
    port: e.PORT,
    host: e.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    databaseUrl: (subgraph) => filled[`DATABASE_URL_${subgraph.toUpperCase()}`] ?? e.DATABASE_URL ?? urlFromParts(e),
    databasePool: e.DB_POOL,
    redisUrl: e.REDIS_URL,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM,
    dataDir,
    tenant: e.TENANT_ID,
    authSecret: kept('AUTH_SECRET'),
    internalSecret: kept('INTERNAL_SECRET'),
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
    sockets: { perAddress: e.SOCKETS_PER_ADDRESS, perViewer: e.SOCKETS_PER_VIEWER },
    subgraphUrl: (subgraph) => filled[`SUBGRAPH_URL_${subgraph.toUpperCase().replace(/\W/g, '_')}`],
    logLevel: e.LOG_LEVEL,
  }
}

const limitsIn = (e: z.infer<typeof environment>): Limits => ({
  bodyBytes: e.LIMIT_BODY_BYTES,
  tokens: e.LIMIT_TOKENS,
  depth: e.LIMIT_DEPTH,
  aliases: e.LIMIT_ALIASES,
  directives: e.LIMIT_DIRECTIVES,
  rootFields: e.LIMIT_ROOT_FIELDS,
  selections: e.LIMIT_SELECTIONS,
  repeatedSpreads: e.LIMIT_REPEATED_SPREADS,
  objects: e.LIMIT_OBJECTS,
  responseBytes: e.LIMIT_RESPONSE_BYTES,
})

function urlFromParts(e: z.infer<typeof environment>): string | undefined {
  if (!e.DB_HOST) return undefined
  const url = new URL(`postgres://${e.DB_HOST}:${e.DB_PORT}/${e.DB_NAME}`)
  url.username = e.DB_USER
  url.password = e.DB_PASSWORD
  url.searchParams.set('sslmode', e.DB_SSLMODE)
  return url.href
}

function isRange(text: string): boolean {
  const [address = '', prefix = '0', ...rest] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  return isIP(address) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
}

/** A secret made once and kept under the data folder, so that a first start needs no settings. */
function keptSecret(dataDir: string, name: string, production: boolean): string {
  if (production) throw new ConfigError(`${name}: must be set in production`)
  const file = resolve(dataDir, `${name.toLowerCase().replace('_', '-')}`)
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true })
    try {
      writeFileSync(file, madeSecret(), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return readFileSync(file, 'utf8')
}

const madeSecret = () => randomBytes(32).toString('base64url')

const bytes = (text: string) => new TextEncoder().encode(text)
