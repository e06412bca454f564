// The environment variables by name: what each may hold, and what it is where it is not set.
import { z } from 'zod'
import { usualLimits } from '../limits.ts'
import { secret } from './secrets.ts'
import {
  cidr,
  flag,
  headerName,
  host,
  list,
  loginUrl,
  oneOf,
  origin,
  postgresUrl,
  redisUrl,
  smtpUrl,
  trustedProxy,
  wholeNumber,
} from './values.ts'

const port = wholeNumber(0, 65_535)
const limit = wholeNumber(1, 100_000_000)
const sockets = wholeNumber(1, 1_000_000)

export const environment = z.object({
  NODE_ENV: oneOf('development', 'test', 'production').default('development'),
  PORT: port.optional(),
  HOST: host.optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_LOGIN_URL: loginUrl.optional(),
  DB_HOST: host.optional(),
  DB_PORT: port.default(5432),
  DB_NAME: z.string().default('switchyard'),
  DB_USER: z.string().default('postgres'),
  DB_PASSWORD: z.string().default(''),
  DB_SSLMODE: oneOf('disable', 'prefer', 'require', 'verify-full').default('disable'),
  DB_POOL: wholeNumber(2, 100).default(10),
  REDIS_URL: redisUrl.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\p{Cc}]*@[^\p{Cc}\s]+$/u, 'must be an e-mail address')
    .default('Switchyard <campaigns@switchyard.example>'),
  DATA_DIR: z.string().default('.data'),
  TENANT_ID: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'must consist of a-z, 0-9 and -, at most 63 of them')
    .default('demo'),
  AUTH_SECRET: secret.optional(),
  INTERNAL_SECRET: secret.optional(),
  JWT_SECRET: secret.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  SERVICE_KEY: secret.optional(),
  INTERNAL_CIDRS: list(cidr).default([
    '127.0.0.0/8',
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '::1/128',
    'fc00::/7',
  ]),
  TRUSTED_PROXIES: list(trustedProxy).default([]),
  RATE_LIMIT_ANONYMOUS: limit.default(600),
  RATE_LIMIT_VIEWER: limit.default(6000),
  CORS_ALLOWED_ORIGINS: list(origin).default([]),
  GRAPHIQL: flag.optional(),
  SUPERGRAPH: z.string().optional(),
  FORWARD_HEADERS: list(headerName).default([]),
  LIMIT_BODY_BYTES: limit.default(usualLimits.bodyBytes),
  LIMIT_TOKENS: limit.default(usualLimits.tokens),
  LIMIT_DEPTH: limit.default(usualLimits.depth),
  LIMIT_ALIASES: limit.default(usualLimits.aliases),
  LIMIT_DIRECTIVES: limit.default(usualLimits.directives),
  LIMIT_ROOT_FIELDS: limit.default(usualLimits.rootFields),
  LIMIT_SELECTIONS: limit.default(usualLimits.selections),
  LIMIT_REPEATED_SPREADS: limit.default(usualLimits.repeatedSpreads),
  LIMIT_OBJECTS: limit.default(usualLimits.objects),
  LIMIT_PLANNING_MS: limit.default(usualLimits.planningMs),
  LIMIT_RESPONSE_BYTES: limit.default(usualLimits.responseBytes),
  SUBGRAPH_TIMEOUT_MS: wholeNumber(100, 60_000).default(3000),
  OPERATION_TIMEOUT_MS: wholeNumber(100, 600_000).default(10_000),
  SOCKETS_PER_ADDRESS: sockets.default(200),
  SOCKETS_PER_VIEWER: sockets.default(20),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
})

export type Environment = z.infer<typeof environment>

/** Every variable with a fixed name; `SUBGRAPH_URL_<SUBGRAPH>` and `DATABASE_URL_<SUBGRAPH>` come on top. */
export const variableNames: readonly string[] = Object.keys(environment.shape)
