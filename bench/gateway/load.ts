// One round of one contestant: sixteen connections that ask one thing after another for some seconds.
import type { Child } from './child.ts'
import { fromPeers } from './peers.ts'
import { bodiesOf, type Question } from './questions.ts'

export type Round = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpuMilliseconds: number
  readonly rssBytes: number
}

type Client = { setRequests(requests: readonly object[]): void }
type Result = {
  requests: { total: number }
  latency: { p50: number; p99: number }
  duration: number
  errors: number
  non2xx: number
}
type Cannon = { default(options: object): Promise<Result> }

export const connections = 16
const headers = { 'content-type': 'application/json' }

export async function round(child: Child, question: Question, seconds: number): Promise<Round> {
  const { default: autocannon } = await fromPeers<Cannon>('autocannon')
  let connection = 0
  const before = await child.usage()
  const { requests, latency, duration, errors, non2xx } = await autocannon({
    url: `${child.address}/graphql`,
    method: 'POST',
    headers,
    connections,
    duration: seconds,
    setupClient(client: Client) {
      client.setRequests(bodiesOf(question, connection++).map((body) => ({ method: 'POST', headers, body })))
    },
  })
  const after = await child.usage()
  if (errors + non2xx > 0) throw new Error(`${child.name} failed ${errors + non2xx} requests.`)
  return {
    perSecond: requests.total / duration,
    p50: latency.p50,
    p99: latency.p99,
    cpuMilliseconds: (after.cpuMilliseconds - before.cpuMilliseconds) / requests.total,
    rssBytes: after.rssBytes,
  }
}
