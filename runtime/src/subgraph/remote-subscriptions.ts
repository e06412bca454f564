// Subscriptions to a subgraph in another process, healed for as long as anybody listens. graphql-ws could retry by
// itself, but with the signature and the cursor of the first attempt.
import { randomUUID } from 'node:crypto'
import type { ExecutionResult } from 'graphql'
import { codeOf, unavailable } from '../errors.ts'
import type { Events, SubgraphRequest } from './executor.ts'
import { pacedEvents } from './paced-events.ts'
import type { RemoteOptions } from './remote.ts'
import { remoteSocket } from './remote-socket.ts'
import { replayOf } from './replay.ts'
import type { SubgraphSocket } from './subgraph-socket.ts'
import { errorIn, eventRequest, openedIn, resultIn, signalIn } from './wire.ts'

type Opened = Events | ExecutionResult

const capacity = 1000

/** 50 ms, doubled up to a second, each with some chance so that a thousand listeners do not return as one. */
const wait = (attempt: number) => Math.min(50 * 2 ** attempt, 1000) * (0.75 + Math.random() / 2)

export function remoteSubscriptions(options: RemoteOptions) {
  const client = remoteSocket(options)
  const open = new Set<() => void>()
  return {
    subscribe: (request: SubgraphRequest) => subscribe(client, open, request, options),
    close: async () => {
      for (const end of open) end()
      // A connection that is just being refused is as good as closed.
      await Promise.resolve(client.dispose()).catch(() => undefined)
    },
  }
}

function subscribe(client: SubgraphSocket, open: Set<() => void>, request: SubgraphRequest, options: RemoteOptions) {
  const { promise, resolve, reject } = Promise.withResolvers<Opened>()
  const replay = replayOf(request.query, request.variables)
  const events = pacedEvents(capacity, () => end())
  let phase: 'opening' | 'open' | 'lost' | 'over' = 'opening'
  let failures = 0
  let connection = 0
  let cursor: string | undefined
  let release = () => {}
  let retry: NodeJS.Timeout | undefined

  const end = (last?: ExecutionResult) => {
    if (phase === 'over') return
    if (last) resolve(last)
    else reject(unavailable())
    phase = 'over'
    clearTimeout(deadline)
    clearTimeout(retry)
    open.delete(abandon)
    request.signal?.removeEventListener('abort', abandon)
    events.end(last)
    release()
  }
  const abandon = () => end()

  const connect = async () => {
    const pacing = randomUUID()
    const extensions = { viewer: await options.signer(request.viewer), requestId: request.requestId, pacing }
    if (phase === 'over') return
    const variables = replay.variablesAfter(cursor)
    const mine = ++connection
    const ours =
      <Message>(act: (message: Message) => void) =>
      (message: Message) => {
        if (mine === connection && phase !== 'over') act(message)
      }
    const sink = {
      next: ours((message) => take(message, () => client.pong(eventRequest(pacing)))),
      error: ours(fail),
      complete: ours(abandon) as () => void,
    }
    release = client.subscribe({ query: replay.query, variables, extensions }, sink)
  }
  const connectLater = (cause: unknown) => {
    if (phase === 'open') {
      options.log.warn({ cause: `${cause}`, subgraph: options.name }, 'a subscription lost its subgraph: trying again')
      phase = 'lost'
    }
    connection++
    events.retract()
    retry = setTimeout(() => connect().catch(connectLater), wait(failures++))
  }
  const take = (message: unknown, ask: () => void) => {
    const signal = signalIn(message)
    if (signal === 'arrived') return events.announce(ask)
    if (signal === 'caughtUp') return events.markCaughtUp()
    const opened = openedIn(message)
    if (opened) {
      phase = 'open'
      cursor ??= replay.beginning ?? opened.cursor
      failures = 0
      clearTimeout(deadline)
      return resolve(Object.assign(events.iterator, { beginning: cursor }))
    }
    const result = resultIn(message)
    if (phase === 'open') {
      cursor = replay.takeCursor(result) ?? cursor
      if (!events.push(result)) end(tooSlow())
    } else if (phase === 'lost' && isPassing(result)) {
      release()
      connectLater('the subgraph is not available yet')
    } else end(result)
  }
  // An array is the subgraph's refusal of the operation; a CloseEvent or an Error is the connection's end.
  const fail = (cause: unknown) => (Array.isArray(cause) ? end({ errors: cause.map(errorIn) }) : connectLater(cause))

  const deadline = setTimeout(abandon, options.timeout)
  open.add(abandon)
  request.signal?.addEventListener('abort', abandon)
  if (request.signal?.aborted) abandon()
  else connect().catch(connectLater)
  return promise
}

const isPassing = (result: ExecutionResult) => result.errors?.every((error) => codeOf(error) === 'SERVICE_UNAVAILABLE')

const tooSlow = () => ({ errors: [unavailable('The subscription is read too slowly: subscribe again.')] })
