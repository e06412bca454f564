// The gateway's two private questions to identity: whose token is this, and whose standing has changed?
import { randomUUID } from 'node:crypto'
import { codeOf, type ErrorData, failure, unavailable } from '@switchyard/runtime/errors'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { service, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { GraphQLError } from 'graphql'
import { z } from 'zod'
import { withDeadline } from '../sources/deadline.ts'

export type Change = { readonly userId: string | null; readonly sessionId: string | null }

const gateway = service('gateway', ['identity.viewer.resolve'])

const viewerShape: z.ZodType<Viewer> = z.object({
  kind: z.enum(['ANONYMOUS', 'USER', 'SERVICE', 'PARTNER']),
  id: z.string().nullable(),
  roles: z.array(z.string()),
  permissions: z.record(z.string(), z.enum(['own', 'team', 'all'])),
  reports: z.array(z.string()),
  concessionId: z.string().nullable(),
  sessionId: z.string().nullable(),
  impersonatorId: z.string().nullable(),
  operations: z.array(z.string()).nullable(),
  expiresAt: z.number().nullable(),
})

const changeShape = z.object({ userId: z.string().nullish(), sessionId: z.string().nullish() })

/** The viewer of a token; throws identity's own refusal, or SERVICE_UNAVAILABLE when it does not answer. */
export async function viewerByToken(identity: SubgraphExecutor, token: string, timeout: number): Promise<Viewer> {
  const result = await withDeadline(timeout, undefined, (signal) =>
    identity.execute({
      query: 'query ViewerByToken($token: String!) { viewerByToken(token: $token) }',
      variables: { token },
      viewer: gateway,
      requestId: randomUUID(),
      signal,
    }),
  ).catch(() => {
    throw unavailable()
  })
  const [error] = result.errors ?? []
  if (error) throw refusal(error)
  const viewer = viewerShape.safeParse(result.data?.viewerByToken)
  if (!viewer.success) throw unavailable()
  return viewer.data
}

/** A remote subgraph's errors are plain objects: what counts is their code, and whether it is a refusal at all. */
function refusal({ message, extensions }: GraphQLError): GraphQLError {
  const error = failure(String(extensions?.code), message, extensions?.data as ErrorData | undefined)
  const code = codeOf(error)
  const isRefusal = code !== undefined && /^[A-Z_]+$/.test(code) && code !== 'SERVICE_UNAVAILABLE'
  return isRefusal ? error : unavailable()
}

/** Opens the stream of changes; throws when identity refuses or cannot be reached. */
export async function viewersChanged(identity: SubgraphExecutor): Promise<AsyncIterableIterator<Change>> {
  const source = await identity.subscribe({
    query: 'subscription ViewersChanged { viewersChanged { userId sessionId } }',
    variables: {},
    viewer: gateway,
    requestId: randomUUID(),
  })
  if (!(Symbol.asyncIterator in source)) throw source.errors?.[0] ?? unavailable()
  const changes: AsyncIterableIterator<Change> = {
    [Symbol.asyncIterator]: () => changes,
    async next() {
      const { done, value } = await source.next()
      if (done) return { done: true, value: undefined }
      // an event that cannot be read may concern anybody
      const change = changeShape.safeParse(value.data?.viewersChanged).data
      return { done: false, value: { userId: change?.userId ?? null, sessionId: change?.sessionId ?? null } }
    },
    async return() {
      await source.return?.()
      return { done: true, value: undefined }
    },
  }
  return changes
}
