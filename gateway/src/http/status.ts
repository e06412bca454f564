// Which HTTP status an answer leaves with.
import { GraphQLError, type GraphQLFormattedError } from 'graphql'

/** Codes that decide the status even of an answer with data, when none of it has survived. */
const ofRefusals: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  TENANT_NOT_A_MEMBER: 403,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
}

const ofRequests: Readonly<Record<string, number>> = {
  ...ofRefusals,
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  CANNOT_SEND_PQ_ID_AND_BODY: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  OPERATION_RESOLUTION_FAILURE: 400,
  PERSISTED_QUERY_ID_REQUIRED: 400,
  PERSISTED_QUERY_NOT_IN_LIST: 404,
  QUERY_NOT_IN_SAFELIST: 403,
  QUERY_TOO_EXPENSIVE: 400,
}

/** What GraphQL itself finds wrong; a client of plain JSON reads that from the body, as the draft asks. */
const findings = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'])

export type Answer = {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined
  readonly errors?: readonly GraphQLFormattedError[] | undefined
}

export function statusOf({ data, errors }: Answer, accept: string | undefined): number {
  const codes = new Set(errors?.map(({ extensions }) => String(extensions?.code)))
  const [code] = codes
  if (code === undefined) return 200
  if (data === undefined) {
    return findings.has(code) && readsPlainJson(accept) ? 200 : (ofRequests[code] ?? 500)
  }
  const survives = data !== null && Object.values(data).some((value) => value !== null)
  return survives || codes.size > 1 ? 200 : (ofRefusals[code] ?? 200)
}

/** Whether a client asks for `application/json` by name and could not read the newer media type. */
const readsPlainJson = (accept = '') =>
  accept.includes('application/json') && !/application\/graphql-response\+json|\*\/\*|application\/\*/.test(accept)

/** The status that an error of ours insists on, whatever its code. */
export function pinnedStatus(error: unknown): number | undefined {
  const http = error instanceof GraphQLError ? error.extensions.http : undefined
  const isPinned = typeof http === 'object' && http !== null && 'status' in http && typeof http.status === 'number'
  return isPinned ? (http.status as number) : undefined
}

/** Headers that tell a client what to do about a refusal. */
export function headersOf(status: number, errors: readonly GraphQLFormattedError[] = []): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' }
  if (status !== 429) return {}
  const waits = errors.map(({ extensions }) => secondsOf(extensions?.data))
  return { 'Retry-After': String(Math.max(1, ...waits)) }
}

const secondsOf = (data: unknown): number => {
  const isKnown = typeof data === 'object' && data !== null && 'retryAfter' in data
  return isKnown && typeof data.retryAfter === 'number' ? Math.ceil(data.retryAfter) : 1
}
