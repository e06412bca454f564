// What a subgraph serves beside GraphQL: plain HTTP below a prefix of its own, to the viewer whom the gateway has verified.
import { failure } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Visit } from './executor.ts'
import { lawful } from './lawful.ts'

export type Route<Context = never> = {
  /** `/mail`: this path and all below it. */
  readonly prefix: string
  readonly handle: (ctx: Context, request: Request) => Promise<Response>
}

/** Declares a route; an error of the law that `handle` throws becomes the answer. */
export const route = <Context>(declared: Route<Context>): Route => declared as unknown as Route

type Serving = { readonly open: (visit: Visit) => object; readonly log: Log }

/** Answers visits to these routes; undefined where there are none. */
export const visitsTo = (routes: readonly Route[], { open, log }: Serving) =>
  routes.length === 0
    ? undefined
    : async (visit: Visit): Promise<Response> => {
        const { pathname } = new URL(visit.request.url)
        const found = routes.find(({ prefix }) => pathname === prefix || pathname.startsWith(`${prefix}/`))
        try {
          if (!found) throw failure('NOT_FOUND', 'There is nothing at this address.')
          return await found.handle(open(visit) as never, visit.request)
        } catch (error) {
          const said = lawful(error, log.child({ requestId: visit.requestId }))
          return Response.json({ errors: [said] }, { status: statuses[String(said.extensions.code)] ?? 500 })
        }
      }

const statuses: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
}
